package extraeye_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

func TestGoldenTemplates(t *testing.T) {
	for name, define := range map[string]func(awscdk.Stack){
		"defaults": func(stack awscdk.Stack) { cdktest.Service(stack) },
		"everything": func(stack awscdk.Stack) {
			key := awskms.NewKey(stack, jsii.String("Key"), nil)
			topic := awssns.NewTopic(stack, jsii.String("Topic"), &awssns.TopicProps{MasterKey: key})
			queue := awssqs.NewQueue(stack, jsii.String("Queue"), &awssqs.QueueProps{EncryptionMasterKey: key})
			notifier := extraeye.NewNotifier(stack, "Notifier", &extraeye.NotifierProps{AlarmTopic: topic, Memory: 512})
			eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Service: "some-service", Notifier: notifier, Journal: extraeye.NewJournal(stack, "Journal", nil)})
			eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"web", "worker"}, Causes: watch.AllCauses()}, cdktest.Mail, sink.Queue{Queue: queue})
			eye.Watch(watch.Deployments{CodeDeployApplications: []string{"web"}, DeploymentGroups: []string{"production"}, States: []watch.DeploymentState{watch.DeploymentFailed}, Creators: watch.AllCreators()}, sink.Topic{Topic: topic})
			eye.Watch(watch.Deployments{CodeDeployApplications: []string{"worker"}}, sink.Email{
				From: "Ops <ops@example.com>", To: []string{"a@example.com"}, CC: []string{"b@example.com"}, ReplyTo: []string{"c@example.com"},
				ConfigurationSet: "set", Identity: "arn:aws:ses:eu-west-1:210987654321:identity/example.com",
			})
		},
		"fleet": func(stack awscdk.Stack) {
			extraeye.NewFleet(stack, "Fleet", &extraeye.FleetProps{Teams: teams(stack, 1, 1), TeamTag: "team", Bus: &extraeye.Bus{Organization: organization}})
		},
		"forwarder": func(stack awscdk.Stack) {
			extraeye.NewForwarder(stack, "Forwarder", &extraeye.ForwarderProps{To: centralBus, TeamTag: "team", Organization: organization})
		},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack(t)
			define(stack)
			cdktest.Synthesize(t, stack).Golden(t, "testdata/"+name+".template.json")
		})
	}
}

// TestDelivery checks that a target carries what the notifier reads.
func TestDelivery(t *testing.T) {
	stack := cdktest.Stack(t)
	extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Service: `<aws.events.rule-name> "x"`}).Watch(
		watch.Terminations{AutoScalingGroupNames: []string{"g"}, Causes: []watch.Cause{watch.CauseScaleIn}},
		sink.Email{From: "Ops <ops@example.com>", To: []string{"Tëam <team@example.com>"}},
	)
	rules := cdktest.Synthesize(t, stack).Resources("AWS::Events::Rule")
	if len(rules) != 1 {
		t.Fatalf("%d rules, want 1", len(rules))
	}
	target := rules[0].Properties["Targets"].([]any)[0].(map[string]any)
	input := target["InputTransformer"].(map[string]any)["InputTemplate"].(string)
	if n := strings.Count(input, "<"); n != 1 {
		t.Errorf("the template has %d variables, want only the event: %s", n, input)
	}
	var delivery wire.Delivery
	if err := json.Unmarshal([]byte(strings.Replace(input, "<aws.events.event.json>", `{"id":"1"}`, 1)), &delivery); err != nil {
		t.Fatal(err)
	}
	if string(delivery.Event) != `{"id":"1"}` || delivery.Watch.Service != `<aws.events.rule-name> "x"` ||
		!slices.Equal(delivery.Watch.Terminations.Causes, []wire.Cause{wire.CauseScaleIn}) ||
		delivery.Sinks[0].Email.From != "Ops <ops@example.com>" || delivery.Sinks[0].Email.To[0] != "Tëam <team@example.com>" {
		t.Errorf("delivery %+v", delivery)
	}
}

