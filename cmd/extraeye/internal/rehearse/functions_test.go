package rehearse

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
)

// A stack that names no account and Region is where an event is of: everything is looked up there, and
// secrets are found.
func TestAnywhere(t *testing.T) {
	dir := fleetAssembly(t, smallTable(t, ""))
	manifest := filepath.Join(dir, "manifest.json")
	text, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	without := strings.Replace(string(text), `"environment":"aws://111122223333/eu-west-1",`, "", 1)
	if err := os.WriteFile(manifest, []byte(without), 0o600); err != nil || without == string(text) {
		t.Fatal(err)
	}
	event := func(account, region string) string {
		return `{"account":"` + account + `","region":"` + region + `","source":"aws.autoscaling","detail-type":"EC2 Instance Terminate Successful",` +
			`"time":"2026-11-27T10:00:00Z","detail":{"AutoScalingGroupName":"cart-production","EC2InstanceId":"i-0123456789abcdef0","Cause":"an ELB system health check failure"}}`
	}
	files := map[string]string{"a.json": event("444455556666", "us-west-2"), "b.json": event("777788889999", "eu-north-1"), "c.json": event("nobody", "nowhere")}
	report, problems := rehearsal(t, Options{Assembly: dir, Paths: []string{write(t, files)}})
	if len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
	if n := len(report.Items()); n != 2*len(files) {
		t.Errorf("%d results", n)
	}
	for _, i := range report.Items() {
		elsewhere := false
		for _, f := range i.Facts {
			elsewhere = elsewhere || slices.Contains([]string{"Account", "Not looked up"}, f.Label)
		}
		if i.Outcome != result.Sent || elsewhere != strings.HasSuffix(i.File, "c.json") {
			t.Errorf("%s is %s to %s (%s): %+v", i.File, i.Outcome, i.Sink, i.Reason, i.Facts)
		}
	}
}
