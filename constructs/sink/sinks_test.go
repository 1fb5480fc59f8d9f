package sink_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

// TestGoldenSinks checks what every sink becomes with every prop.
func TestGoldenSinks(t *testing.T) {
	stack := cdktest.Stack(t)
	cases := cdktest.FullSinks(t, stack)
	eye := cdktest.Send(stack, cdktest.Given(cases)...)
	cdktest.Correct(t, stack)
	template := cdktest.Synthesize(t, stack)
	sent := cdktest.Sent(template.Rules(t, stack, eye))
	for _, c := range cases {
		if c.Wire == nil {
			continue
		}
		if len(sent) == 0 {
			t.Fatal("some sinks are missing")
		}
		if got, want := cdktest.Encode(t, sent[0]), cdktest.Encode(t, c.Wire); got != want {
			t.Errorf("%T: the notifier gets\n%s\nwant\n%s", c.Full, got, want)
		}
		sent = sent[1:]
	}
	template.Golden(t, "testdata/sinks.template.json")

	// A reference to the secret's value would be resolved in the template.
	if text := cdktest.Encode(t, template); strings.Contains(text, "{{resolve:") {
		t.Error("a secret is in the template")
	}
}

// TestDefaultsOfSinks checks what the notifier gets when a prop is left out.
func TestDefaultsOfSinks(t *testing.T) {
	stack := cdktest.Stack(t)
	eye := cdktest.Send(stack,
		sink.SlackWebhook{Webhook: cdktest.Parameter(stack, "a"), Mention: "<!here>"},
		sink.Datadog{APIKey: cdktest.Parameter(stack, "b")})
	got := cdktest.Sent(cdktest.Rules(t, stack, eye))
	if len(got) != 2 || got[0].Slack.MentionFrom != wire.SeverityError || got[1].Datadog.Site != "datadoghq.com" {
		t.Errorf("the notifier gets %s", cdktest.Encode(t, got))
	}
}

// TestSinksThatDifferInTheirResource checks that two sinks are not taken for one
// because their constructs look alike from Go.
func TestSinksThatDifferInTheirResource(t *testing.T) {
	stack := cdktest.Stack(t)
	topic := func(id string) awssns.ITopic { return awssns.NewTopic(stack, jsii.String(id), nil) }
	queue := func(id string) awssqs.IQueue { return awssqs.NewQueue(stack, jsii.String(id), nil) }
	cdktest.Send(stack,
		sink.Topic{Topic: topic("A")}, sink.Topic{Topic: topic("B")},
		sink.Queue{Queue: queue("C")}, sink.Queue{Queue: queue("D")},
		sink.Teams{Webhook: cdktest.Secret(stack, "e")}, sink.Teams{Webhook: cdktest.Secret(stack, "f")})
	cdktest.Correct(t, stack)
}

// TestKeysOfTopics checks that the notifier may use the key of an encrypted topic, and no other.
func TestKeysOfTopics(t *testing.T) {
	stack := cdktest.Stack(t)
	topic := func(id string, key awskms.IKey) awssns.ITopic {
		return awssns.NewTopic(stack, jsii.String(id), &awssns.TopicProps{MasterKey: key})
	}
	cdktest.Send(stack, sink.Topic{Topic: topic("A", nil)}, sink.Topic{Topic: topic("B", awskms.NewKey(stack, jsii.String("Key"), nil))})
	var got []string
	for _, s := range cdktest.Synthesize(t, stack).Statements() {
		if slices.Contains(cdktest.ActionsOf(s), "kms:Decrypt") {
			got = append(got, cdktest.FlatJSON(t, s["Action"])+" "+cdktest.Flat(s["Resource"]))
		}
	}
	if want := []string{`["kms:Decrypt","kms:GenerateDataKey"] ${Key961B73FD.Arn}`}; !slices.Equal(got, want) {
		t.Errorf("the role may use %q, want %q", got, want)
	}
}

