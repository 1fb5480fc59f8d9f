package autoscaling

import (
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
)

var refreshWatch = wire.Watch{Service: "some-service", InstanceRefreshes: &wire.InstanceRefreshes{}}

func TestIncompleteRefreshes(t *testing.T) {
	const refresh = `"source":"aws.autoscaling","detail-type":"EC2 Auto Scaling Instance Refresh `
	eventtest.Titles(t, Decoders, refreshWatch, [][3]string{
		{"empty detail", `{` + refresh + `Failed","detail":{}}`, "Instance refresh failed: an unnamed group"},
		{"group from the resources", `{` + refresh + `Failed","resources":["x:autoScalingGroupName/a group"],"detail":{}}`, "Instance refresh failed: a group"},
		{"other types", `{` + refresh + `Succeeded","detail":{"AutoScalingGroupName":42,"InstanceRefreshId":[]}}`, "Instance refresh succeeded: 42"},
		{"checkpoint of numbers", `{` + refresh + `Checkpoint Reached","detail":{"AutoScalingGroupName":"g","CheckpointPercentage":50,"CheckpointDelay":300}}`, "Instance refresh reached a checkpoint at 50%: g"},
		{"checkpoint of nothing", `{` + refresh + `Checkpoint Reached","detail":{"AutoScalingGroupName":"g","CheckpointPercentage":null,"CheckpointDelay":"soon"}}`, "Instance refresh reached a checkpoint: g"},
		{"rollback failed", `{` + refresh + `Rollback Failed","detail":{"AutoScalingGroupName":"g"}}`, "Rollback of instance refresh failed: g"},
	})
}

// TestEveryRefreshHasText walks the detail-types, so that none is reported without a title.
func TestEveryRefreshHasText(t *testing.T) {
	n := 0
	for detailType := range Decoders {
		if state, ok := strings.CutPrefix(detailType, "EC2 Auto Scaling Instance Refresh "); ok {
			n++
			if refreshStates[state].title == "" {
				t.Errorf("state %q has no text: add it to refreshStates", state)
			}
		}
	}
	if n != len(refreshStates) {
		t.Errorf("%d states have text, %d are decoded", len(refreshStates), n)
	}
}

func TestGoldenRefreshEvidence(t *testing.T) {
	with := func(info InstanceRefreshInfo) func(*event.Event) {
		return func(e *event.Event) {
			info.Started = e.Time.Add(-25 * time.Minute)
			r := e.Subject.(*InstanceRefresh)
			r.Info, r.Group = event.Found(info), event.Found(Group{Min: 2, Max: 8, Desired: 4, Healthy: 3, Total: 5})
		}
	}
	eventtest.Golden(t, Decoders, "refresh-failed", "asg-instance-refresh-failed", refreshWatch, with(InstanceRefreshInfo{
		Status: "Failed", Reason: "1 of 1 replaced instances did not become healthy; the refresh cannot go on.", Percent: 25, Remaining: 3,
	}))
	eventtest.Golden(t, Decoders, "refresh-rolled-back", "asg-instance-refresh-rollback-succeeded", refreshWatch, with(InstanceRefreshInfo{
		Status: "RollbackSuccessful", RollbackReason: "A CloudWatch alarm went into ALARM.", Remaining: 1,
	}))
	eventtest.Golden(t, Decoders, "refresh-nothing-found", "asg-instance-refresh-failed", refreshWatch, func(e *event.Event) {
		r := e.Subject.(*InstanceRefresh)
		r.Info = event.NotFound[InstanceRefreshInfo]("the instance refresh is no longer known to Auto Scaling")
		r.Group = event.NotFound[Group]("Auto Scaling was too busy to answer")
	})
}

func TestPauses(t *testing.T) {
	for delay, want := range map[string]time.Duration{
		`300`: 5 * time.Minute, `"300"`: 5 * time.Minute, `172801`: 48 * time.Hour, `-5`: 0, `"soon"`: 0, `null`: 0,
	} {
		e := eventtest.Decode(Decoders, `{"source":"aws.autoscaling","detail-type":"EC2 Auto Scaling Instance Refresh Checkpoint Reached",`+
			`"detail":{"AutoScalingGroupName":"g","CheckpointDelay":`+delay+`}}`, refreshWatch)
		if got := e.Subject.(*InstanceRefresh).Pause; got != want {
			t.Errorf("a delay of %s is a pause of %s, want %s", delay, got, want)
		}
	}
}

func TestRefreshProgress(t *testing.T) {
	for info, want := range map[InstanceRefreshInfo]string{
		{}:                          "",
		{Remaining: 1}:              "0% complete, 1 instance to update",
		{Percent: 25, Remaining: 3}: "25% complete, 3 instances to update",
		{Percent: 100}:              "100% complete",
	} {
		if got := info.progress(); got != want {
			t.Errorf("%+v: %q, want %q", info, got, want)
		}
	}
}
