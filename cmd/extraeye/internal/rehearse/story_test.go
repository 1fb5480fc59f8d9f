package rehearse

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/decode"
	"github.com/extraeye/extraeye/lambda/notice"
)

// ends are the built-in events that end what others began.
var ends = map[string]string{
	"launch-no-capacity":      "launch-success",
	"instance-refresh-failed": "instance-refresh-succeeded",
	"instance-stopped":        "instance-running",
	"deployment-failure":      "deployment-recovery",
	"ecs-deployment-failed":   "ecs-deployment-completed",
	"alarm-raised":            "alarm-ok",
	"health-issue":            "health-issue-resolved",
}

// checkStory checks that the built-in events are about the same things: what is opened
// is resolved under the same key, and a death comes after the release that was told.
func checkStory(t *testing.T, items []inbox.Item) {
	t.Helper()
	told, after := map[string]*notice.Notice{}, ""
	for _, i := range items {
		var d wire.Delivery
		if err := json.Unmarshal(i.Input, &d); err != nil {
			t.Fatal(err)
		}
		told[i.File] = decode.Decode(d.Event, d.Watch).Notice(time.Now())
		for _, f := range i.Facts {
			if i.File == "termination-elb-health-check" && f.Label == notice.After {
				after = f.Value
			}
		}
	}
	for begin, end := range ends {
		b, e := told[begin], told[end]
		if b.Status != notice.Open || e.Status != notice.Resolved || b.Key != e.Key {
			t.Errorf("%s is %s under %s, %s is %s under %s", begin, b.Status, b.Key, end, e.Status, e.Key)
		}
	}
	released := told["deployment-success"].Release.ID
	if want := "6 minutes after deployment " + released; !strings.HasPrefix(after, want) {
		t.Errorf("the death comes %q, want %q", after, want)
	}
}