// TestNativeSinks checks that rules which share a bus or a group share what lets
// them in.
func TestNativeSinks(t *testing.T) {
	stack := cdktest.Stack(t)
	bus := sink.Bus{Bus: awsevents.EventBus_FromEventBusArn(stack, jsii.String("Bus"), jsii.String("arn:aws:events:eu-west-1:210987654321:event-bus/central"))}
	group := sink.LogGroup{LogGroup: awslogs.LogGroup_FromLogGroupName(stack, jsii.String("Group"), jsii.String("/aws/events/some-service"))}
	for _, id := range []string{"One", "Two"} {
		eye := extraeye.NewEye(stack, id, &extraeye.EyeProps{})
		eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"g"}}, bus, group)
		eye.Watch(watch.Deployments{CodeDeployApplications: []string{"a"}}, bus, group)
	}
	all := cdktest.Synthesize(t, stack)

	var roles []string
	for _, r := range all.Resources("AWS::IAM::Role") {
		if r.Properties["Description"] == "extraeye: puts events on a bus" {
			roles = append(roles, "${"+r.ID+".Arn}")
		}
	}
	if len(roles) != 2 {
		t.Errorf("%d roles for the buses of two Eyes, want 2", len(roles))
	}
	groupARN := "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/events/some-service"
	for _, r := range all.Resources("AWS::Events::Rule") {
		targets := map[string]string{}
		for _, target := range r.Properties["Targets"].([]any) {
			target := target.(map[string]any)
			targets[cdktest.Flat(target["Arn"])] = cdktest.Flat(target["RoleArn"])
			if target["InputTransformer"] != nil {
				t.Errorf("%s: a native target gets something else than the event", r.ID)
			}
		}
		if role := targets["arn:aws:events:eu-west-1:210987654321:event-bus/central"]; !slices.Contains(roles, role) {
			t.Errorf("%s: the bus is reached as %q, want one of %q", r.ID, role, roles)
		}
		if role, ok := targets[groupARN]; !ok || role != "<nil>" {
			t.Errorf("%s: the targets are %v, want the group as %s without a role", r.ID, targets, groupARN)
		}
	}
	policies := all.Resources("AWS::Logs::ResourcePolicy")
	if len(policies) != 1 {
		t.Fatalf("%d resource policies for one group, want 1: an account has 10", len(policies))
	}
	var document struct {
		Statement []struct {
			Action, Resource string
			Condition        map[string]map[string]string
		}
	}
	if err := json.Unmarshal([]byte(cdktest.Flat(policies[0].Properties["PolicyDocument"])), &document); err != nil {
		t.Fatal(err)
	}
	if s := document.Statement; len(s) != 2 || s[0].Resource != groupARN+":*" || s[1].Resource != groupARN+":*" || s[0].Condition != nil ||
		s[1].Action != "logs:PutLogEvents" || s[1].Condition["ArnLike"]["aws:SourceArn"] != "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*" {
		t.Errorf("the resource policy says %+v", s)
	}
}

// TestOneStatementForAllRules checks that a queue's policy stays as it is however many
// rules send to the queue: it has room for 20 statements.
func TestOneStatementForAllRules(t *testing.T) {
	stack := cdktest.Stack(t)
	key := awskms.NewKey(stack, jsii.String("Key"), nil)
	queue := sink.Queue{Queue: awssqs.NewQueue(stack, jsii.String("Queue"), &awssqs.QueueProps{EncryptionMasterKey: key})}
	for _, id := range []string{"One", "Two"} {
		eye := extraeye.NewEye(stack, id, &extraeye.EyeProps{Sinks: []sink.Sink{queue}})
		eye.Watch(watch.Terminations{AutoScalingGroupNames: cdktest.Names(600, "some-service-%03d-production")})
		eye.Watch(watch.Launches{AutoScalingGroupNames: cdktest.Names(600, "some-service-%03d-production")})
	}
	all := cdktest.Synthesize(t, stack)
	if n := len(all.Resources("AWS::Events::Rule")); n < 30 {
		t.Fatalf("%d rules, want more than a queue's policy has room for", n)
	}
	statements := func(document any) (of []string) {
		for _, s := range document.(map[string]any)["Statement"].([]any) {
			if s := cdktest.FlatJSON(t, s); strings.Contains(s, "events.amazonaws.com") {
				of = append(of, s)
			}
		}
		return of
	}
	const rules = `"aws:SourceArn":"arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*"`
	if got := statements(all.Resources("AWS::SQS::QueuePolicy")[1].Properties["PolicyDocument"]); len(got) != 1 || !strings.Contains(got[0], rules) {
		t.Errorf("the queue's policy says of EventBridge\n%s\nwant one statement with\n%s", strings.Join(got, "\n"), rules)
	}
	if got := statements(all.Resources("AWS::KMS::Key")[0].Properties["KeyPolicy"]); len(got) != 1 || !strings.Contains(got[0], `"aws:SourceAccount":"${AWS::AccountId}"`) {
		t.Errorf("the key's policy says of EventBridge\n%s", strings.Join(got, "\n"))
	}
}
