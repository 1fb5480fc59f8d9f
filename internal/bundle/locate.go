package bundle

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

// locate returns the directory of the library's module.
//
// The go command knows it for a checkout, a replace directive, a workspace and
// the module cache. It does not for a vendored app, whose vendor directory has
// only what is imported, nor for a program that runs outside of its module, as the
// extraeye command does once it is installed; then the version that this program
// was built with is taken from the module cache or the proxy, or else the
// directory that it was compiled from.
func locate() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", Module).Output()
	if dir := strings.TrimSpace(string(out)); err == nil && isModule(dir) {
		return dir, nil
	}
	version, local := builtWith()
	if dir := compiledFrom(); (local || version == "") && isModule(dir) {
		return dir, nil
	}
	if version == "" {
		return "", fmt.Errorf("find the source of %s: this program was not built with a released version of it, and its own source is gone; run it in a module that requires it", Module)
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

// builtWith returns the version of the library that this program was built with,
// as path@version, or "" if it has none. It is local when it was built in a
// checkout: then the version is made of a commit that may be nowhere else.
func builtWith() (version string, local bool) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", false
	}
	m := &info.Main
	if m.Path == Module {
		local = slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "vcs.revision" })
	} else if i := slices.IndexFunc(info.Deps, func(d *debug.Module) bool { return d.Path == Module }); i >= 0 {
		m = info.Deps[i]
	} else {
		return "", false
	}
	if m.Replace != nil {
		m = m.Replace
	}
	if m.Version == "" || m.Version == "(devel)" || strings.HasSuffix(m.Version, "+dirty") {
		return "", local
	}
	return m.Path + "@" + m.Version, local
}

// compiledFrom returns the module directory that this package was compiled from,
// or "" if the program does not know it because of -trimpath.
func compiledFrom() string {
	_, file, _, _ := runtime.Caller(0)
	if !filepath.IsAbs(file) {
		return ""
	}
	return filepath.Join(filepath.Dir(file), "..", "..")
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
		return "", fmt.Errorf("download %s, which is needed to compile the notifier: %s; allow the go command to get it", version, module.Error)
	}
	if err != nil {
		return "", fmt.Errorf("download %s, which is needed to compile the notifier: %w; allow the go command to get it", version, err)
	}
	return module.Dir, nil
}
