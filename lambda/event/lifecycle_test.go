package event

import (
	"os"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
)

var lifecycleWatch = wire.Watch{Service: "some-service", Lifecycle: &wire.Lifecycle{AfterSeconds: 600}}

func TestIncompleteLifecycles(t *testing.T) {
	const launch = `"source":"aws.autoscaling","detail-type":"EC2 Instance-launch Lifecycle Action"`
	const terminate = `"source":"aws.autoscaling","detail-type":"EC2 Instance-terminate Lifecycle Action"`
	const of = `"EC2InstanceId":"i-1","LifecycleHookName":"h","AutoScalingGroupName":"g"`
	titled(t, lifecycleWatch, [][3]string{
		{"empty detail", `{` + launch + `,"detail":{}}`, "an unnamed instance may still wait for hook without a name to launch in an unnamed group"},
		{"group from the resources", `{` + terminate + `,"resources":["x:autoScalingGroupName/a group"],"detail":{"EC2InstanceId":"i-1","LifecycleHookName":"h"}}`, "i-1 may still wait for hook h to terminate in a group"},
		{"other types", `{` + terminate + `,"detail":{"EC2InstanceId":7,"LifecycleHookName":true,"AutoScalingGroupName":42,"Origin":[],"Destination":{},"NotificationMetadata":{"a":[1]}}}`, "7 may still wait for hook true to terminate in 42"},
		{"test notification", `{` + launch + `,"detail":{"Event":"autoscaling:TEST_NOTIFICATION","AutoScalingGroupName":"g"}}`, "Test of the lifecycle notifications of g"},
		{"test transition", `{` + launch + `,"detail":{"LifecycleTransition":"autoscaling:TEST_NOTIFICATION","AutoScalingGroupName":"g"}}`, "Test of the lifecycle notifications of g"},
		{"terminates in the warm pool", `{` + terminate + `,"detail":{` + of + `,"Origin":"WarmPool","Destination":"EC2"}}`, "i-1 may still wait for hook h to terminate in g"},
		{"new destination", `{` + terminate + `,"detail":{` + of + `,"Destination":"Elsewhere"}}`, "i-1 may still wait for hook h to terminate in g"},
		{"detail is an array", `{` + launch + `,"detail":[]}`, "Unread event: EC2 Instance-launch Lifecycle Action"},
	})
}

func TestLifecycleUnwanted(t *testing.T) {
	for _, tt := range []struct {
		state Finding[string]
		want  string
	}{
		{Finding[string]{}, ""},
		{NotFound[string]("Auto Scaling was too busy to answer"), ""},
		{Found("Pending:Wait"), ""},
		{Found("Terminating:Wait"), ""},
		{Found("Warmed:Pending:Wait"), ""},
		{Found("ReplacingRootVolume:Wait"), ""},
		{Found("InService"), "the instance no longer waits: it is InService"},
		{Found("Terminating:Proceed"), "the instance no longer waits: it is Terminating:Proceed"},
		{Found(""), "the instance no longer waits: it is in no Auto Scaling group anymore"},
	} {
		if got := (&Lifecycle{State: tt.state}).unwanted(lifecycleWatch); got != tt.want {
			t.Errorf("%+v: unwanted = %q, want %q", tt.state, got, tt.want)
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
		tt.of.HookInfo = Found(HookInfo{Default: tt.result})
		if got := tt.of.then(); got != tt.want {
			t.Errorf("%+v: then = %q, want %q", tt.of, got, tt.want)
		}
	}
}

// TestGoldenLifecycleEvidence tells each instance as a watch of 10 minutes does.
func TestGoldenLifecycleEvidence(t *testing.T) {
	found := func(state string, timeout time.Duration, result string) func(*Event) {
		return func(e *Event) {
			l := e.Subject.(*Lifecycle)
			l.State, l.HookInfo = Found(state), Found(HookInfo{Timeout: timeout, Default: result})
			l.Machine = Found(Machine{Name: "web-3", Type: "m5.large", State: "running"})
		}
	}
	for _, tt := range []struct {
		name, event string
		evidence    func(*Event)
	}{
		{"lifecycle-launch-waits", "asg-lifecycle-launch-doc", found("Pending:Wait", time.Hour, "ABANDON")},
		{"lifecycle-past-its-timeout", "asg-lifecycle-terminate-nth", found("Terminating:Wait", 5*time.Minute, "CONTINUE")},
		{"lifecycle-to-the-warm-pool", "asg-lifecycle-terminate-autoscalinggroup-to-warmpool", found("Warmed:Pending:Wait", time.Hour, "CONTINUE")},
		{"lifecycle-root-volume", "asg-lifecycle-terminate-replace-root-volume", found("ReplacingRootVolume:Wait", time.Hour, "ABANDON")},
		{"lifecycle-nothing-found", "asg-lifecycle-launch-ec2-to-warmpool", func(e *Event) {
			l := e.Subject.(*Lifecycle)
			l.State, l.HookInfo = NotFound[string]("Auto Scaling was too busy to answer"), NotFound[HookInfo]("the hook is no longer known to Auto Scaling")
			l.Machine = NotFound[Machine]("the instance is no longer known to EC2")
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			raw, err := os.ReadFile("testdata/" + tt.event + ".json")
			if err != nil {
				t.Fatal(err)
			}
			e := Decode(raw, lifecycleWatch)
			tt.evidence(e)
			n := e.Notice(e.Time.Add(10*time.Minute + 4*time.Second))
			check(t, n)
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
		l := Decode([]byte(`{"source":"aws.autoscaling","detail-type":"EC2 Instance-launch Lifecycle Action","detail":{"NotificationMetadata":`+
			metadata+`}}`), lifecycleWatch).Subject.(*Lifecycle)
		if l.Metadata != want {
			t.Errorf("%s is read as %q, want %q", metadata, l.Metadata, want)
		}
	}
}
