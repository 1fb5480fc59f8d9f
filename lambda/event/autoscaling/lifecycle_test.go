package autoscaling

import (
	"os"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
	"github.com/extraeye/extraeye/lambda/notice"
)

var lifecycleWatch = wire.Watch{Service: "some-service", Lifecycle: &wire.Lifecycle{AfterSeconds: 600}}

func TestIncompleteLifecycles(t *testing.T) {
	const launch = `"source":"aws.autoscaling","detail-type":"EC2 Instance-launch Lifecycle Action"`
	const terminate = `"source":"aws.autoscaling","detail-type":"EC2 Instance-terminate Lifecycle Action"`
	const of = `"EC2InstanceId":"i-1","LifecycleHookName":"h","AutoScalingGroupName":"g"`
	eventtest.Titles(t, Decoders, lifecycleWatch, [][3]string{
		{"empty detail", `{` + launch + `,"detail":{}}`, "an unnamed instance may still wait for hook without a name to launch in an unnamed group"},
		{"group from the resources", `{` + terminate + `,"resources":["x:autoScalingGroupName/a group"],"detail":{"EC2InstanceId":"i-1","LifecycleHookName":"h"}}`, "i-1 may still wait for hook h to terminate in a group"},
		{"other types", `{` + terminate + `,"detail":{"EC2InstanceId":7,"LifecycleHookName":true,"AutoScalingGroupName":42,"Origin":[],"Destination":{},"NotificationMetadata":{"a":[1]}}}`, "7 may still wait for hook true to terminate in 42"},
		{"test notification", `{` + launch + `,"detail":{"Event":"autoscaling:TEST_NOTIFICATION","AutoScalingGroupName":"g"}}`, "Test of the lifecycle notifications of g"},
		{"test transition", `{` + launch + `,"detail":{"LifecycleTransition":"autoscaling:TEST_NOTIFICATION","AutoScalingGroupName":"g"}}`, "Test of the lifecycle notifications of g"},
		{"terminates in the warm pool", `{` + terminate + `,"detail":{` + of + `,"Origin":"WarmPool","Destination":"EC2"}}`, "i-1 may still wait for hook h to terminate in g"},
		{"new destination", `{` + terminate + `,"detail":{` + of + `,"Destination":"Elsewhere"}}`, "i-1 may still wait for hook h to terminate in g"},
	})
}

func TestLifecycleSkipReason(t *testing.T) {
	for _, tt := range []struct {
		state event.Finding[string]
		want  string
	}{
		{event.Finding[string]{}, ""},
		{event.NotFound[string]("Auto Scaling was too busy to answer"), ""},
		{event.Found("Pending:Wait"), ""},
		{event.Found("Terminating:Wait"), ""},
		{event.Found("Warmed:Pending:Wait"), ""},
		{event.Found("ReplacingRootVolume:Wait"), ""},
		{event.Found("Terminating:Retained"), ""},
		{event.Found("Warmed:Terminating:Retained"), ""},
		{event.Found("Warmed:Pending:Retained"), ""},
		{event.Found("InService"), "the instance no longer waits: it is InService"},
		{event.Found("Terminating:Proceed"), "the instance no longer waits: it is Terminating:Proceed"},
		{event.Found(""), "the instance no longer waits: it is in no Auto Scaling group anymore"},
	} {
		if got := (&Lifecycle{State: tt.state}).SkipReason(lifecycleWatch); got != tt.want {
			t.Errorf("%+v: SkipReason = %q, want %q", tt.state, got, tt.want)
		}
	}
}

// TestLifecycleThen also shows that only an instance that launches or terminates is
// said to terminate.
func TestLifecycleThen(t *testing.T) {
	for _, tt := range []struct {
		of     Lifecycle
		result string
		want   string
	}{
		{Lifecycle{}, "CONTINUE", "it goes on as if the hook had been completed (CONTINUE)"},
		{Lifecycle{}, "ABANDON", "it is terminated (ABANDON)"},
		{Lifecycle{Terminating: true}, "ABANDON", "it terminates without waiting for other hooks (ABANDON)"},
		{Lifecycle{Terminating: true, Destination: warmPool}, "ABANDON", "its result is ABANDON"},
		{Lifecycle{Terminating: true, Action: replaceRootVolume}, "ABANDON", "its result is ABANDON"},
		{Lifecycle{}, "SOMETHING", "its result is SOMETHING"},
		{Lifecycle{}, "", ""},
	} {
		tt.of.Hook = event.Found(LifecycleHook{Default: tt.result})
		if got := tt.of.then(); got != tt.want {
			t.Errorf("%+v: then = %q, want %q", tt.of, got, tt.want)
		}
	}
}

