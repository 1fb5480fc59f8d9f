package autoscaling

import (
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
	"github.com/extraeye/extraeye/lambda/notice"
)

var launchWatch = wire.Watch{Service: "some-service", Launches: &wire.Launches{}}

func TestIncompleteLaunches(t *testing.T) {
	const failed = `"source":"aws.autoscaling","detail-type":"EC2 Instance Launch Unsuccessful"`
	const launched = `"source":"aws.autoscaling","detail-type":"EC2 Instance Launch Successful"`
	eventtest.Titles(t, Decoders, launchWatch, [][3]string{
		{"empty detail", `{` + failed + `,"detail":{}}`, "Launch failed in an unnamed group: unknown reason"},
		{"empty success", `{` + launched + `,"detail":{}}`, "Launched an unnamed instance in an unnamed group"},
		{"the detail-type decides", `{` + launched + `,"detail":{"StatusCode":"Failed","EC2InstanceId":"i-1","AutoScalingGroupName":"g"}}`, "Launched i-1 in g"},
		{"names from the resources", `{` + launched + `,"resources":["x:autoScalingGroupName/a group","x:instance/i-1"],"detail":{"EC2InstanceId":""}}`, "Launched i-1 in a group"},
		{"other types", `{` + failed + `,"detail":{"AutoScalingGroupName":42,"StatusMessage":["quota"],"Details":[],"Cause":{},"StartTime":7}}`, "Launch failed in 42: unknown reason"},
		{"reason from the description", `{` + failed + `,"detail":{"AutoScalingGroupName":"g","StatusMessage":"","Description":"Launching a new EC2 instance.  Status Reason: Max spot instance count exceeded."}}`, "Launch failed in g: Spot quota reached"},
	})
}

// TestLaunchResolves shows that a launch resolves what a failed one of its group opened.
func TestLaunchResolves(t *testing.T) {
	reported := func(outcome, group string) *notice.Notice {
		return eventtest.Decode(Decoders, `{"id":"x","source":"aws.autoscaling","account":"1","region":"eu-west-1","detail-type":"EC2 Instance Launch `+
			outcome+`","detail":{"AutoScalingGroupName":"`+group+`","EC2InstanceId":"i-1"}}`, launchWatch).Notice(time.Now())
	}
	failed, launched, other := reported("Unsuccessful", "g"), reported("Successful", "g"), reported("Successful", "other")
	if failed.Status != notice.Open || launched.Status != notice.Resolved || failed.Key != launched.Key || failed.Key == other.Key {
		t.Errorf("%s %q, %s %q, other %q", failed.Status, failed.Key, launched.Status, launched.Key, other.Key)
	}
}

func TestGoldenLaunchEvidence(t *testing.T) {
	group := Group{Min: 1, Max: 5, Desired: 2, Healthy: 1, Total: 1}
	eventtest.Golden(t, Decoders, "launch-failed-group-found", "asg-launch-failed-instance-type-az", launchWatch, func(e *event.Event) {
		l := e.Subject.(*Launch)
		l.Group, l.Instance = event.Found(group), event.NotFound[ec2.Instance]("the event names no instance")
	})
	eventtest.Golden(t, Decoders, "launched-all-found", "asg-launch-unhealthy-replacement", launchWatch, func(e *event.Event) {
		l := e.Subject.(*Launch)
		l.Group = event.Found(group)
		l.Instance = event.Found(ec2.Instance{Name: "web-3", Type: "m5.large", Image: "ami-0abc", Zone: "us-east-1d", Launched: e.Time.Add(-30 * time.Second), State: "running", Group: "prod"})
	})
	eventtest.Golden(t, Decoders, "launched-nothing-found", "asg-launch-unhealthy-replacement", launchWatch, func(e *event.Event) {
		l := e.Subject.(*Launch)
		l.Group, l.Instance = event.NotFound[Group]("Auto Scaling did not answer in time"), event.NotFound[ec2.Instance]("the instance is no longer known to EC2")
	})
}
