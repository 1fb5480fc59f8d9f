package notice

import "testing"

func TestLevel(t *testing.T) {
	for _, tt := range []struct {
		severity Severity
		status   Status
		want     Level
		name     string
	}{
		{Critical, Open, LevelCritical, "Critical"},
		{Critical, Resolved, LevelCritical, "Critical"},
		{Error, Open, LevelError, "Error"},
		{Warning, Marker, LevelWarning, "Warning"},
		{Warning, Resolved, LevelWarning, "Warning"},
		{Info, Resolved, LevelOK, "OK"},
		{Info, Marker, LevelInfo, "Info"},
		{Info, Open, LevelInfo, "Info"},
		{"", Resolved, LevelOK, "OK"},
		{"unknown", Marker, LevelInfo, "Info"},
	} {
		got := (&Notice{Severity: tt.severity, Status: tt.status}).Level()
		if got != tt.want || got.String() != tt.name {
			t.Errorf("%q, %q: %s, want %s", tt.severity, tt.status, got, tt.name)
		}
	}
	colors := map[string]bool{}
	for level := range Level(Levels) {
		if color := level.Color(); len(color) != len("#000000") || color[0] != '#' || colors[color] {
			t.Errorf("%s has the color %q", level, color)
		}
		colors[level.Color()] = true
	}
}
