package extraeye_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// alarm is what an alarm goes off with.
type alarm struct {
	id                 string
	actions, okActions any
	metrics            []string // such as "AWS/SQS NumberOfMessagesSent of ${Queue.QueueName}"
}

// summed are the alarms on the sum of several metrics, by the beginning of their ids.
func summed(t *testing.T, all cdktest.Template, prefix string) []alarm {
	t.Helper()
	var found []alarm
	for _, r := range all.Resources("AWS::CloudWatch::Alarm") {
		metrics, ok := r.Properties["Metrics"].([]any)
		if !ok || !strings.HasPrefix(r.ID, prefix) {
			continue
		}
		a := alarm{id: r.ID, actions: r.Properties["AlarmActions"], okActions: r.Properties["OKActions"]}
		sum := metrics[0].(map[string]any)
		var terms []string
		for _, m := range metrics[1:] {
			m := m.(map[string]any)
			stat := m["MetricStat"].(map[string]any)
			metric := stat["Metric"].(map[string]any)
			dimension := metric["Dimensions"].([]any)[0].(map[string]any)
			a.metrics = append(a.metrics, fmt.Sprintf("%s %s of %s %s", metric["Namespace"], metric["MetricName"], dimension["Name"], cdktest.Flat(dimension["Value"])))
			terms = append(terms, fmt.Sprintf("FILL(%s, 0)", m["Id"]))
			if m["ReturnData"] != false || stat["Stat"] != "Sum" || stat["Period"] != 60.0 {
				t.Errorf("%s: the metric is taken as %v", r.ID, m)
			}
		}
		if want := "SUM([" + strings.Join(terms, ", ") + "])"; sum["Expression"] != want || sum["ReturnData"] != true {
			t.Errorf("%s goes off with %v, want %s", r.ID, sum, want)
		}
		if p := r.Properties; p["Threshold"] != 0.0 || p["ComparisonOperator"] != "GreaterThanThreshold" || p["DatapointsToAlarm"] != 1.0 || p["TreatMissingData"] != "notBreaching" {
			t.Errorf("%s goes off when %v", r.ID, p)
		}
		found = append(found, a)
	}
	return found
}

// TestEveryFailureRaisesAnAlarm checks that an alarm goes off with everything that comes
// into the dead-letter queue and everything that is lost on the way there, not only with the
// first.
func TestEveryFailureRaisesAnAlarm(t *testing.T) {
	want := []string{
		"AWS/SQS NumberOfMessagesSent of QueueName ${ExtraeyeNotifierDeadLetterQueueCAAB332C.QueueName}",
		"AWS/Lambda AsyncEventsDropped of FunctionName ${ExtraeyeNotifierFunction58790D5E}",
		"AWS/Lambda DestinationDeliveryFailures of FunctionName ${ExtraeyeNotifierFunction58790D5E}",
		"AWS/States ExecutionsFailed of StateMachineArn ${ExtraeyeNotifierWaitingE4B2BD66.Arn}",
	}
	stack := cdktest.Stack(t)
	cdktest.Service(stack)
	alarms := summed(t, cdktest.Synthesize(t, stack), "")
	if len(alarms) != 1 || !slices.Equal(alarms[0].metrics, want) {
		t.Fatalf("the alarms go off with\n%v\nwant\n%q", alarms, want)
	}
	if alarms[0].actions != nil || alarms[0].okActions != nil {
		t.Errorf("the alarm notifies %v and %v, and there is no topic", alarms[0].actions, alarms[0].okActions)
	}
}

// TestLossAlarms checks that with a topic every rule is in one alarm on what EventBridge
// loses, in the rule's own stack.
func TestLossAlarms(t *testing.T) {
	app := cdktest.App(t)
	shared, other := awscdk.NewStack(app, jsii.String("shared"), nil), awscdk.NewStack(app, jsii.String("other"), nil)
	topic := awssns.NewTopic(shared, jsii.String("Topic"), nil)
	notifier := extraeye.NewNotifier(shared, "Notifier", &extraeye.NotifierProps{AlarmTopic: topic})
	for _, stack := range []awscdk.Stack{shared, other} {
		eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{cdktest.Mail}, Notifier: notifier})
		eye.Watch(watch.Launches{AutoScalingGroupNames: cdktest.Names(1200, "some-service-%04d-production")})
		eye.Watch(watch.Deployments{CodeDeployApplications: []string{"a"}})
	}
	cdktest.Must(t, func() { app.Synth(nil) })
	for _, stack := range []awscdk.Stack{shared, other} {
		cdktest.Correct(t, stack)
		all := cdktest.Synthesize(t, stack)
		var want, got []string
		for _, r := range all.Resources("AWS::Events::Rule") {
			want = append(want, "AWS/Events InvocationsFailedToBeSentToDlq of RuleName ${"+r.ID+"}")
		}
		alarms := summed(t, all, "EyeLossAlarm")
		for i, a := range alarms {
			if id := fmt.Sprintf("EyeLossAlarm%d", i+1); !strings.HasPrefix(a.id, id) {
				t.Errorf("an alarm is %s, want %s", a.id, id)
			}
			if len(a.metrics) > 10 {
				t.Errorf("an alarm has %d metrics, and CloudWatch allows 10", len(a.metrics))
			}
			if a.actions == nil || a.okActions != nil {
				t.Errorf("an alarm notifies %v, and %v when it is over; want the topic, and nobody", a.actions, a.okActions)
			}
			got = append(got, a.metrics...)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) || len(alarms) != 3 {
			t.Errorf("%d alarms go off with\n%q\nwant\n%q", len(alarms), got, want)
		}
	}
}
