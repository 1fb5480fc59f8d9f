package bundle_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/bundle"
)

// command is the extraeye command, the one program whose main module is the library.
const command = bundle.Module + "/cmd/extraeye"

// TestSameNotifierFromTheCommand compiles the notifier with the command, installed
// in every way, in a folder of no module.
func TestSameNotifierFromTheCommand(t *testing.T) {
	root := filepath.Join("..", "..")
	_, version, env := publish(t, root)
	install := func(pkg string, flags ...string) string {
		t.Helper()
		bin := t.TempDir()
		run(t, append(env, "GOBIN="+bin), root, "go", append(append([]string{"install"}, flags...), pkg)...)
		return filepath.Join(bin, "extraeye")
	}
	compile := func(program string) string {
		t.Helper()
		dir := t.TempDir()
		run(t, env, dir, program, "bundle", "-arch", "amd64")
		content, err := os.ReadFile(filepath.Join(dir, "notifier", "bootstrap"))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	want := compile(install(command))
	for _, flag := range []string{"-buildvcs=false", "-trimpath"} {
		if compile(install(command+"@"+version, flag)) != want {
			t.Errorf("installed with %s, the command compiles another notifier than in the checkout", flag)
		}
	}

	lost := exec.Command(install(command, "-trimpath", "-buildvcs=false"), "bundle")
	lost.Dir, lost.Env = t.TempDir(), append(os.Environ(), env...)
	if out, err := lost.CombinedOutput(); err == nil || !strings.Contains(string(out), "run it in a module that requires it") {
		t.Errorf("a command that knows no source: %v: %s", err, out)
	}
}
