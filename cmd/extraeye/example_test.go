package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
)

// TestREADME runs the command as the README does: the example is synthesized with
// CDK, and the built-in samples are played with its names.
func TestREADME(t *testing.T) {
	compiles(t)
	t.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
	t.Chdir("../..")
	out := t.TempDir()
	code, stdout, stderr := extraeye(t, "rehearse", "-json", "-out", out)
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	results := parse(t, stdout)
	outcomes, sent := map[string]result.Outcome{}, map[string][]string{}
	for _, r := range results {
		outcomes[r.File] = r.Outcome
		if r.Outcome != result.Sent {
			continue
		}
		sent[r.File] = append(sent[r.File], r.Sink)
		if r.Title == "" || r.Severity == "" || len(r.Facts) < 5 || len(r.Out) == 0 {
			t.Errorf("%s lacks something: %+v", r.File, r)
		}
		for _, file := range r.Out {
			if info, err := os.Stat(file); err != nil || info.Size() == 0 {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	for file, want := range map[string]result.Outcome{
		"termination-elb-health-check": result.Sent,
		"termination-unknown-cause":    result.Sent,
		"termination-scale-in":         result.Skipped,
		"deployment-success":           result.Sent,
		"deployment-failure":           result.Sent,
		"deployment-rollback":          result.Sent,
		"deployment-autoscaling":       result.Skipped,
	} {
		if outcomes[file] != want {
			t.Errorf("%s is %q, want %q", file, outcomes[file], want)
		}
	}
	for file, sinks := range sent {
		if !slices.Equal(sinks, []string{"email", "slack", "pagerduty"}) {
			t.Errorf("%s is sent to %q", file, sinks)
		}
	}
	mails := slices.DeleteFunc(results, func(r result.Result) bool { return r.File != "termination-elb-health-check" || r.Sink != "email" })
	if len(mails) != 1 || len(mails[0].Out) < 2 || !strings.HasSuffix(mails[0].Out[1], ".txt") {
		t.Fatalf("no mail about a failed health check: %+v", mails)
	}
	if mail, err := os.ReadFile(mails[0].Out[1]); err != nil || !strings.Contains(string(mail), "some-service-production") {
		t.Errorf("the mail about a failed health check is %q: %v", mail, err)
	}
}

// TestFleetExample rehearses the app with a fleet: teams are notified by names, by tags, and others of
// the rest.
func TestFleetExample(t *testing.T) {
	compiles(t)
	t.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
	t.Chdir("../..")
	code, stdout, stderr := extraeye(t, "rehearse", "-json", "-app", "go run ./examples/fleet", "-out", t.TempDir())
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	sinks := map[string][]string{}
	for _, r := range parse(t, stdout) {
		if r.Outcome == result.Sent && r.Team == "" {
			t.Errorf("nothing says whose %s is", r.File)
		}
		if team, _, _ := strings.Cut(r.Team, " ("); r.Outcome == result.Sent && !slices.Contains(sinks[team], r.Sink) {
			sinks[team] = append(sinks[team], r.Sink)
		}
	}
	for team, want := range map[string][]string{
		"checkout, by the name of the Auto Scaling group": {"slack", "email"}, "search, by the name of the ECS cluster": {"pagerduty", "email"},
		"search, by its tag": {"pagerduty", "email"}, "of no team": {"email"},
	} {
		if !slices.Equal(sinks[team], want) {
			t.Errorf("of %s, %q are notified, want %q", team, sinks[team], want)
		}
	}
}

// TestRecordedEvents plays recorded events of other people's groups: the example
// matches none of them, and each result says why.
func TestRecordedEvents(t *testing.T) {
	compiles(t)
	t.Setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
	t.Chdir("../..")
	code, stdout, stderr := extraeye(t, "rehearse", "-json", "-out", t.TempDir(),
		"lambda/event/autoscaling/testdata/asg-terminate-elb-health-check.json", "lambda/event/codedeploy/testdata/codedeploy-deployment-success-doc.json")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	results := parse(t, stdout)
	if len(results) != 2 {
		t.Fatalf("%d lines, want 2: %s", len(results), stdout)
	}
	for i, want := range [][]string{
		{"Terminations/Rule1", "detail.AutoScalingGroupName", `"staging"`, "some-service-production"},
		{"Deployments/Rule1", "detail.application", `"myApplication"`, "some-service"},
	} {
		r := results[i]
		if r.Outcome != result.Unmatched || slices.ContainsFunc(want, func(w string) bool { return !strings.Contains(r.Reason, w) }) {
			t.Errorf("%s is %s: %s", r.File, r.Outcome, r.Reason)
		}
	}
}

func TestBundle(t *testing.T) {
	compiles(t)
	out := filepath.Join(t.TempDir(), "notifier")
	code, stdout, stderr := extraeye(t, "bundle", "-o", out)
	if code != exitOK || strings.TrimSpace(stdout) != filepath.Join(out, "bootstrap") {
		t.Fatalf("exit %d: %s%s", code, stdout, stderr)
	}
	content, err := os.ReadFile(filepath.Join(out, "bootstrap"))
	const aarch64 = 0xB7 // e_machine of an ELF file: https://man7.org/linux/man-pages/man5/elf.5.html
	if err != nil || len(content) < 1<<20 || string(content[:4]) != "\x7fELF" || content[18] != aarch64 {
		t.Errorf("bootstrap is not an executable for arm64: %v", err)
	}
}

func parse(t *testing.T, lines string) []result.Result {
	t.Helper()
	var results []result.Result
	for s := bufio.NewScanner(strings.NewReader(lines)); s.Scan(); {
		var r result.Result
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			t.Fatalf("%v: %s", err, s.Text())
		}
		results = append(results, r)
	}
	return results
}
