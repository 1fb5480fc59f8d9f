package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse"
)

const app = "internal/rehearse/testdata/app"

func extraeye(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(t.Context(), args, &out, &err)
	return code, out.String(), err.String()
}

// compiles skips a test that compiles the notifier, or more, in short mode.
func compiles(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("it compiles")
	}
}

// TestExamples rehearses every example with the built-in events: each rule has some,
// nothing fails, and everything that is looked up is found.
func TestExamples(t *testing.T) {
	compiles(t)
	t.Chdir("../..") // where cdk.json is
	mains, err := filepath.Glob("examples/*/main.go")
	if err != nil || len(mains) < 4 {
		t.Fatalf("%d examples: %v", len(mains), err)
	}
	for _, main := range mains {
		example := filepath.Dir(main)
		t.Run(filepath.Base(example), func(t *testing.T) {
			if _, err := os.ReadFile(main); err != nil { // which the result depends on
				t.Fatal(err)
			}
			code, stdout, stderr := extraeye(t, "rehearse", "-json", "-app", "go run ./"+filepath.ToSlash(example), "-out", t.TempDir())
			if code != exitOK || strings.Contains(stderr, "note: ") {
				t.Errorf("exit %d: %s", code, stderr)
			}
			for _, sign := range []string{`"outcome":"sent"`, `"outcome":"skipped"`} {
				if !strings.Contains(stdout, sign) {
					t.Errorf("no %s in\n%s", sign, stdout)
				}
			}
			if strings.Contains(stdout, "Not looked up") {
				t.Errorf("something was not looked up:\n%s", stdout)
			}
		})
	}
}

// With -json, stdout has lines of JSON with the promised fields and nothing else.
func TestJSON(t *testing.T) {
	compiles(t)
	out := t.TempDir()
	code, stdout, stderr := extraeye(t, "rehearse", "-assembly", app, "-json", "-out", out)
	summary := fmt.Sprintf("  %d sent, %d skipped\n", strings.Count(stdout, `"outcome":"sent"`), strings.Count(stdout, `"outcome":"skipped"`))
	if code != exitOK || !strings.Contains(stderr, summary) || !strings.Contains(stderr, filepath.Join(out, "index.html")) {
		t.Fatalf("exit %d: %s, want %s", code, stderr, summary)
	}
	lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
	if len(lines) < 18 {
		t.Fatalf("%d lines", len(lines))
	}
	want := []string{"detail_type", "event_id", "facts", "file", "ms", "out", "outcome", "reason", "rule", "severity", "sink", "status", "summary", "target", "team", "title"}
	for _, l := range lines {
		var fields map[string]any
		if err := json.Unmarshal([]byte(l), &fields); err != nil {
			t.Fatalf("%v: %s", err, l)
		}
		var names []string
		for name, value := range fields {
			if names = append(names, name); value == nil {
				t.Errorf("%s is null in %s", name, l)
			}
		}
		if slices.Sort(names); !slices.Equal(names, want) {
			t.Errorf("fields %v", names)
		}
	}
}

