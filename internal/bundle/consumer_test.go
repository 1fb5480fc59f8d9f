package bundle_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/bundle"
)

// command is the extraeye command, the one program whose main module is the library.
const command = bundle.Module + "/cmd/extraeye"

// TestSameNotifierWhereverTheModuleLies compiles the notifier for modules that get the
// library in every way that apps do, and compares it, byte for byte, with the one that
// the checkout's command compiles.
func TestSameNotifierWhereverTheModuleLies(t *testing.T) {
	t.Parallel()
	r := publish(t)
	program := install(t, r.env, command+"@"+r.version)
	copied := unpack(t, r.packed)

	released := consumer(t, r, "")
	workspace := t.TempDir()
	write(t, filepath.Join(workspace, "go.work"), "go 1.25.0\nuse (\n\t"+consumer(t, r, "")+"\n\t"+copied+"\n)\n")
	settings := filepath.Join(t.TempDir(), "env")
	write(t, settings, "GOFLAGS=-buildvcs=true\nGOARM64=v9.0\nCGO_ENABLED=1\n")

	for _, tt := range []struct {
		name, dir string
		env       []string
	}{
		{"module cache", released, nil},
		{"hostile environment", released, []string{"GOFLAGS=-mod=mod -race -tags=netgo", "GOARM64=v8.1", "GOOS=plan9", "GOARCH=386"}},
		{"hostile settings file", released, []string{"GOENV=" + settings}},
		{"no module", t.TempDir(), nil},
		{"replace", consumer(t, r, "replace "+bundle.Module+" => "+copied+"\n"), nil},
		{"workspace", workspace, []string{"GOWORK=" + filepath.Join(workspace, "go.work")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if compile(t, r.with(tt.env...), tt.dir, program, "bundle") != r.notifier {
				t.Error("the notifier is another than the checkout's")
			}
		})
	}
}

// TestSameNotifierFromApps synthesizes apps, of the checkout and of modules that
// require the library, and compares the notifiers in their assets with the one that the
// checkout's command compiles.
func TestSameNotifierFromApps(t *testing.T) {
	t.Parallel()
	r := publish(t)
	released := consumer(t, r, "")
	app := build(t, r.env, released, ".")
	vendored := consumer(t, r, "")
	run(t, r.env, vendored, "go", "mod", "tidy")
	run(t, r.env, vendored, "go", "mod", "vendor")

	for _, tt := range []struct {
		name, dir, app string
		env            []string
	}{
		{"checkout", root, build(t, r.env, root, "./examples/service"), r.env},
		{"module cache", released, app, r.env},
		{"another directory", t.TempDir(), app, r.env},
		// Without -trimpath, all of CDK would be compiled again for this directory.
		{"vendor", vendored, build(t, r.with("GOFLAGS=-mod=vendor"), vendored, ".", "-trimpath"), r.with("GOFLAGS=")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if synthesize(t, tt.env, tt.dir, tt.app) != r.notifier {
				t.Error("the asset is another notifier than the checkout's command compiles")
			}
		})
	}
}

// consumer makes a module that has nothing but an app that uses the library.
func consumer(t *testing.T, r release, directives string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	write(t, filepath.Join(dir, "main.go"), read(t, filepath.Join(root, "examples", "service", "main.go")))
	write(t, filepath.Join(dir, "go.sum"), read(t, filepath.Join(root, "go.sum")))
	write(t, filepath.Join(dir, "go.mod"), "module example.com/app\n\ngo 1.25.0\n\nrequire "+bundle.Module+" "+r.version+"\n\n"+directives)
	return dir
}

// install installs the command as its users do.
func install(t *testing.T, env []string, pkg string, flags ...string) (program string) {
	t.Helper()
	bin := t.TempDir()
	run(t, append(env, "GOBIN="+bin), root, "go", append(append([]string{"install"}, flags...), pkg)...)
	return executable(filepath.Join(bin, "extraeye"))
}

// compile runs "extraeye bundle" in a directory, and returns the notifier that it compiles.
func compile(t *testing.T, env []string, dir, name string, args ...string) string {
	t.Helper()
	out := t.TempDir()
	run(t, env, dir, name, append(args, "-o", out)...)
	return bootstrap(t, out)
}

// build builds an app.
func build(t *testing.T, env []string, dir, pkg string, flags ...string) (app string) {
	t.Helper()
	app = executable(filepath.Join(t.TempDir(), "app"))
	run(t, env, dir, "go", append(append([]string{"build", "-o", app}, flags...), pkg)...)
	return app
}

// synthesize runs an app, and returns the notifier in the one asset that has one.
func synthesize(t *testing.T, env []string, dir, app string) string {
	t.Helper()
	out := t.TempDir()
	run(t, append(env, "CDK_OUTDIR="+out, "CDK_VALIDATION=false"), dir, app)
	found, err := filepath.Glob(filepath.Join(out, "asset.*", "bootstrap"))
	if err != nil || len(found) != 1 {
		t.Fatalf("the assembly has %d notifiers, want one: %v", len(found), err)
	}
	return bootstrap(t, filepath.Dir(found[0]))
}

// bootstrap returns the notifier in a directory that must hold nothing else.
func bootstrap(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%s has %d files, want one: %v", dir, len(entries), err)
	}
	info, err := entries[0].Info()
	if err != nil || info.Mode().Perm()&0o111 != 0o111 {
		t.Fatalf("%s is not executable for everyone: %v", info.Name(), info.Mode())
	}
	return read(t, filepath.Join(dir, "bootstrap"))
}

func executable(path string) string {
	if runtime.GOOS == "windows" {
		return path + ".exe"
	}
	return path
}

func run(t *testing.T, env []string, dir, name string, args ...string) string {
	t.Helper()
	out, err := output(env, dir, name, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func output(env []string, dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %q in %s: %w\n%s", name, args, dir, err, stderr.String())
	}
	return string(out), nil
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
