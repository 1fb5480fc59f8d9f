package bundle_test

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"

	"github.com/extraeye/extraeye/internal/bundle"
)

// TestSameNotifierWhereverTheModuleLies packs the module as a release would,
// makes apps that get it in every way that apps do, synthesizes each, and compares
// the asset hash of the notifier with that of the checkout.
func TestSameNotifierWhereverTheModuleLies(t *testing.T) {
	root := filepath.Join("..", "..")
	packed, version, env := publish(t, root)
	copied := unpack(t, packed)
	want := synthesize(t, env, root, build(t, env, root, "./examples/service"))

	released := consumer(t, root, version, "")
	app := build(t, env, released, ".")
	replaced := consumer(t, root, version, "replace "+bundle.Module+" => "+copied+"\n")
	vendored := consumer(t, root, version, "")
	run(t, env, vendored, "go", "mod", "tidy")
	run(t, env, vendored, "go", "mod", "vendor")
	tidy := consumer(t, root, version, "")
	run(t, env, tidy, "go", "mod", "tidy")
	run(t, append(env, "GOFLAGS=-mod=readonly"), tidy, "go", "run", command, "help")
	workspace := t.TempDir()
	write(t, filepath.Join(workspace, "go.work"), "go 1.25.0\nuse (\n\t"+consumer(t, root, version, "")+"\n\t"+copied+"\n)\n")
	settings := filepath.Join(t.TempDir(), "env")
	write(t, settings, "GOFLAGS=-buildvcs=true\nGOARM64=v9.0\nCGO_ENABLED=1\n")

	for _, tt := range []struct {
		name, dir, app string
		env            []string
	}{
		{"module cache", released, app, env},
		{"hostile environment", released, app, append(env, "GOFLAGS=-mod=mod -race -tags=netgo", "GOARM64=v8.1", "GOOS=plan9", "GOARCH=386")},
		{"hostile settings file", released, app, append(env, "GOENV="+settings)},
		{"app built elsewhere", t.TempDir(), app, env},
		{"replace", replaced, build(t, env, replaced, "."), env},
		{"vendor", vendored, build(t, append(env, "GOFLAGS=-mod=vendor"), vendored, "."), append(env, "GOFLAGS=")},
		{"workspace", workspace, app, append(env, "GOWORK="+filepath.Join(workspace, "go.work"))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := synthesize(t, tt.env, tt.dir, tt.app); got != want {
				t.Errorf("the asset is %s, and the checkout's is %s", got, want)
			}
		})
	}
}

// publish makes a release of the module that the go command gets with env.
func publish(t *testing.T, root string) (packed, version string, env []string) {
	t.Helper()
	packed, version = pack(t, root)
	cache := strings.TrimSpace(run(t, nil, root, "go", "env", "GOMODCACHE"))
	proxy := serve(t, root, packed, version)
	t.Cleanup(func() { forget(t, cache, version) })
	return packed, version, []string{
		"GOPROXY=" + proxy + "," + fileURL(filepath.Join(cache, "cache", "download")) + "," + strings.TrimSpace(run(t, nil, root, "go", "env", "GOPROXY")),
		"GONOSUMDB=" + bundle.Module, "GONOSUMCHECK=1", "GOFLAGS=-mod=mod", "GOWORK=off",
	}
}

// pack zips the module as the go command would, with a version made of its content.
func pack(t *testing.T, root string) (file, version string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "module.zip")
	zipAs := func(version string) []byte {
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := modzip.CreateFromDir(f, module.Version{Path: bundle.Module, Version: version}, root); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	const base = "v0.0.0-20260101000000-"
	sum := sha256.Sum256(zipAs(base + strings.Repeat("0", 12)))
	version = base + hex.EncodeToString(sum[:6])
	zipAs(version)
	return file, version
}

// unpack makes a copy of the module in a directory of its own.
func unpack(t *testing.T, packed string) string {
	t.Helper()
	dir := t.TempDir()
	z, err := zip.OpenReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		_, name, _ := strings.Cut(f.Name, "@")
		_, name, _ = strings.Cut(name, "/")
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), string(content))
	}
	return dir
}

// serve lays the module out as a file-based proxy.
func serve(t *testing.T, root, packed, version string) (url string) {
	t.Helper()
	dir := t.TempDir()
	at := filepath.Join(dir, bundle.Module, "@v")
	content, err := os.ReadFile(packed)
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(at, version+".zip"), string(content))
	write(t, filepath.Join(at, version+".mod"), string(mod))
	info := fmt.Sprintf(`{"Version":%q,"Time":"2026-01-01T00:00:00Z"}`, version)
	write(t, filepath.Join(at, version+".info"), info)
	write(t, filepath.Join(dir, bundle.Module, "@latest"), info) // "go install" looks there for deprecations
	write(t, filepath.Join(at, "list"), "")
	return fileURL(dir)
}

// forget takes the module out of the module cache again.
func forget(t *testing.T, cache, version string) {
	t.Helper()
	dir := filepath.Join(cache, bundle.Module+"@"+version)
	filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = os.Chmod(path, 0o755) // the cache is read-only
		}
		return err
	})
	downloads, _ := filepath.Glob(filepath.Join(cache, "cache", "download", bundle.Module, "@v", version+".*"))
	for _, path := range append(downloads, dir) {
		if err := os.RemoveAll(path); err != nil {
			t.Error(err)
		}
	}
}

// consumer makes a module that has nothing but an app that uses the library.
func consumer(t *testing.T, root, version, directives string) string {
	t.Helper()
	dir := t.TempDir()
	app, err := os.ReadFile(filepath.Join(root, "examples", "service", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "main.go"), string(app))
	write(t, filepath.Join(dir, "go.sum"), string(sums))
	write(t, filepath.Join(dir, "go.mod"), "module example.com/app\n\ngo 1.25.0\n\nrequire "+bundle.Module+" "+version+"\n\n"+directives)
	return dir
}

func build(t *testing.T, env []string, dir, pkg string) (app string) {
	t.Helper()
	app = filepath.Join(t.TempDir(), "app")
	run(t, env, dir, "go", "build", "-o", app, pkg)
	return app
}

// synthesize runs an app and returns the hash of the one asset that is a notifier.
func synthesize(t *testing.T, env []string, dir, app string) string {
	t.Helper()
	out := t.TempDir()
	run(t, append(env, "CDK_OUTDIR="+out, "CDK_VALIDATION=false"), dir, app)
	found, err := filepath.Glob(filepath.Join(out, "asset.*", "bootstrap"))
	if err != nil || len(found) != 1 {
		t.Fatalf("the assembly has %d notifiers, want one: %v", len(found), err)
	}
	return filepath.Base(filepath.Dir(found[0]))
}

func run(t *testing.T, env []string, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q in %s: %v\n%s", name, args, dir, err, stderr.String())
	}
	return string(out)
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

func fileURL(dir string) string { return "file://" + filepath.ToSlash(dir) }
