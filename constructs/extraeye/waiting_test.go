package extraeye_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

// TestWaiting checks that what waits goes through one state machine
// of the notifier, and that nothing is allowed beyond that way.
func TestWaiting(t *testing.T) {
	stack := cdktest.Stack(t)
	for _, id := range []string{"One", "Two"} {
		eye := extraeye.NewEye(stack, id, &extraeye.EyeProps{Sinks: []sink.Sink{cdktest.Mail, sink.SlackWebhook{Webhook: cdktest.Secret(stack, id)}}})
		eye.Watch(watch.Lifecycle{AutoScalingGroupNames: []string{"g"}})
	}
	all := cdktest.Synthesize(t, stack)
	machines := all.Resources("AWS::StepFunctions::StateMachine")
	if len(machines) != 1 {
		t.Fatalf("%d state machines for one notifier, want 1", len(machines))
	}
	if n := len(all.Resources("AWS::Lambda::Permission")); n != 0 {
		t.Errorf("%d rules may invoke the function at once", n)
	}
	may := map[string]string{}
	for _, r := range all.Resources("AWS::IAM::Role") {
		policies, _ := r.Properties["Policies"].([]any)
		for _, p := range policies {
			for _, s := range p.(map[string]any)["PolicyDocument"].(map[string]any)["Statement"].([]any) {
				s := s.(map[string]any)
				may["${"+r.ID+".Arn} "+s["Action"].(string)] = cdktest.Flat(s["Resource"])
			}
		}
	}
	role, machine := cdktest.Flat(machines[0].Properties["RoleArn"]), "${"+machines[0].ID+"}"
	function, queue := "${"+all.Resources("AWS::Lambda::Function")[0].ID+".Arn}", all.Resources("AWS::SQS::Queue")[0].ID
	for _, r := range all.Resources("AWS::Events::Rule") {
		targets := r.Properties["Targets"].([]any)
		if len(targets) != 1 {
			t.Fatalf("%s has %d targets, want 1", r.ID, len(targets))
		}
		target := targets[0].(map[string]any)
		starter := cdktest.Flat(target["RoleArn"])
		if arn := cdktest.Flat(target["Arn"]); arn != "${"+machines[0].ID+".Arn}" || may[starter+" states:StartExecution"] != arn {
			t.Errorf("%s starts %s as %s, which may %v", r.ID, arn, starter, may)
		}
		if target["DeadLetterConfig"] == nil {
			t.Errorf("%s has no dead-letter queue", r.ID)
		}
	}
	if may[role+" lambda:InvokeFunction"] != function || may[role+" sqs:SendMessage"] != "${"+queue+".Arn}" || len(may) != 3 {
		t.Errorf("the roles of %s may %v", machine, may)
	}

	var definition struct {
		StartAt string
		States  map[string]struct {
			Type, Resource, Next, Default, SecondsPath string
			Parameters                                 map[string]string
			End                                        bool
			Catch                                      []struct{ Next, ResultPath string }
			Choices                                    []struct {
				Variable, Next string
				IsPresent      bool
			}
		}
	}
	if err := json.Unmarshal([]byte(cdktest.Flat(machines[0].Properties["DefinitionString"])), &definition); err != nil {
		t.Fatal(err)
	}
	choose := definition.States[definition.StartAt]
	wait := definition.States[choose.Default]
	notify := definition.States[wait.Next]
	keep := definition.States[notify.Catch[0].Next]
	if c := choose.Choices; choose.Type != "Choice" || len(c) != 1 || c[0].Variable != wire.DeadLetterPath || !c[0].IsPresent || c[0].Next != notify.Catch[0].Next {
		t.Errorf("it chooses as %+v", choose)
	}
	if wait.Type != "Wait" || wait.SecondsPath != wire.AfterSecondsPath {
		t.Errorf("it waits as %+v", wait)
	}
	if notify.Resource != "arn:${AWS::Partition}:states:::lambda:invoke" || !notify.End ||
		notify.Parameters["FunctionName"] != function || notify.Parameters["InvocationType"] != "Event" || notify.Parameters["Payload.$"] != "$" {
		t.Errorf("it notifies as %+v", notify)
	}
	if keep.Resource != "arn:${AWS::Partition}:states:::sqs:sendMessage" || !keep.End ||
		keep.Parameters["QueueUrl"] != "${"+queue+"}" || keep.Parameters["MessageBody.$"] != "$" {
		t.Errorf("it keeps as %+v", keep)
	}
}

// TestFunctionKnowsItsStateMachine checks that the state machine has the function's name, that
// the function may start it and no other, and that the two do not need each other.
func TestFunctionKnowsItsStateMachine(t *testing.T) {
	stack := cdktest.Stack(t)
	extraeye.NewNotifier(stack, "Notifier", nil)
	all := cdktest.Synthesize(t, stack)
	machine, function := all.Resources("AWS::StepFunctions::StateMachine")[0], all.Resources("AWS::Lambda::Function")[0]
	if name := cdktest.Flat(machine.Properties["StateMachineName"]); name != "${"+function.ID+"}" {
		t.Errorf("the state machine is called %s, and the function is %s", name, function.ID)
	}
	granted := 0
	for _, p := range all.Resources("AWS::IAM::Policy") {
		document := cdktest.FlatJSON(t, p.Properties["PolicyDocument"])
		if !strings.Contains(document, "states:") {
			continue
		}
		granted++
		if want := `{"Statement":[{"Action":"states:StartExecution","Effect":"Allow","Resource":"${` + machine.ID + `.Arn}"}],"Version":"2012-10-17"}`; document != want {
			t.Errorf("the function may %s, want %s", document, want)
		}
		if needs := cdktest.Encode(t, all["Resources"].(map[string]any)[function.ID]); strings.Contains(needs, p.ID) {
			t.Errorf("the function needs %s, which needs the state machine", p.ID)
		}
	}
	if granted != 1 {
		t.Errorf("%d policies let the function start it, want 1", granted)
	}
}

// TestWaitingInAnotherStack checks that the state machine is where its function is.
func TestWaitingInAnotherStack(t *testing.T) {
	app := cdktest.App(t)
	here, there := awscdk.NewStack(app, jsii.String("here"), nil), awscdk.NewStack(app, jsii.String("there"), nil)
	eye := extraeye.NewEye(here, "Eye", &extraeye.EyeProps{Notifier: extraeye.NewNotifier(there, "Notifier", nil), Sinks: []sink.Sink{cdktest.Mail}})
	for _, w := range cdktest.FullWatches(t) {
		eye.Watch(w)
	}
	cdktest.Must(t, func() { app.Synth(nil) })
	if codes, texts := cdktest.Reported(here); len(codes) > 0 {
		t.Errorf("reported %q: %q", codes, texts)
	}
	if n := len(cdktest.Synthesize(t, there).Resources("AWS::StepFunctions::StateMachine")); n != 1 {
		t.Errorf("%d state machines beside the function, want 1", n)
	}
}
