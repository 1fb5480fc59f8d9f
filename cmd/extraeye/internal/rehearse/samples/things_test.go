package samples

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
)

// TestThings checks that events are about the things of the setting, one after the other, but for
// what a rule asks for.
func TestThings(t *testing.T) {
	at := at
	for _, kind := range wire.ThingKinds() {
		for _, name := range []string{"one", "two"} {
			if kind == wire.ECSService {
				name = "main/" + name
			}
			at.Things = append(at.Things, wire.Thing{Kind: kind, Name: name})
		}
	}
	for pattern, want := range map[string][]string{
		`{"source":["aws.autoscaling"],"detail-type":["EC2 Instance Launch Unsuccessful"]}`:                                           {`"AutoScalingGroupName":"one"`, `"AutoScalingGroupName":"two"`},
		`{"source":["aws.codedeploy"],"detail-type":["CodeDeploy Deployment State-change Notification"],"detail":{"state":["STOP"]}}`: {`"application":"one"`},
		`{"source":["aws.cloudwatch"],"detail":{"state":{"value":["OK"]}}}`:                                                           {`"alarmName":"one"`},
		`{"source":["aws.ecs"],"detail-type":["ECS Service Action"]}`:                                                                 {`cluster/one"`, `cluster/two"`, `service/main/one"`},
		`{"source":["aws.autoscaling"],"detail-type":["EC2 Instance Launch Unsuccessful"],"detail":{"AutoScalingGroupName":["own"]}}`: {`"AutoScalingGroupName":"own"`, `"AutoScalingGroupName":"own"`},
	} {
		all, err := For(json.RawMessage(pattern), at)
		if err != nil || len(all) < len(want) {
			t.Fatalf("%s: %d samples, %v", pattern, len(all), err)
		}
		for i, w := range want {
			if got := strings.Join(strings.Fields(string(all[i].Event)), ""); !strings.Contains(got, w) {
				t.Errorf("%s: no %s in %s", pattern, w, got)
			}
		}
	}
}
