package extraeye_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
)

// TestAcrossStacks checks that an Eye may use what other stacks have, without two
// stacks needing each other.
func TestAcrossStacks(t *testing.T) {
	for name, define := range map[string]func(here, there awscdk.Stack){
		"queue": func(here, there awscdk.Stack) {
			cdktest.Send(here, sink.Queue{Queue: awssqs.NewQueue(there, jsii.String("Queue"), nil)})
		},
		"encrypted queue": func(here, there awscdk.Stack) {
			key := awskms.NewKey(there, jsii.String("Key"), nil)
			cdktest.Send(here, sink.Queue{Queue: awssqs.NewQueue(there, jsii.String("Queue"), &awssqs.QueueProps{EncryptionMasterKey: key})})
		},
		"topic": func(here, there awscdk.Stack) {
			cdktest.Send(here, sink.Topic{Topic: awssns.NewTopic(there, jsii.String("Topic"), nil)})
		},
		"alarm topic": func(here, there awscdk.Stack) {
			key := awskms.NewKey(there, jsii.String("Key"), nil)
			topic := awssns.NewTopic(there, jsii.String("Topic"), &awssns.TopicProps{MasterKey: key})
			extraeye.NewNotifier(here, "Notifier", &extraeye.NotifierProps{AlarmTopic: topic})
		},
		"notifier": func(here, there awscdk.Stack) {
			extraeye.NewEye(here, "Eye", &extraeye.EyeProps{
				AutoScalingGroupNames: []string{"g"}, CodeDeployApplications: []string{"a"},
				Notifier: extraeye.NewNotifier(there, "Notifier", nil),
				Sinks:    []sink.Sink{cdktest.Mail, sink.Topic{Topic: awssns.NewTopic(here, jsii.String("Topic"), nil)}},
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := cdktest.App(t)
			here, there := awscdk.NewStack(app, jsii.String("here"), nil), awscdk.NewStack(app, jsii.String("there"), nil)
			define(here, there)
			cdktest.Must(t, func() { app.Synth(nil) })
			if codes, texts := cdktest.Reported(here); len(codes) > 0 {
				t.Errorf("reported %q: %q", codes, texts)
			}
		})
	}
}

// TestAlarmTopicKeepsItsPolicy checks that the topic stays open to the alarms that
// it had before: a policy would replace the one that lets them all.
func TestAlarmTopicKeepsItsPolicy(t *testing.T) {
	stack := cdktest.Stack(t)
	key := awskms.NewKey(stack, jsii.String("Key"), nil)
	topic := awssns.NewTopic(stack, jsii.String("Topic"), &awssns.TopicProps{MasterKey: key})
	extraeye.NewNotifier(stack, "Notifier", &extraeye.NotifierProps{AlarmTopic: topic})
	cdktest.Must(t, func() {
		template := assertions.Template_FromStack(stack, nil)
		template.ResourceCountIs(jsii.String("AWS::SNS::TopicPolicy"), jsii.Number(0))
		template.HasResourceProperties(jsii.String("AWS::KMS::Key"), map[string]any{
			"KeyPolicy": map[string]any{"Statement": assertions.Match_ArrayWith(&[]any{assertions.Match_ObjectLike(&map[string]any{
				"Action":    []any{"kms:Decrypt", "kms:GenerateDataKey*"},
				"Principal": map[string]any{"Service": "cloudwatch.amazonaws.com"},
			})})},
		})
	})
}

// TestServiceOfANestedStack checks that notices bear a name that people know.
func TestServiceOfANestedStack(t *testing.T) {
	stack := cdktest.Stack(t)
	nested := awscdk.NewNestedStack(stack, jsii.String("Nested"), nil)
	cdktest.Service(nested)
	for _, r := range cdktest.Synthesize(t, nested).Resources("AWS::Events::Rule") {
		if got, want := r.Properties["Description"], "for some-stack"; got != "extraeye: Terminations "+want && got != "extraeye: Deployments "+want {
			t.Errorf("the rule is %q", got)
		}
	}
}
