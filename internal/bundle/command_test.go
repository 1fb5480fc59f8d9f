package bundle_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/bundle"
)

// TestSameNotifierFromTheCommand compiles the notifier with the command, installed in
// every way, where there is no module.
func TestSameNotifierFromTheCommand(t *testing.T) {
	t.Parallel()
	r := publish(t)
	nowhere := t.TempDir()
	want := compile(t, r.env, nowhere, install(t, r.env, command), "bundle", "-arch", "amd64")
	for _, flag := range []string{"-buildvcs=false", "-trimpath"} {
		if compile(t, r.env, nowhere, install(t, r.env, command+"@"+r.version, flag), "bundle", "-arch", "amd64") != want {
			t.Errorf("installed with %s, the command compiles another notifier than in the checkout", flag)
		}
	}

	_, err := output(r.env, nowhere, install(t, r.env, command, "-trimpath", "-buildvcs=false"), "bundle", "-o", t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "run it in a module that requires it") {
		t.Errorf("a command that has neither a version nor its source: %v", err)
	}
}

// TestCommandAsTool installs the command as a team does: as a tool of the module that
// holds its app. The tool must run where nothing may be changed or downloaded, and
// compile the same notifier when it is vendored.
func TestCommandAsTool(t *testing.T) {
	t.Parallel()
	r := publish(t)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module example.com/app\n\ngo 1.25.0\n")
	run(t, r.env, dir, "go", "get", "-tool", command+"@"+r.version)
	run(t, r.env, dir, "go", "mod", "tidy")

	offline := r.with("GOFLAGS=-mod=readonly", "GOPROXY=off")
	if out := run(t, offline, dir, "go", "tool", "extraeye", "help"); !strings.Contains(out, "rehearse") {
		t.Errorf("go tool extraeye help: %s", out)
	}
	if mod := read(t, filepath.Join(dir, "go.mod")); !strings.Contains(mod, "tool "+command) || !strings.Contains(mod, bundle.Module+" "+r.version) {
		t.Errorf("go.mod is\n%s", mod)
	}

	run(t, r.env, dir, "go", "mod", "vendor")
	if compile(t, r.with("GOFLAGS="), dir, "go", "tool", "extraeye", "bundle") != r.notifier {
		t.Error("vendored, the command compiles another notifier than in the checkout")
	}
}