func TestEveryRuleMayInvoke(t *testing.T) {
	stack := cdktest.Stack(t)
	cdktest.Service(stack)
	all := cdktest.Synthesize(t, stack)
	permissions := all.Resources("AWS::Lambda::Permission")
	rules := all.Resources("AWS::Events::Rule")
	if len(rules) != 2 || len(permissions) != len(rules) {
		t.Fatalf("%d rules, %d permissions", len(rules), len(permissions))
	}
	for _, r := range rules {
		source := map[string]any{"Fn::GetAtt": []any{r.ID, "Arn"}}
		if !slices.ContainsFunc(permissions, func(p cdktest.Resource) bool {
			return fmt.Sprint(p.Properties["SourceArn"]) == fmt.Sprint(source) &&
				p.Properties["Principal"] == "events.amazonaws.com" && p.Properties["Action"] == "lambda:InvokeFunction"
		}) {
			t.Errorf("rule %s may not invoke the notifier", r.ID)
		}
	}
}

// TestSixthTargetGetsASecondRule checks that targets are spread over as many rules as they
// need, those of the notifier included.
func TestSixthTargetGetsASecondRule(t *testing.T) {
	stack := cdktest.Stack(t)
	sinks := []sink.Sink{cdktest.Mail}
	for _, id := range cdktest.Names(10, "Queue%d") {
		sinks = append(sinks, sink.Queue{Queue: awssqs.NewQueue(stack, jsii.String(id), nil)})
	}
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}, Sinks: sinks})
	var ids []string
	for _, r := range eye.Rules() {
		ids = append(ids, *r.Node().Id())
	}
	if want := []string{"Rule1", "Rule1Sinks2", "Rule1Sinks3"}; !slices.Equal(ids, want) {
		t.Errorf("11 targets have the rules %q, want %q", ids, want)
	}
	var pattern any
	targets := map[string]bool{}
	all := cdktest.Synthesize(t, stack)
	for _, r := range all.Resources("AWS::Events::Rule") {
		if n := len(r.Properties["Targets"].([]any)); n > 5 {
			t.Errorf("rule %s has %d targets, and EventBridge allows 5", r.ID, n)
		}
		for _, target := range r.Properties["Targets"].([]any) {
			targets[cdktest.Flat(target.(map[string]any)["Arn"])] = true
		}
		if pattern != nil && fmt.Sprint(pattern) != fmt.Sprint(r.Properties["EventPattern"]) {
			t.Errorf("the rules match differently: %v and %v", pattern, r.Properties["EventPattern"])
		}
		pattern = r.Properties["EventPattern"]
	}
	if len(targets) != len(sinks) {
		t.Errorf("%d targets for %d sinks", len(targets), len(sinks))
	}
	if n := len(all.Resources("AWS::Lambda::Permission")); n != 1 {
		t.Errorf("%d rules may invoke the notifier, want the one that does", n)
	}
}

func TestEyesOfAStackShareANotifier(t *testing.T) {
	app := cdktest.App(t)
	a := awscdk.NewStack(app, jsii.String("a"), nil)
	b := awscdk.NewStack(app, jsii.String("b"), nil)
	eye := func(stack awscdk.Stack, id string) *extraeye.Eye {
		return extraeye.NewEye(stack, id, &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}, Sinks: []sink.Sink{cdktest.Mail}})
	}
	one, two, three := eye(a, "One"), eye(a, "Two"), eye(b, "Three")
	if one.Notifier() != two.Notifier() {
		t.Error("two Eyes of a stack have two notifiers")
	}
	if one.Notifier() == three.Notifier() {
		t.Error("Eyes of two stacks share a notifier")
	}
	if n := len(cdktest.Synthesize(t, a).Resources("AWS::Lambda::Function")); n != 1 {
		t.Errorf("%d functions in a stack of two Eyes, want 1", n)
	}
}

func TestEyeIsAConstruct(t *testing.T) {
	stack := cdktest.Stack(t)
	eye := cdktest.Service(stack)
	queue := awssqs.NewQueue(eye, jsii.String("Queue"), nil)
	topic := awssns.NewTopic(stack, jsii.String("Topic"), nil)
	topic.Node().AddDependency(eye)
	awscdk.Tags_Of(eye).Add(jsii.String("team"), jsii.String("web"), nil)
	awscdk.Tags_Of(eye.Notifier()).Add(jsii.String("team"), jsii.String("platform"), nil)
	if queue.Node().Scope() != any(eye) {
		t.Errorf("the scope of a child is %v, want the Eye", queue.Node().Scope())
	}
	cdktest.Must(t, func() {
		template := assertions.Template_FromStack(stack, nil)
		tagged := func(team string) map[string]any {
			return map[string]any{"Tags": []any{map[string]any{"Key": "team", "Value": team}}}
		}
		template.HasResourceProperties(jsii.String("AWS::SQS::Queue"), tagged("web"))
		template.AllResourcesProperties(jsii.String("AWS::Events::Rule"), tagged("web"))
		template.AllResourcesProperties(jsii.String("AWS::Lambda::Function"), tagged("platform"))
		template.HasResource(jsii.String("AWS::SNS::Topic"), map[string]any{
			"DependsOn": assertions.Match_ArrayWith(&[]any{assertions.Match_StringLikeRegexp(jsii.String("^EyeTerminationsRule1"))}),
		})
	})
}

