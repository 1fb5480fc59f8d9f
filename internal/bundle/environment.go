package bundle

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// kept are the settings of the go command that say where it gets and keeps
// things, and whether this machine has C. All others would change what it builds.
var kept = []string{
	"CGO_ENABLED", "GOAUTH", "GOCACHE", "GOCACHEPROG", "GOINSECURE", "GOMODCACHE", "GONOPROXY", "GONOSUMDB",
	"GOPATH", "GOPRIVATE", "GOPROXY", "GOSUMDB", "GOTOOLCHAIN", "GOVCS",
}

// environment is the caller's, with every setting that could change the binary replaced or left to the go
// command: those of the environment, and those that "go env -w" wrote to a file.
func environment(replaced map[string]string) ([]string, error) {
	out, err := exec.Command("go", append([]string{"env", "-json"}, kept...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("run go env, which is needed to compile the notifier (install Go): %w", err)
	}
	settings := map[string]string{}
	if err := json.Unmarshal(out, &settings); err != nil {
		return nil, fmt.Errorf("read go env: %w", err)
	}
	maps.Copy(settings, map[string]string{"GOENV": "off", "GOFLAGS": "-mod=readonly", "GOWORK": "off"})
	maps.Copy(settings, replaced)
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "GO") || strings.HasPrefix(v, "CGO_")
	})
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if settings[name] != "" {
			env = append(env, name+"="+settings[name])
		}
	}
	return env, nil
}
