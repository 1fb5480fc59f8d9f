// Package bundle compiles the notifier while an app is synthesized: without
// Docker, from the library's own module directory, and byte for byte the same
// wherever that directory is.
//
// The build runs in the library's module, not in the user's, so that the
// library's go.mod decides the versions of what is compiled and the user's go.mod
// needs none of it.
package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// Module is the module that holds the notifier.
const Module = "github.com/extraeye/extraeye"

// flags make the build reproducible (no paths, no VCS stamp, no build id) and
// small: lambda.norpc leaves out net/rpc, which would switch the linker's
// dead-code elimination off, and nethttpomithttp2 HTTP/2, which the notifier's
// clients do not speak: 0.4 MB of the program, and 0.6 MB of its memory.
var flags = []string{"-trimpath", "-buildvcs=false", "-tags=lambda.norpc,nethttpomithttp2", "-ldflags=-s -w -buildid="}

var builds sync.Map // "goos/goarch" → func() (string, error)

// Build compiles the notifier and returns a directory that holds nothing but the
// executable, named bootstrap. A process compiles it once for each platform.
func Build(goos, goarch string) (dir string, err error) {
	once, _ := builds.LoadOrStore(goos+"/"+goarch, sync.OnceValues(func() (string, error) {
		return build(flags, map[string]string{
			"GOOS": goos, "GOARCH": goarch, "GOAMD64": "v1", "GOARM64": "v8.0", "CGO_ENABLED": "0",
		})
	}))
	return once.(func() (string, error))()
}

// BuildHere compiles the notifier for this machine, which it does not leave. It is compiled as other programs
// of this machine are, so that most of its packages need not be compiled once more for it.
func BuildHere() (dir string, err error) {
	return build([]string{"-buildvcs=false", "-tags=lambda.norpc"}, nil)
}

func build(flags []string, settings map[string]string) (string, error) {
	source, err := locate()
	if err != nil {
		return "", err
	}
	env, err := environment(settings)
	if err != nil {
		return "", err
	}
	temp, err := os.MkdirTemp("", "extraeye-")
	if err != nil {
		return "", fmt.Errorf("compile the notifier: %w", err)
	}
	defer os.RemoveAll(temp)

	bootstrap := filepath.Join(temp, "bootstrap")
	args := append([]string{"build"}, flags...)
	cmd := exec.Command("go", append(args, "-o", bootstrap, "./lambda/notifier")...)
	cmd.Dir = source
	cmd.Env = env
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("compile the notifier in %s: %w\n%s", source, err, bytes.TrimSpace(out))
	}
	content, err := os.ReadFile(bootstrap)
	if err != nil {
		return "", fmt.Errorf("read the compiled notifier: %w", err)
	}
	return keep("bootstrap", content)
}

// Placeholder returns a directory that stands for the notifier where it is not
// compiled.
func Placeholder() (dir string, err error) {
	return keep("not-compiled", []byte("This stack was not selected, so its notifier was not compiled.\n"))
}

// keep writes a file into a directory named by its content, so that repeated
// builds leave one copy behind and builds side by side do not meet.
func keep(name string, content []byte) (dir string, err error) {
	sum := sha256.Sum256(content)
	parent, err := os.UserCacheDir()
	if err != nil {
		parent = os.TempDir()
	}
	dir = filepath.Join(parent, "extraeye", hex.EncodeToString(sum[:]))
	kept := filepath.Join(dir, name)
	if have, err := os.ReadFile(kept); err == nil && bytes.Equal(have, content) {
		return dir, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("keep the notifier: %w", err)
	}
	// Written beside its place and renamed, so that it is there whole or not at all.
	part, err := os.CreateTemp(filepath.Dir(dir), name+"-")
	if err != nil {
		return "", fmt.Errorf("keep the notifier: %w", err)
	}
	defer os.Remove(part.Name())
	_, err = part.Write(content)
	if err := errors.Join(err, part.Chmod(0o755), part.Close()); err != nil {
		return "", fmt.Errorf("keep the notifier: %w", err)
	}
	if err := os.Rename(part.Name(), kept); err != nil {
		return "", fmt.Errorf("keep the notifier: %w", err)
	}
	return dir, nil
}
