package samples

import (
	"encoding/json"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/decode"
	"github.com/extraeye/extraeye/lambda/notice"
)

// A notice that an event opens is resolved by a later one, under the key
// of its group.
func TestEventsResolveEarlierOnes(t *testing.T) {
	notices := map[string]*notice.Notice{}
	for _, pattern := range []string{
		`{"source":[{"prefix":"aws."}]}`,
		`{"source":["aws.ec2"],"detail":{"instance-id":["i-0123456789abcdef0"]}}`, // else each has its own
	} {
		all, err := For(json.RawMessage(pattern), at)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			watch := wire.Watch{Deployments: &wire.Deployments{Changes: true}}
			notices[s.Name] = decode.Decode(s.Event, watch).Notice(at.Now)
		}
	}
	if len(notices) != len(builtIn) {
		t.Errorf("%d notices of %d events", len(notices), len(builtIn))
	}
	for opened, resolved := range map[string]string{
		"launch-no-capacity":            "launch-success",
		"instance-refresh-failed":       "instance-refresh-succeeded",
		"instance-stopped":              "instance-running",
		"deployment-failure":            "deployment-recovery",
		"deployment-instance-failure":   "deployment-recovery",
		"ecs-deployment-failed":         "ecs-deployment-completed",
		"ecs-service-placement-failure": "ecs-service-steady-state",
		"task-out-of-memory":            "ecs-service-steady-state",
		"alarm-raised":                  "alarm-ok",
		"health-issue":                  "health-issue-resolved",
	} {
		o, r := notices[opened], notices[resolved]
		if o == nil || r == nil {
			t.Errorf("there is no event %s or %s", opened, resolved)
			continue
		}
		if o.Status != notice.Open || r.Status != notice.Resolved || o.Group() != r.Key {
			t.Errorf("%s is %s under %s, %s is %s under %s", opened, o.Status, o.Group(), resolved, r.Status, r.Key)
		}
	}
}