// TestGoldenLifecycleEvidence reports each instance as a watch of 10 minutes does.
func TestGoldenLifecycleEvidence(t *testing.T) {
	found := func(state string, timeout time.Duration, result string) func(*event.Event) {
		return func(e *event.Event) {
			l := e.Subject.(*Lifecycle)
			l.State, l.Hook = event.Found(state), event.Found(LifecycleHook{Timeout: timeout, Default: result})
			l.Instance = event.Found(ec2.Instance{Name: "web-3", Type: "m5.large", State: "running"})
		}
	}
	for _, tt := range []struct {
		name, event string
		evidence    func(*event.Event)
	}{
		{"lifecycle-launch-waits", "asg-lifecycle-launch-doc", found("Pending:Wait", time.Hour, "ABANDON")},
		{"lifecycle-past-its-timeout", "asg-lifecycle-terminate-nth", found("Terminating:Wait", 5*time.Minute, "CONTINUE")},
		{"lifecycle-to-the-warm-pool", "asg-lifecycle-terminate-autoscalinggroup-to-warmpool", found("Warmed:Pending:Wait", time.Hour, "CONTINUE")},
		{"lifecycle-root-volume", "asg-lifecycle-terminate-replace-root-volume", found("ReplacingRootVolume:Wait", time.Hour, "ABANDON")},
		{"lifecycle-retained", "asg-lifecycle-terminate-nth", found("Terminating:Retained", 5*time.Minute, "ABANDON")},
		{"lifecycle-nothing-found", "asg-lifecycle-launch-ec2-to-warmpool", func(e *event.Event) {
			l := e.Subject.(*Lifecycle)
			l.State, l.Hook = event.NotFound[string]("Auto Scaling was too busy to answer"), event.NotFound[LifecycleHook]("the hook is no longer known to Auto Scaling")
			l.Instance = event.NotFound[ec2.Instance]("the instance is no longer known to EC2")
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			raw, err := os.ReadFile("testdata/" + tt.event + ".json")
			if err != nil {
				t.Fatal(err)
			}
			e := eventtest.Decode(Decoders, string(raw), lifecycleWatch)
			tt.evidence(e)
			n := e.Notice(e.Time.Add(10*time.Minute + 4*time.Second))
			eventtest.Check(t, n)
			golden.JSON(t, "testdata/evidence/"+tt.name+".notice.json", n)
		})
	}
}

// TestLifecycleMetadata shows that what a hook says is kept whether it is text or not.
func TestLifecycleMetadata(t *testing.T) {
	for metadata, want := range map[string]string{
		`"drain first"`:       "drain first",
		`"{\"queue\":\"q\"}"`: `{"queue":"q"}`,
		`{"queue": "q"}`:      `{"queue": "q"}`,
		`["q"]`:               `["q"]`,
		`null`:                "",
	} {
		l := eventtest.Decode(Decoders, `{"source":"aws.autoscaling","detail-type":"EC2 Instance-launch Lifecycle Action","detail":{"NotificationMetadata":`+
			metadata+`}}`, lifecycleWatch).Subject.(*Lifecycle)
		if l.Metadata != want {
			t.Errorf("%s is read as %q, want %q", metadata, l.Metadata, want)
		}
	}
}

// TestLifecycleWaits shows how long an instance has waited, and for how long it still may.
func TestLifecycleWaits(t *testing.T) {
	for age, want := range map[time.Duration][2]string{
		-time.Second:                   {"a while", "in 1 hour"}, // the clocks differ
		0:                              {"a while", "in 1 hour"},
		10*time.Minute + 4*time.Second: {"10 minutes", "in 49 minutes"},
		time.Hour - time.Second:        {"59 minutes", "in 1 second"},
		time.Hour:                      {"1 hour", ""},
		2 * time.Hour:                  {"2 hours", ""},
	} {
		l := &Lifecycle{GroupName: "g", InstanceID: "i-1", HookName: "h", State: event.Found("Pending:Wait"), Hook: event.Found(LifecycleHook{Timeout: time.Hour, Default: "ABANDON"})}
		n := &notice.Notice{}
		l.Describe(n, &event.Event{Time: death}, death.Add(age))
		title := "i-1 has waited " + want[0] + " for hook h to launch in g"
		summary := "Instance i-1 has waited " + want[0] + " for lifecycle hook h to be completed, to launch in g."
		if want[1] != "" {
			summary += " Unless it is completed or a heartbeat comes, " + want[1] + " it is terminated (ABANDON)."
		}
		if n.Title != title || n.Summary != summary {
			t.Errorf("%s: %q, %q", age, n.Title, n.Summary)
		}
	}
}
