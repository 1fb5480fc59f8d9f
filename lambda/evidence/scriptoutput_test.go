package evidence

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

func TestMaskedLog(t *testing.T) {
	long := strings.Repeat("a line of a log\n", wholeLog/16)
	for name, tt := range map[string]struct{ log, want string }{
		"empty":              {"", ""},
		"no secret":          {"[stdout]started\n[stderr]no such file: a.txt\n", "[stdout]started\n[stderr]no such file: a.txt"},
		"a name":             {"[stdout]DB_PASSWORD=hunter2\r\n[stderr]no", "[stdout]DB_PASSWORD=•••\n[stderr]no"},
		"each line":          {"token: abc\npassword: def\nAKIAIOSFODNN7EXAMPLE\n", "token: •••\npassword: •••\n•••"},
		"the rest of one":    {"Authorization: Basic aHVudGVyMg==\nit failed", "Authorization: •••\nit failed"},
		"a divided name":     {"pass\u200bword=hunter2\u2028it failed", "password=•••\nit failed"},
		"cut off":            {"ssword=hunter2\n" + long, strings.TrimSpace(long)},
		"a line that is cut": {strings.Repeat("x", wholeLog) + " it failed, token=abc", "it failed, token=•••"},
		"a word that is cut": {strings.Repeat("x", wholeLog), ""},
		"too long":           {"password=hunter2\n" + strings.Repeat("é", maxScriptOutput) + "\nit failed", "it failed"},
	} {
		if got := maskedLog(tt.log); got != tt.want {
			t.Errorf("%s: %.100q, want %.100q", name, got, tt.want)
		}
	}
}

// TestScriptOutputIsMasked shows it of what is read of an instance.
func TestScriptOutputIsMasked(t *testing.T) {
	answer, err := json.Marshal(map[string]any{"deploymentTarget": map[string]any{"instanceTarget": map[string]any{
		"lifecycleEvents": []any{map[string]any{"lifecycleEventName": "Install", "status": "Failed", "diagnostics": map[string]any{
			"errorCode": "ScriptFailed", "message": "exit code 1: password=hunter2", "logTail": "[stderr]psql postgres://app:hunter2@db:5432\n",
		}}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	l, _ := lookups(t, (&fakeService{answers: map[string]func(map[string]any) string{"GetDeploymentTarget": always(string(answer))}}).ServeHTTP)
	failed := l.target(context.Background(), "eu-west-1", "d-1", "i-1").Value.LifecycleEvents[0]
	if failed.Message != "exit code 1: password=•••" || failed.LogTail != "[stderr]psql postgres://app:•••@db:5432" {
		t.Errorf("read %+v", failed)
	}
}
