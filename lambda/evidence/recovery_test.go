package evidence

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
)

func TestRecovery(t *testing.T) {
	const noGroup = "<AutoScalingGroups/>"
	for name, tt := range map[string]struct {
		group   string
		want    autoscaling.Group
		deleted bool
	}{
		"a group": {aGroup, autoscaling.Group{Min: 1, Max: 8, Desired: 3, Healthy: 2, Total: 4, Retained: 1}, false},
		"deleted": {scaling("DescribeAutoScalingGroups", noGroup), autoscaling.Group{}, true},
	} {
		asked := map[string]int{}
		l, _ := lookups(t, func(w http.ResponseWriter, r *http.Request) {
			operation := r.FormValue("Action")
			asked[operation]++
			_, _ = io.WriteString(w, map[string]string{"DescribeAutoScalingGroups": tt.group, "DescribeScalingActivities": activities}[operation])
		})
		started := time.Now().Add(-time.Hour)
		for range 2 { // the second uses the answers to the first
			r := &autoscaling.Recovery{Last: &autoscaling.Termination{GroupName: "a & b", InstanceID: "i-9", Started: started}}
			e := &event.Event{Region: "eu-west-1", Subject: r}
			for _, look := range l.forAutoScaling(e) {
				look(context.Background())
			}
			if r.Last.Group.Value != tt.want || r.Deleted != tt.deleted || r.Last.Group.Known == tt.deleted {
				t.Errorf("%s: the group is %+v, deleted %v", name, r.Last.Group, r.Deleted)
			}
			if !r.Last.Activities.Known || !r.Decided.Equal(started) || time.Since(r.Asked) > time.Minute {
				t.Errorf("%s: activities %+v, decided %v, asked %v", name, r.Last.Activities, r.Decided, r.Asked)
			}
		}
		if asked["DescribeAutoScalingGroups"] != 1 || asked["DescribeScalingActivities"] != 1 {
			t.Errorf("%s: asked %v", name, asked)
		}
	}
}