// The app of ./cdk.json is synthesized; here, by copying an assembly.
func TestSynthesizes(t *testing.T) {
	compiles(t)
	if runtime.GOOS == "windows" {
		t.Skip("the app of the test is a shell command")
	}
	t.Chdir("testdata/app")
	code, stdout, stderr := extraeye(t, "rehearse", "-out", t.TempDir(), "-stack", "checkout")
	if code != exitOK || !strings.Contains(stderr, "Synthesizing the app of ./cdk.json") {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	for _, want := range []string{`\ntermination-elb-health-check +Terminations\n  ✓ email, topic  `, `\ndeployment-autoscaling +Deployments\n  – email +skipped: `} {
		if !regexp.MustCompile(want).MatchString(stdout) {
			t.Errorf("no %s in %s", want, stdout)
		}
	}
	if strings.Contains(stdout, "\x1b") {
		t.Errorf("colors for what is not a terminal: %q", stdout)
	}
}

func TestExitCodes(t *testing.T) {
	compiles(t)
	dir := t.TempDir()
	reject := filepath.Join(dir, "ses.SendEmail.json")
	if err := os.WriteFile(reject, []byte(`{"__type":"MessageRejected","message":"not verified"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	failure := "internal/rehearse/testdata/events/deployment-failure.json"
	code, stdout, _ := extraeye(t, "rehearse", "-assembly", app, "-out", t.TempDir(), "-answers", dir, failure)
	if code != exitFailed || !strings.Contains(stdout, "\nfailed: "+failure+" to email: ") {
		t.Errorf("a delivery that fails: exit %d: %s", code, stdout)
	}
	empty := filepath.Join(dir, "empty.json")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := extraeye(t, "rehearse", "-assembly", app, "-out", t.TempDir(), empty, failure)
	if code != exitUsage || !strings.Contains(stdout, "Deployment failed") || !strings.Contains(stderr, "empty.json is empty") || !strings.Contains(stderr, "1 sent, 1 unreadable") {
		t.Errorf("a file that is empty: exit %d: %s%s", code, stdout, stderr)
	}
}

// Invisible characters, and those that control a terminal, become escapes wherever a name
// from a file, an event or a template is shown.
func TestHostileNames(t *testing.T) {
	compiles(t)
	if runtime.GOOS == "windows" {
		t.Skip("no file may have such a name")
	}
	const hostile = "\u202egnp.exe\u2066\u200b\u00ad\x1b[2J\u009b\U000e0041"
	dir, out := t.TempDir(), t.TempDir()
	text, err := os.ReadFile("internal/rehearse/testdata/events/deployment-failure.json")
	if err != nil {
		t.Fatal(err)
	}
	var event map[string]any
	if err := json.Unmarshal(text, &event); err != nil {
		t.Fatal(err)
	}
	detail := event["detail"].(map[string]any)
	event["id"], event["account"], detail["deploymentId"], detail["deploymentGroup"] = hostile, hostile, "d-"+hostile, "production"+hostile
	write := func(name string) {
		raw, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("matched" + hostile + ".json")
	event["detail-type"] = hostile
	write("unmatched" + hostile + ".json")
	if err := os.WriteFile(filepath.Join(dir, "unreadable"+hostile+".json"), []byte(`"`+hostile+`"`), 0o600); err != nil {
		t.Fatal(err)
	}

	_, stdout, stderr := extraeye(t, "rehearse", "-assembly", app, "-out", out, dir)
	page, err := os.ReadFile(filepath.Join(out, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"stdout": stdout, "stderr": stderr, "the page": string(page)} {
		i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf) })
		if i >= 0 {
			t.Errorf("%s has %q", name, text[i:min(i+60, len(text))])
		}
		if !strings.Contains(text, `\u202egnp.exe`) {
			t.Errorf("%s does not show the escapes: %s", name, text)
		}
	}
	if !strings.Contains(stderr, "1 sent, 1 unmatched, 1 unreadable") {
		t.Errorf("not played as expected: %s", stderr)
	}
}

func TestSummary(t *testing.T) {
	for want, report := range map[string]rehearse.Report{
		"nothing was played":       {},
		"1 unreadable":             {Problems: 1, Unreadable: 1},
		"1 problem":                {Problems: 1},
		"2 unreadable, 3 problems": {Problems: 5, Unreadable: 2},
	} {
		if got := summary(report); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestProblemsAreCounted(t *testing.T) {
	compiles(t)
	code, _, stderr := extraeye(t, "rehearse", "-assembly", app, "-out", t.TempDir(), "-resolve", "Nope=1")
	if code != exitUsage || !strings.Contains(stderr, "extraeye: -resolve Nope is not used: ") || !strings.Contains(stderr, " skipped, 1 problem\n") {
		t.Errorf("a value that nothing needs: exit %d: %s", code, stderr)
	}
}
