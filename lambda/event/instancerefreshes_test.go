package event

import (
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

var refreshWatch = wire.Watch{Service: "some-service", InstanceRefreshes: &wire.InstanceRefreshes{}}

func TestIncompleteRefreshes(t *testing.T) {
	const refresh = `"source":"aws.autoscaling","detail-type":"EC2 Auto Scaling Instance Refresh `
	titled(t, refreshWatch, [][3]string{
		{"empty detail", `{` + refresh + `Failed","detail":{}}`, "Instance refresh failed: an unnamed group"},
		{"group from the resources", `{` + refresh + `Failed","resources":["x:autoScalingGroupName/a group"],"detail":{}}`, "Instance refresh failed: a group"},
		{"other types", `{` + refresh + `Succeeded","detail":{"AutoScalingGroupName":42,"InstanceRefreshId":[]}}`, "Instance refresh succeeded: 42"},
		{"checkpoint of numbers", `{` + refresh + `Checkpoint Reached","detail":{"AutoScalingGroupName":"g","CheckpointPercentage":50,"CheckpointDelay":300}}`, "Instance refresh reached a checkpoint at 50%: g"},
		{"checkpoint of nothing", `{` + refresh + `Checkpoint Reached","detail":{"AutoScalingGroupName":"g","CheckpointPercentage":null,"CheckpointDelay":"soon"}}`, "Instance refresh reached a checkpoint: g"},
		{"rollback failed", `{` + refresh + `Rollback Failed","detail":{"AutoScalingGroupName":"g"}}`, "Rollback of instance refresh failed: g"},
		{"detail is text", `{` + refresh + `Failed","detail":"x"}`, "Unread event: EC2 Auto Scaling Instance Refresh Failed"},
	})
}

// TestEveryRefreshHasWords walks the detail-types, so that none can be told in silence.
func TestEveryRefreshHasWords(t *testing.T) {
	n := 0
	for of := range decoders {
		if state, ok := strings.CutPrefix(of[1], "EC2 Auto Scaling Instance Refresh "); ok {
			n++
			if refreshes[state].title == "" {
				t.Errorf("state %q has no words: add it to refreshes", state)
			}
		}
	}
	if n != len(refreshes) {
		t.Errorf("%d states have words, %d are decoded", len(refreshes), n)
	}
}

func TestGoldenRefreshEvidence(t *testing.T) {
	with := func(info RefreshInfo) func(*Event) {
		return func(e *Event) {
			info.Started = e.Time.Add(-25 * time.Minute)
			r := e.Subject.(*Refresh)
			r.Info, r.Fleet = Found(info), Found(Fleet{Min: 2, Max: 8, Desired: 4, Healthy: 3, Total: 5})
		}
	}
	goldenWith(t, "refresh-failed", "asg-instance-refresh-failed", refreshWatch, with(RefreshInfo{
		Status: "Failed", Reason: "1 of 1 replaced instances did not become healthy; the refresh cannot go on.", Percent: 25, Remaining: 3,
	}))
	goldenWith(t, "refresh-rolled-back", "asg-instance-refresh-rollback-succeeded", refreshWatch, with(RefreshInfo{
		Status: "RollbackSuccessful", RollbackReason: "A CloudWatch alarm went into ALARM.", Remaining: 1,
	}))
	goldenWith(t, "refresh-nothing-found", "asg-instance-refresh-failed", refreshWatch, func(e *Event) {
		r := e.Subject.(*Refresh)
		r.Info = NotFound[RefreshInfo]("the instance refresh is no longer known to Auto Scaling")
		r.Fleet = NotFound[Fleet]("Auto Scaling was too busy to answer")
	})
}
