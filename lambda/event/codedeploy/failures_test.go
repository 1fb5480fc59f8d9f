package codedeploy

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLogTail(t *testing.T) {
	lines := func(from, to int) string {
		var b strings.Builder
		for i := from; i <= to; i++ {
			fmt.Fprintf(&b, "line %d\n", i)
		}
		return b.String()
	}
	long := strings.Repeat("ü", maxLog)
	tests := []struct{ name, log, want string }{
		{"none", "", ""},
		{"blank", "\r\n \n", ""},
		{"short", lines(1, 3), strings.TrimSpace(lines(1, 3))},
		{"as many lines as are quoted", lines(1, 20), strings.TrimSpace(lines(1, 20))},
		{"one more", lines(1, 21), "…\n" + strings.TrimSpace(lines(2, 21))},
		{"a long line before a short one", long + "\nthe end", "…\nthe end"},
		{"as long a line as is quoted", long[2:], long[2:]},
		{"one long line", "x" + long, "…" + long[2:]},
	}
	for _, tt := range tests {
		if got := logTail(tt.log); got != tt.want || utf8.RuneCountInString(got) > maxLog {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestFailure(t *testing.T) {
	bad := LifecycleEvent{Name: "Install", Status: StatusFailed}
	targets := []DeploymentTarget{
		{ID: "i-1", LifecycleEvents: []LifecycleEvent{{Name: "Install", Status: StatusSucceeded}}},
		{ID: "i-2", LifecycleEvents: []LifecycleEvent{{Name: "BeforeInstall", Status: "Skipped"}, bad, {Name: "Later", Status: StatusFailed}}},
	}
	if step, target := firstFailure(targets); step != bad || target != "i-2" {
		t.Errorf("failed at %+v on %q", step, target)
	}
	for want, step := range map[string]LifecycleEvent{
		"":               {},
		"Install on i-1": {Name: "Install"},
		"Install, a.sh on i-1 (ScriptFailed): it failed": {Name: "Install", Script: "a.sh", ErrorCode: "ScriptFailed", Message: "it failed"},
		"a.sh on i-1 (ScriptTimedOut)":                   {Script: "a.sh", ErrorCode: "ScriptTimedOut"},
	} {
		if got := step.at("i-1"); got != want {
			t.Errorf("%+v is at %q, want %q", step, got, want)
		}
	}
}

func TestFailedOn(t *testing.T) {
	for n, want := range map[int]string{0: "", 1: "i-0", 10: "i-0, i-1, i-2, i-3, i-4, i-5, i-6, i-7, i-8, i-9", 17: "i-0, i-1, i-2, i-3, i-4, i-5, i-6, i-7, i-8, i-9 and 7 more"} {
		var targets []DeploymentTarget
		for i := range n {
			targets = append(targets, DeploymentTarget{ID: fmt.Sprint("i-", i)})
		}
		if got := failedOn(targets); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
