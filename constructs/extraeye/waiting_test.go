package extraeye_test

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// TestWaiting checks that what is told after a while goes through one state machine
// of the notifier, and that nothing is allowed beyond that way.
func TestWaiting(t *testing.T) {
	stack := newStack(t)
	for _, id := range []string{"One", "Two"} {
		eye := extraeye.NewEye(stack, id, &extraeye.EyeProps{Sinks: []sink.Sink{mail, sink.Slack{Webhook: named(stack, id)}}})
		eye.Watch(watch.Lifecycle{Groups: []string{"g"}})
	}
	all := template(t, stack)
	machines := resources(t, all, "AWS::StepFunctions::StateMachine")
	if len(machines) != 1 {
		t.Fatalf("%d state machines for one notifier, want 1", len(machines))
	}
	if n := len(resources(t, all, "AWS::Lambda::Permission")); n != 0 {
		t.Errorf("%d rules may invoke the function at once", n)
	}
	may := map[string]string{}
	for _, r := range resources(t, all, "AWS::IAM::Role") {
		policies, _ := r.Properties["Policies"].([]any)
		for _, p := range policies {
			for _, s := range p.(map[string]any)["PolicyDocument"].(map[string]any)["Statement"].([]any) {
				s := s.(map[string]any)
				may["${"+r.ID+".Arn} "+s["Action"].(string)] = flat(s["Resource"])
			}
		}
	}
	role, machine := flat(machines[0].Properties["RoleArn"]), "${"+machines[0].ID+"}"
	function, queue := "${"+resources(t, all, "AWS::Lambda::Function")[0].ID+".Arn}", resources(t, all, "AWS::SQS::Queue")[0].ID
	for _, r := range resources(t, all, "AWS::Events::Rule") {
		targets := r.Properties["Targets"].([]any)
		if len(targets) != 2 {
			t.Errorf("%s has %d targets, want 2", r.ID, len(targets))
		}
		for _, target := range targets {
			target := target.(map[string]any)
			starter := flat(target["RoleArn"])
			if arn := flat(target["Arn"]); arn != "${"+machines[0].ID+".Arn}" || may[starter+" states:StartExecution"] != arn {
				t.Errorf("%s starts %s as %s, which may %v", r.ID, arn, starter, may)
			}
			if target["DeadLetterConfig"] == nil {
				t.Errorf("%s has no dead-letter queue", r.ID)
			}
		}
	}
	if may[role+" lambda:InvokeFunction"] != function || may[role+" sqs:SendMessage"] != "${"+queue+".Arn}" || len(may) != 3 {
		t.Errorf("the roles of %s may %v", machine, may)
	}

	var definition struct {
		StartAt string
		States  map[string]struct {
			Type, Resource, Next, SecondsPath string
			Parameters                        map[string]string
			End                               bool
			Catch                             []struct{ Next, ResultPath string }
		}
	}
	if err := json.Unmarshal([]byte(flat(machines[0].Properties["DefinitionString"])), &definition); err != nil {
		t.Fatal(err)
	}
	wait := definition.States[definition.StartAt]
	tell := definition.States[wait.Next]
	keep := definition.States[tell.Catch[0].Next]
	if wait.Type != "Wait" || wait.SecondsPath != "$.watch.lifecycle.afterSeconds" {
		t.Errorf("it waits as %+v", wait)
	}
	if tell.Resource != "arn:${AWS::Partition}:states:::lambda:invoke" || !tell.End ||
		tell.Parameters["FunctionName"] != function || tell.Parameters["InvocationType"] != "Event" || tell.Parameters["Payload.$"] != "$" {
		t.Errorf("it tells as %+v", tell)
	}
	if keep.Resource != "arn:${AWS::Partition}:states:::sqs:sendMessage" || !keep.End ||
		keep.Parameters["QueueUrl"] != "${"+queue+"}" || keep.Parameters["MessageBody.$"] != "$" {
		t.Errorf("it keeps as %+v", keep)
	}
}

// TestAfter checks how long the state machine is told to wait.
func TestAfter(t *testing.T) {
	for name, tt := range map[string]struct {
		watch watch.Lifecycle
		want  int
	}{
		"default": {watch.Lifecycle{Groups: []string{"g"}}, 600},
		"set":     {watch.Lifecycle{Groups: []string{"g"}, After: 90e9}, 90},
	} {
		stack := newStack(t)
		eye := watchAll(stack, []watch.Watch{tt.watch})
		if got := watching(t, template(t, stack), stack, eye)[0].Lifecycle.AfterSeconds; got != tt.want {
			t.Errorf("%s: it waits %d s, want %d", name, got, tt.want)
		}
	}
}

// TestWaitingInAnotherStack checks that the state machine is where its function is.
func TestWaitingInAnotherStack(t *testing.T) {
	app := newApp(t, nil)
	here, there := awscdk.NewStack(app, jsii.String("here"), nil), awscdk.NewStack(app, jsii.String("there"), nil)
	eye := extraeye.NewEye(here, "Eye", &extraeye.EyeProps{Notifier: extraeye.NewNotifier(there, "Notifier", nil), Sinks: []sink.Sink{mail}})
	for _, w := range allWatches() {
		eye.Watch(w)
	}
	must(t, func() { app.Synth(nil) })
	if codes, texts := reported(here); len(codes) > 0 {
		t.Errorf("reported %q: %q", codes, texts)
	}
	if n := len(resources(t, template(t, there), "AWS::StepFunctions::StateMachine")); n != 1 {
		t.Errorf("%d state machines beside the function, want 1", n)
	}
}