// TestWatched checks that a watch hands out its own rules, and a wrong one none.
func TestWatched(t *testing.T) {
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	eye := extraeye.NewEye(cdktest.Stack(t), "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{cdktest.Mail}})
	var all []awsevents.CfnRule
	for i, tt := range []struct {
		watch watch.Watch
		rules int
	}{
		{watch.Launches{AutoScalingGroupNames: []string{"g"}}, 1},
		{watch.Launches{}, 0},
		{watch.Terminations{AutoScalingGroupNames: cdktest.Names(600, "some-service-%03d-production")}, 12},
		{nil, 0},
	} {
		rules := eye.Watch(tt.watch).Rules()
		if all = append(all, rules...); len(rules) != tt.rules {
			t.Errorf("watch %d has %d rules, want %d", i, len(rules), tt.rules)
		}
	}
	if !slices.Equal(all, eye.Rules()) {
		t.Errorf("the watches have %d rules together, and the Eye %d", len(all), len(eye.Rules()))
	}
}

func TestWaysOut(t *testing.T) {
	stack := cdktest.Stack(t)
	eye := cdktest.Service(stack)
	if rules := eye.Rules(); len(rules) != 2 {
		t.Fatalf("%d rules, want 2", len(rules))
	}
	eye.Rules()[0].SetState(jsii.String("DISABLED"))
	notifier := eye.Notifier()
	notifier.Function().AddEnvironment(jsii.String("TEAM"), jsii.String("web"), nil)
	notifier.LogGroup().ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN)
	awscdk.NewCfnOutput(stack, jsii.String("DeadLetters"), &awscdk.CfnOutputProps{Value: notifier.DeadLetterQueue().QueueUrl()})
	cdktest.Must(t, func() {
		template := assertions.Template_FromStack(stack, nil)
		template.ResourcePropertiesCountIs(jsii.String("AWS::Events::Rule"), map[string]any{"State": "DISABLED"}, jsii.Number(1))
		template.HasResourceProperties(jsii.String("AWS::Lambda::Function"), map[string]any{
			"Environment": map[string]any{"Variables": map[string]any{"TEAM": "web"}},
		})
		template.HasResource(jsii.String("AWS::Logs::LogGroup"), map[string]any{"DeletionPolicy": "Retain"})
		template.HasOutput(jsii.String("DeadLetters"), map[string]any{})
	})
}

func TestTokensAsNames(t *testing.T) {
	stack := cdktest.Stack(t)
	name := awscdk.NewCfnParameter(stack, jsii.String("Group"), nil).ValueAsString()
	extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: []string{*name, "a-" + *name}, Sinks: []sink.Sink{cdktest.Mail}})
	cdktest.Must(t, func() {
		assertions.Template_FromStack(stack, nil).HasResourceProperties(jsii.String("AWS::Events::Rule"), map[string]any{
			"EventPattern": map[string]any{"detail": map[string]any{"AutoScalingGroupName": []any{
				map[string]any{"Ref": "Group"},
				map[string]any{"Fn::Join": []any{"", []any{"a-", map[string]any{"Ref": "Group"}}}},
			}}},
		})
	})
}

// TestNoDrills checks that an Eye's rules match no drills if it does not want any.
func TestNoDrills(t *testing.T) {
	for _, no := range []bool{false, true} {
		stack := cdktest.Stack(t)
		eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{cdktest.Mail}, NoDrills: no})
		eye.Watch(watch.Launches{AutoScalingGroupNames: []string{"a"}})
		eye.Watch(watch.Launches{AutoScalingGroupNames: []string{"b"}}) // which shares the rule
		for _, p := range cdktest.Patterns(cdktest.Rules(t, stack, eye)) {
			if strings.Contains(p, "extraeye.drill") == no {
				t.Errorf("NoDrills is %t, and a rule matches %s", no, p)
			}
		}
	}
}
