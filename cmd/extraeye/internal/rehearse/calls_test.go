//go:build policies

package rehearse

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/destination"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// TestCalls rehearses the assemblies in a folder and writes, as lines of JSON, which actions the notifier
// then needs of AWS: .ci/policies asks a simulator of IAM whether its role is allowed just these.
func TestCalls(t *testing.T) {
	assemblies, err := filepath.Glob(filepath.Join(os.Getenv("EXTRAEYE_ASSEMBLIES"), "*"))
	if err != nil || len(assemblies) == 0 {
		t.Fatalf("no assemblies in EXTRAEYE_ASSEMBLIES: %v", err)
	}
	out, err := os.Create(os.Getenv("EXTRAEYE_CALLS"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	lines := json.NewEncoder(out)
	for _, dir := range assemblies {
		report, problems := rehearsal(t, Options{Assembly: dir})
		if len(problems) > 0 {
			t.Errorf("%s: %q", dir, problems)
		}
		for _, d := range report.Deliveries {
			var event struct{ Detail json.RawMessage }
			if err := json.Unmarshal(d.Event, &event); err != nil {
				t.Fatal(err)
			}
			stack, _, named := strings.Cut(d.First().Rule, "/")
			if !named {
				stack = "" // a template without CDK's paths
			}
			for _, c := range d.AWSCalls() {
				if slices.Contains(destination.OutsideAWS(), c.Service) {
					continue
				}
				call := awsapi.Call{Service: c.Service, Operation: c.Operation}
				if err := lines.Encode(map[string]string{"app": filepath.Base(dir), "stack": stack, "action": call.Action(), "input": c.Input, "detail": string(event.Detail)}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
