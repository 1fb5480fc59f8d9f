package bundle_test

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"

	"github.com/extraeye/extraeye/internal/bundle"
)

// root is the checkout.
const root = "../.."

// release is the module as a tag would publish it.
type release struct {
	packed, version string
	env             []string // with which the go command finds it
	notifier        string   // what the checkout's command compiles
}

// with adds to the environment.
func (r release) with(env ...string) []string { return slices.Concat(r.env, env) }

var published = struct {
	sync.Once
	release
	dir string
}{}

func TestMain(m *testing.M) {
	code := m.Run()
	if published.version != "" {
		if err := forget(published.version); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.RemoveAll(published.dir)
	os.Exit(code)
}

// publish makes a release, once for all tests. They compile programs, so they are not
// for "go test -short".
func publish(t *testing.T) release {
	t.Helper()
	if testing.Short() {
		t.Skip("compiles programs")
	}
	published.Do(func() {
		dir, err := os.MkdirTemp("", "extraeye-release-") //nolint:usetesting // it outlives this test
		if err != nil {
			t.Fatal(err)
		}
		published.dir = dir
		packed, version := pack(t, dir)
		proxies := strings.Join([]string{serve(t, dir, packed, version), fileURL(filepath.Join(goEnv(t, "GOMODCACHE"), "cache", "download")), goEnv(t, "GOPROXY")}, ",")
		env := []string{"GOPROXY=" + proxies, "GOSUMDB=off", "GOFLAGS=-mod=mod", "GOWORK=off"}
		published.release = release{packed, version, env, compile(t, env, root, install(t, env, command), "bundle")}
	})
	if published.notifier == "" {
		t.Fatal("there is no release")
	}
	return published.release
}

// pack zips the module as the go command would, with a version made of its content.
func pack(t *testing.T, dir string) (file, version string) {
	t.Helper()
	file = filepath.Join(dir, "module.zip")
	zipAs := func(version string) []byte {
		f, err := os.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := modzip.CreateFromDir(f, module.Version{Path: bundle.Module, Version: version}, root); err != nil {
			t.Fatal(err)
		}
		return []byte(read(t, file))
	}
	const base = "v0.0.0-20260101000000-"
	sum := sha256.Sum256(zipAs(base + strings.Repeat("0", 12)))
	version = base + hex.EncodeToString(sum[:6])
	zipAs(version)
	return file, version
}

// serve lays the module out as a file-based proxy.
//
// https://go.dev/ref/mod#goproxy-protocol
func serve(t *testing.T, dir, packed, version string) (url string) {
	t.Helper()
	dir = filepath.Join(dir, "proxy")
	at := filepath.Join(dir, bundle.Module, "@v")
	info := fmt.Sprintf(`{"Version":%q,"Time":"2026-01-01T00:00:00Z"}`, version)
	write(t, filepath.Join(at, version+".zip"), read(t, packed))
	write(t, filepath.Join(at, version+".mod"), read(t, filepath.Join(root, "go.mod")))
	write(t, filepath.Join(at, version+".info"), info)
	write(t, filepath.Join(dir, bundle.Module, "@latest"), info) // "go install" looks there for deprecations
	write(t, filepath.Join(at, "list"), "")
	return fileURL(dir)
}

// forget removes a version of the module from the module cache, which is read-only.
func forget(version string) error {
	cache, err := output(nil, ".", "go", "env", "GOMODCACHE")
	if err != nil {
		return err
	}
	cache = strings.TrimSpace(cache)
	dir := filepath.Join(cache, bundle.Module+"@"+version)
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			err = os.Chmod(path, 0o755)
		}
		return err
	})
	downloads, _ := filepath.Glob(filepath.Join(cache, "cache", "download", bundle.Module, "@v", version+".*"))
	for _, path := range append(downloads, dir) {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

// unpack makes a copy of the module in a directory of its own.
func unpack(t *testing.T, packed string) (dir string) {
	t.Helper()
	dir = t.TempDir()
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

func goEnv(t *testing.T, name string) string {
	t.Helper()
	return strings.TrimSpace(run(t, nil, ".", "go", "env", name))
}

func fileURL(dir string) string { return "file://" + filepath.ToSlash(dir) }
