package extraeye_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/internal/limits"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

const (
	centralBus   = "arn:aws:events:eu-west-1:111122223333:event-bus/extraeye"
	organization = "o-a1b2c3d4e5"
)

// fleetKinds are all kinds of watches that a fleet can have.
func fleetKinds() []watch.Watch {
	return []watch.Watch{
		watch.Terminations{Who: true}, watch.Launches{Successful: true}, watch.InstanceRefreshes{}, watch.Lifecycle{}, watch.Deployments{Who: true},
		watch.DeploymentInstances{}, watch.ECSTasks{}, watch.ECSDeployments{}, watch.ECSServices{}, watch.Alarms{}, watch.Health{},
		watch.Pattern{Title: "t", Pattern: &awsevents.EventPattern{Source: jsii.Strings("my.app")}},
	}
}

// inEnv is a stack of an account and Region.
func inEnv(app awscdk.App, id, account, region string) awscdk.Stack {
	return awscdk.NewStack(app, jsii.String(id), &awscdk.StackProps{Env: &awscdk.Environment{Account: &account, Region: &region}})
}

// one is the only resource of a type whose id has a part.
func one(t *testing.T, all cdktest.Template, kind, part string) (found cdktest.Resource) {
	t.Helper()
	n := 0
	for _, r := range all.Resources(kind) {
		if strings.Contains(r.ID, part) {
			found = r
			n++
		}
	}
	if n != 1 {
		t.Fatalf("%d resources %s with %q in their ids", n, kind, part)
	}
	return found
}

func has(t *testing.T, what, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%s has no %s: %s", what, want, text)
		}
	}
}

// TestForwarder checks what a Forwarder consists of.
func TestForwarder(t *testing.T) {
	stack := cdktest.Stack(t)
	f := extraeye.NewForwarder(stack, "Forwarder", &extraeye.ForwarderProps{To: centralBus, Organization: organization})
	cdktest.Correct(t, stack)
	all := cdktest.Synthesize(t, stack)
	var kinds []string
	for _, r := range all["Resources"].(map[string]any) {
		kinds = append(kinds, r.(map[string]any)["Type"].(string))
	}
	slices.Sort(kinds)
	want := []string{"AWS::CloudWatch::Alarm", "AWS::Events::Rule", "AWS::IAM::Role", "AWS::IAM::Role", "AWS::SQS::Queue", "AWS::SQS::QueuePolicy"}
	if !slices.Equal(kinds, want) || len(f.Rules()) != 1 || f.DeadLetterQueue() == nil || f.LookUpRole() == nil {
		t.Errorf("it has %q, want %q", kinds, want)
	}
	rule := cdktest.FlatJSON(t, one(t, all, "AWS::Events::Rule", "").Properties)
	has(t, "the rule", rule, `"Arn":"`+centralBus+`"`, `"DeadLetterConfig"`, `"RoleArn"`, wire.DrillSource, "aws.ecs", "EC2 Instance Terminate Successful")
	if strings.Contains(rule, "EventBusName") || strings.Contains(rule, "InputTransformer") {
		t.Errorf("the rule is %s", rule)
	}
	role := cdktest.FlatJSON(t, one(t, all, "AWS::IAM::Role", "ForwardRole").Properties)
	has(t, "the rule's role", role, `"Action":"events:PutEvents","Effect":"Allow","Resource":"`+centralBus+`"`, `"aws:SourceAccount"`, `"aws:SourceArn"`, ":rule/extraeye-")
	lookUps := cdktest.FlatJSON(t, one(t, all, "AWS::IAM::Role", "LookUps").Properties)
	has(t, "the look-up role", lookUps, `"RoleName":"extraeye-lookups-`, `:iam::111122223333:root`, `"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}`)
}

// TestForwarderAlarms checks that no rule's losses are left out: an alarm adds up ten.
func TestForwarderAlarms(t *testing.T) {
	stack := cdktest.Stack(t)
	var watches []watch.Watch
	for _, source := range cdktest.Names(11, "my.app%02d") {
		watches = append(watches, watch.Pattern{Title: "t", Pattern: &awsevents.EventPattern{Source: jsii.Strings(source)}})
	}
	topic := awssns.NewTopic(stack, jsii.String("Topic"), nil)
	f := extraeye.NewForwarder(stack, "Forwarder", &extraeye.ForwarderProps{To: centralBus, Organization: organization, AlarmTopic: topic, Watches: watches})
	cdktest.Correct(t, stack)
	losses := 0
	for _, alarm := range cdktest.Synthesize(t, stack).Resources("AWS::CloudWatch::Alarm") {
		losses += strings.Count(cdktest.FlatJSON(t, alarm.Properties), "InvocationsFailedToBeSentToDlq")
	}
	if len(f.Rules()) != 11 || losses != 11 {
		t.Errorf("%d rules, and the losses of %d in alarms; want 11 of each", len(f.Rules()), losses)
	}
}

