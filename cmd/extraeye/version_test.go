package main

import (
	"runtime/debug"
	"testing"
)

func TestModuleVersion(t *testing.T) {
	setting := func(key, value string) debug.BuildSetting { return debug.BuildSetting{Key: key, Value: value} }
	revision := setting("vcs.revision", "0123456789abcdef0123456789abcdef01234567")
	for want, info := range map[string]debug.BuildInfo{
		"v1.2.3":                               {Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{revision}},
		"v0.0.0-20261127071900-012bbd0f4e5a":   {Main: debug.Module{Version: "v0.0.0-20261127071900-012bbd0f4e5a"}},
		"v1.2.4":                               {Main: debug.Module{Version: "v1.2.3", Replace: &debug.Module{Version: "v1.2.4"}}},
		"(devel)":                              {},
		"(devel) 0123456789ab":                 {Main: debug.Module{Version: "(devel)"}, Settings: []debug.BuildSetting{revision, setting("vcs.modified", "false")}},
		"(devel) 0123456789ab modified":        {Main: debug.Module{Version: "v1.2.3", Replace: &debug.Module{}}, Settings: []debug.BuildSetting{revision, setting("vcs.modified", "true")}},
		"v0.1.1-0.20261127-012bbd0f4e5a+dirty": {Main: debug.Module{Version: "v0.1.1-0.20261127-012bbd0f4e5a+dirty"}, Settings: []debug.BuildSetting{setting("vcs.modified", "true")}},
	} {
		if got := moduleVersion(&info); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
