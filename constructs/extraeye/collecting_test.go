package extraeye_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

func mailTo(name string) sink.Email {
	return sink.Email{From: "ops@example.com", To: []string{name + "@example.com"}}
}

// TestNothingIsCollectedUnlessAskedFor checks that an app without grouped sinks polls no queue.
func TestNothingIsCollectedUnlessAskedFor(t *testing.T) {
	stack := cdktest.Stack(t)
	cdktest.Service(stack)
	all := cdktest.Synthesize(t, stack)
	if mappings, queues := len(all.Resources("AWS::Lambda::EventSourceMapping")), len(all.Resources("AWS::SQS::Queue")); mappings != 0 || queues != 1 {
		t.Errorf("%d event source mappings and %d queues, want none and the dead-letter queue", mappings, queues)
	}
}

// TestCollecting checks the queues of grouped sinks: one for each wait, whatever watches and Eyes
// there are.
func TestCollecting(t *testing.T) {
	stack := cdktest.Stack(t)
	notifier := extraeye.NewNotifier(stack, "Notifier", &extraeye.NotifierProps{Timeout: 20 * time.Second})
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Notifier: notifier, Sinks: []sink.Sink{
		sink.Grouped{Sink: mailTo("a"), Wait: 5 * time.Minute}, mailTo("b"), sink.Grouped{Sink: mailTo("c")},
		sink.Grouped{Sink: mailTo("d"), Over: 10}, sink.Grouped{Sink: mailTo("e"), Over: 10},
	}})
	eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"g"}})
	only := extraeye.NewEye(stack, "Only", &extraeye.EyeProps{Notifier: notifier})
	only.Watch(watch.Deployments{CodeDeployApplications: []string{"a"}}, sink.Grouped{Sink: mailTo("c")})
	cdktest.Correct(t, stack)
	all := cdktest.Synthesize(t, stack)

	rule := all.Rules(t, stack, eye)[0]
	var ids []string
	for _, target := range rule.Properties["Targets"].([]any) {
		target := target.(map[string]any)
		ids = append(ids, target["Id"].(string))
		if target["DeadLetterConfig"] == nil || target["RoleArn"] != nil {
			t.Errorf("a target is %v", target)
		}
	}
	if want := []string{"Notifier", "Grouped60s", "Grouped300s"}; !slices.Equal(ids, want) {
		t.Errorf("the targets are %q, want %q", ids, want)
	}
	over := func(d wire.Delivery) (all []int) {
		for _, o := range d.Orders() {
			all = append(all, o.Over, len(o.Sinks))
		}
		return all
	}
	for i, want := range [][]int{{0, 1}, {2, 1, 10, 2}, {2, 1}} {
		if got := over(rule.Deliveries[i]); !slices.Equal(got, want) {
			t.Errorf("target %s has orders with over and sinks %v, want %v", ids[i], got, want)
		}
	}
	if n := len(all.Resources("AWS::Lambda::Permission")); n != 1 {
		t.Errorf("%d rules may invoke the function, want the one that does", n)
	}
	checkQueues(t, all, map[string]float64{"60": 6*20 + 60, "300": 6*20 + 300})
}

// checkQueues checks the queues and their alarms, by their waits and how long messages are hidden.
func checkQueues(t *testing.T, all cdktest.Template, hidden map[string]float64) {
	t.Helper()
	mappings, queues, alarms := all.Resources("AWS::Lambda::EventSourceMapping"), all.Resources("AWS::SQS::Queue"), all.Resources("AWS::CloudWatch::Alarm")
	if len(mappings) != len(hidden) || len(queues) != 1+len(hidden) || len(all.Resources("AWS::SQS::QueuePolicy")) != len(queues) {
		t.Fatalf("%d mappings and %d queues, want %d with the dead-letter queue", len(mappings), len(queues), len(hidden))
	}
	for _, m := range mappings {
		if m.Properties["BatchSize"] != 1000.0 || cdktest.Encode(t, m.Properties["FunctionResponseTypes"]) != `["ReportBatchItemFailures"]` {
			t.Errorf("%s is %v", m.ID, m.Properties)
		}
		wait := cdktest.Encode(t, m.Properties["MaximumBatchingWindowInSeconds"])
		arn := cdktest.Flat(m.Properties["EventSourceArn"])
		at := slices.IndexFunc(queues, func(q cdktest.Resource) bool { return strings.Contains(arn, q.ID) })
		q, name := queues[at].Properties, cdktest.FlatJSON(t, []any{map[string]any{"Name": "QueueName", "Value": "${" + queues[at].ID + ".QueueName}"}})
		isAlarm := func(a cdktest.Resource) bool { return cdktest.FlatJSON(t, a.Properties["Dimensions"]) == name }
		if at := slices.IndexFunc(alarms, isAlarm); at < 0 || alarms[at].Properties["Period"] != 300.0 || alarms[at].Properties["Threshold"] != 10*hidden[wait]+3600 {
			t.Errorf("the queue that waits for %s seconds has no alarm on what is not received an hour after ten attempts:\n%s", wait, cdktest.Encode(t, alarms))
		}
		redrive := cdktest.Encode(t, q["RedrivePolicy"])
		if q["VisibilityTimeout"] != hidden[wait] || q["SqsManagedSseEnabled"] != true || !strings.Contains(redrive, "DeadLetterQueue") || !strings.Contains(redrive, `"maxReceiveCount":10`) {
			t.Errorf("the queue that waits for %s seconds is %v", wait, q)
		}
	}
	for _, p := range all.Resources("AWS::IAM::Policy") {
		for _, s := range p.Properties["PolicyDocument"].(map[string]any)["Statement"].([]any) {
			if text := cdktest.FlatJSON(t, s); strings.Contains(text, "sqs:ReceiveMessage") && (strings.Contains(text, "*") || strings.Contains(text, "DeadLetterQueue") || strings.Count(text, ".Arn}") != len(hidden)) {
				t.Errorf("the function may receive as %s", text)
			}
		}
	}
}

// TestGroupedAndWaiting checks that what waits in the state machine comes one by one.
func TestGroupedAndWaiting(t *testing.T) {
	stack := cdktest.Stack(t)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{sink.Grouped{Sink: cdktest.Mail}}})
	eye.Watch(watch.Lifecycle{AutoScalingGroupNames: []string{"g"}})
	cdktest.Correct(t, stack)
	all := cdktest.Synthesize(t, stack)
	d := all.Rules(t, stack, eye)[0].Deliveries
	if len(all.Resources("AWS::Lambda::EventSourceMapping")) != 0 || len(d) != 1 || d[0].Over != 0 || d[0].AfterSeconds == 0 {
		t.Errorf("the deliveries are %s", cdktest.Encode(t, d))
	}
}

// TestGroupedAcrossStacks checks that an Eye may use the queue of another stack's notifier.
func TestGroupedAcrossStacks(t *testing.T) {
	app := cdktest.App(t)
	here, there := awscdk.NewStack(app, jsii.String("here"), nil), awscdk.NewStack(app, jsii.String("there"), nil)
	extraeye.NewEye(here, "Eye", &extraeye.EyeProps{
		AutoScalingGroupNames: []string{"g"}, Notifier: extraeye.NewNotifier(there, "Notifier", nil), Sinks: []sink.Sink{sink.Grouped{Sink: cdktest.Mail}},
	})
	cdktest.Must(t, func() { app.Synth(nil) })
	cdktest.Correct(t, here)
}