// TestForwarderProps checks what props change.
func TestForwarderProps(t *testing.T) {
	stack := cdktest.Stack(t)
	topic := awssns.NewTopic(stack, jsii.String("Topic"), nil)
	extraeye.NewForwarder(stack, "Forwarder", &extraeye.ForwarderProps{
		To: centralBus, ExternalID: "some-id", LookUpRole: "fleet", NoDrills: true, AlarmTopic: topic, TeamTag: "team", Watches: fleetKinds(),
	})
	extraeye.NewForwarder(stack, "Other", &extraeye.ForwarderProps{To: centralBus, NoLookUps: true})
	cdktest.Correct(t, stack)
	all := cdktest.Synthesize(t, stack)
	if rules := all.Resources("AWS::Events::Rule"); len(rules) != 3 || strings.Contains(cdktest.FlatJSON(t, rules[0].Properties), wire.DrillSource) {
		t.Errorf("%d rules, want 2 of one Forwarder and 1 of the other; the first is %s", len(rules), cdktest.FlatJSON(t, rules[0].Properties))
	}
	lookUps := cdktest.FlatJSON(t, one(t, all, "AWS::IAM::Role", "LookUps").Properties)
	has(t, "the look-up role", lookUps, `"RoleName":"fleet-`, `"StringEquals":{"sts:ExternalId":"some-id"}`, "cloudwatch:ListTagsForResource")
	has(t, "the alarm on losses", cdktest.FlatJSON(t, one(t, all, "AWS::CloudWatch::Alarm", "ForwarderLossAlarm").Properties), "AlarmActions", `"Name":"RuleName"`)
	for _, excess := range (limits.Stack{Name: "some-stack"}).Check(all) {
		t.Errorf("%s: %s", excess.ID, excess)
	}
}

// TestForwarderAllowsLookUps checks that a look-up role may do what the Fleet's own function may for
// the same watches, and nothing else.
func TestForwarderAllowsLookUps(t *testing.T) {
	for _, watches := range [][]watch.Watch{nil, fleetKinds(), {watch.Alarms{}}, {watch.Deployments{Verdict: 30 * 60e9}, watch.ECSDeployments{Verdict: 30 * 60e9}}} {
		for _, tag := range []string{"", "team"} {
			member, central := cdktest.Stack(t), cdktest.Stack(t)
			extraeye.NewForwarder(member, "Forwarder", &extraeye.ForwarderProps{To: centralBus, Organization: organization, Watches: watches, TeamTag: tag})
			extraeye.NewFleet(central, "Fleet", &extraeye.FleetProps{Watches: watches, TeamTag: tag, Teams: []extraeye.Team{{Name: "a", Sinks: []sink.Sink{cdktest.Mail}}}})
			cdktest.Correct(t, member)
			cdktest.Correct(t, central)
			var want []string
			for _, action := range cdktest.Synthesize(t, central).Actions() {
				service, verb, _ := strings.Cut(action, ":")
				if service != "logs" && service != "sqs" && service != "ses" && service != "states" && verb != "InvokeFunction" {
					want = append(want, action)
				}
			}
			all := cdktest.Synthesize(t, member)
			got := allowed(one(t, all, "AWS::IAM::Role", "LookUps"))
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("it may\n%q, and the function of the Fleet\n%q", got, want)
			}
		}
	}
}

// allowed are the actions of a role's own policies.
func allowed(role cdktest.Resource) (actions []string) {
	for _, p := range role.Properties["Policies"].([]any) {
		for _, s := range p.(map[string]any)["PolicyDocument"].(map[string]any)["Statement"].([]any) {
			actions = append(actions, cdktest.ActionsOf(s.(map[string]any))...)
		}
	}
	return actions
}

// TestForwarderOfFleet checks that a Forwarder can be given the bus of a Fleet of the same app.
func TestForwarderOfFleet(t *testing.T) {
	app := cdktest.App(t)
	_, fleet := central(t, app, extraeye.FleetProps{Bus: &extraeye.Bus{Organization: organization}})
	member := inEnv(app, "member", "444455556666", "us-east-1")
	extraeye.NewForwarder(member, "Forwarder", &extraeye.ForwarderProps{To: *fleet.Bus().EventBusArn(), Organization: organization})
	cdktest.Correct(t, member)
	all := cdktest.Synthesize(t, member)
	has(t, "the rule", cdktest.FlatJSON(t, one(t, all, "AWS::Events::Rule", "").Properties), ":events:eu-west-1:111122223333:event-bus/extraeye")
	has(t, "the look-up role", cdktest.FlatJSON(t, one(t, all, "AWS::IAM::Role", "LookUps").Properties), ":iam::111122223333:root", `"extraeye-lookups-us-east-1"`)
}

// TestForwardsWhatIsWatched checks that every rule on a fleet's bus can match what is forwarded.
func TestForwardsWhatIsWatched(t *testing.T) {
	app := cdktest.App(t)
	stack, _ := central(t, app, extraeye.FleetProps{Bus: &extraeye.Bus{Organization: organization}, Watches: fleetKinds()})
	type pattern struct {
		Source     []string `json:"source"`
		DetailType []string `json:"detail-type"`
	}
	var watched, forwarded []pattern
	for _, r := range cdktest.Synthesize(t, stack).Resources("AWS::Events::Rule") {
		var p pattern
		if err := json.Unmarshal([]byte(cdktest.FlatJSON(t, r.Properties["EventPattern"])), &p); err != nil {
			t.Fatal(err)
		}
		if r.Properties["EventBusName"] == nil {
			forwarded = append(forwarded, p)
		} else {
			watched = append(watched, p)
		}
	}
	within := func(all, some []string) bool {
		return !slices.ContainsFunc(some, func(one string) bool { return !slices.Contains(all, one) })
	}
	for _, w := range watched {
		if !slices.ContainsFunc(forwarded, func(f pattern) bool { return within(f.Source, w.Source) && within(f.DetailType, w.DetailType) }) {
			t.Errorf("%v is not forwarded by %v", w, forwarded)
		}
	}
}
