package bundle

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
)

// locate returns the directory of the library's module.
//
// The go command knows it for a checkout, a replace directive, a workspace and
// the module cache. It does not for a vendored app, whose vendor directory has
// only what is imported, nor for an app that runs outside of its module; then the
// version that this program was built with is taken from the module cache or the
// proxy.
func locate() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", Module).Output()
	if dir := strings.TrimSpace(string(out)); err == nil && isModule(dir) {
		return dir, nil
	}
	version, err := builtWith()
	if err != nil {
		return "", err
	}
	return download(version)
}

func isModule(dir string) bool {
	if dir == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// builtWith returns the version of the library that this program was built with.
func builtWith() (string, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", fmt.Errorf("find the source of %s: this program has no build information; set NotifierProps.Code", Module)
	}
	for _, dep := range info.Deps {
		if dep.Path != Module {
			continue
		}
		if dep.Replace == nil {
			return dep.Path + "@" + dep.Version, nil
		}
		if dep.Replace.Version != "" {
			return dep.Replace.Path + "@" + dep.Replace.Version, nil
		}
		return "", fmt.Errorf("find the source of %s: go.mod replaces it with the directory %s; run this program in its module, or set NotifierProps.Code", Module, dep.Replace.Path)
	}
	return "", fmt.Errorf("find the source of %s: this program was not built with a version of it; run it in its module, or set NotifierProps.Code", Module)
}

// download returns the directory of a module version in the module cache. It runs
// outside of any module, so that the user's vendoring and workspace do not matter.
func download(version string) (string, error) {
	cmd := exec.Command("go", "mod", "download", "-json", version)
	cmd.Dir = os.TempDir()
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	out, err := cmd.Output()
	var module struct{ Dir, Error string }
	if jsonErr := json.Unmarshal(out, &module); jsonErr == nil && module.Error != "" {
		return "", fmt.Errorf("download %s, which is needed to compile the notifier: %s; allow it, or set NotifierProps.Code", version, module.Error)
	}
	if err != nil {
		return "", fmt.Errorf("download %s, which is needed to compile the notifier: %w; allow it, or set NotifierProps.Code", version, err)
	}
	return module.Dir, nil
}
