package extraeye_test

import (
	"maps"
	"os"
	"path/filepath"
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
	"github.com/extraeye/extraeye/internal/eventpattern"
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
	want := []string{"AWS::CloudWatch::Alarm", "AWS::Events::Rule", "AWS::Events::Rule", "AWS::IAM::Role", "AWS::IAM::Role", "AWS::SQS::Queue", "AWS::SQS::QueuePolicy"}
	if !slices.Equal(kinds, want) || len(f.Rules()) != 2 || f.DeadLetterQueue() == nil || f.LookUpRole() == nil {
		t.Errorf("it has %q, want %q", kinds, want)
	}
	for id, what := range map[string]string{"Rule1": "EC2 Instance Terminate Successful", "Rule2": `"lastStatus":["STOPPED"]`} {
		rule := cdktest.FlatJSON(t, one(t, all, "AWS::Events::Rule", id).Properties)
		has(t, "the rule", rule, `"Arn":"`+centralBus+`"`, `"DeadLetterConfig"`, `"RoleArn"`, wire.DrillSource, "aws.ecs", what)
		if strings.Contains(rule, "EventBusName") || strings.Contains(rule, "InputTransformer") {
			t.Errorf("the rule is %s", rule)
		}
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
	all := cdktest.Synthesize(t, stack)
	for id, want := range map[string]int{"ForwarderLossAlarm1": 10, "ForwarderLossAlarm2": 1} {
		if f.Node().TryFindChild(jsii.String(strings.TrimPrefix(id, "Forwarder"))) == nil {
			t.Errorf("there is no alarm %s", id)
		}
		alarm := one(t, all, "AWS::CloudWatch::Alarm", id)
		if n := strings.Count(cdktest.FlatJSON(t, alarm.Properties), "InvocationsFailedToBeSentToDlq"); n != want || len(f.Rules()) != 11 {
			t.Errorf("%s has the losses of %d of %d rules, want %d of 11", id, n, len(f.Rules()), want)
		}
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
	if rules := all.Resources("AWS::Events::Rule"); len(rules) != 5 || strings.Contains(cdktest.FlatJSON(t, rules[0].Properties), wire.DrillSource) {
		t.Errorf("%d rules, want 3 of one Forwarder and 2 of the other; the first is %s", len(rules), cdktest.FlatJSON(t, rules[0].Properties))
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
	has(t, "the rule", cdktest.FlatJSON(t, one(t, all, "AWS::Events::Rule", "Rule1").Properties), ":events:eu-west-1:111122223333:event-bus/extraeye")
	has(t, "the look-up role", cdktest.FlatJSON(t, one(t, all, "AWS::IAM::Role", "LookUps").Properties), ":iam::111122223333:root", `"extraeye-lookups-us-east-1"`)
}

// TestForwardsWhatIsWatched checks with recorded events that a Forwarder and the Fleet's own account
// forward what any rule on the Fleet's bus matches, once, and no tasks that no watch reports.
func TestForwardsWhatIsWatched(t *testing.T) {
	samples := recordedEvents(t)
	for name, of := range map[string]func(cdktest.WatchCase) watch.Watch{
		"by default": func(c cdktest.WatchCase) watch.Watch { return c.Minimal(cdktest.WatchNames{}) },
		"all":        func(c cdktest.WatchCase) watch.Watch { return c.Widest(cdktest.WatchNames{}) },
	} {
		t.Run(name, func(t *testing.T) {
			var watches []watch.Watch
			cdktest.EachWatch(t, func(kind string, c cdktest.WatchCase) {
				if kind != "instances" && kind != "spotInterruptions" { // which no fleet can have
					watches = append(watches, of(c))
				}
			})
			app := cdktest.App(t)
			fleet, _ := central(t, app, extraeye.FleetProps{Bus: &extraeye.Bus{Organization: organization}, Watches: watches})
			member := inEnv(app, "member", "444455556666", "us-east-1")
			extraeye.NewForwarder(member, "Forwarder", &extraeye.ForwarderProps{To: centralBus, Organization: organization, Watches: watches})
			cdktest.Correct(t, member)
			own, watched := patternsByBus(t, fleet)
			forwarded, _ := patternsByBus(t, member)
			matched := map[string]bool{}
			for sample, raw := range samples {
				wanted := matching(t, watched, raw)
				for _, id := range wanted {
					matched[id] = true
				}
				for place, patterns := range map[string]map[string]string{"a Forwarder": forwarded, "the Fleet's account": own} {
					by := matching(t, patterns, raw)
					if len(wanted) > 0 && len(by) != 1 {
						t.Errorf("%s: the Fleet's %q match it, and %s forwards it by %q, want one", sample, wanted, place, by)
					}
					if strings.HasPrefix(sample, "ecs-task-") && len(wanted) == 0 && len(by) > 0 {
						t.Errorf("%s: nothing reports it, and %s forwards it by %q", sample, place, by)
					}
				}
			}
			if name == "all" && len(matched) != len(watched)-1 { // of a pattern of the user's is no recorded event
				t.Errorf("recorded events are of %d rules of %d", len(matched), len(watched))
			}
		})
	}
}

// TestForwardsWhateverIsChosen checks that what a user chooses beside the detail types changes
// nothing in what is forwarded.
func TestForwardsWhateverIsChosen(t *testing.T) {
	forwardedBy := func(watches ...watch.Watch) map[string]string {
		stack := cdktest.Stack(t)
		extraeye.NewForwarder(stack, "Forwarder", &extraeye.ForwarderProps{To: centralBus, Organization: organization, Watches: watches})
		cdktest.Correct(t, stack)
		patterns, _ := patternsByBus(t, stack)
		return patterns
	}
	got := forwardedBy(
		watch.Deployments{States: []watch.DeploymentState{watch.DeploymentFailed}}, watch.ECSTasks{ClusterNames: []string{"main"}, Reasons: []watch.StopReason{watch.StopSpot}},
		watch.Alarms{AlarmNames: []string{"a"}, States: []watch.AlarmState{watch.AlarmInAlarm}}, watch.Health{Categories: []watch.HealthCategory{watch.HealthIssue}},
	)
	if want := forwardedBy(watch.Deployments{}, watch.ECSTasks{}, watch.Alarms{}, watch.Health{}); !maps.Equal(got, want) {
		t.Errorf("it forwards\n%v\nwant\n%v", got, want)
	}
}

// recordedEvents are the recorded events, by name.
func recordedEvents(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("../../lambda/event/*/testdata/*.json")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d recorded events: %v", len(files), err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		if strings.HasSuffix(file, ".notice.json") {
			continue
		}
		if all[strings.TrimSuffix(filepath.Base(file), ".json")], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// patternsByBus are the patterns of the rules on the default bus and on one of the stack's, by the
// ids of the rules.
func patternsByBus(t *testing.T, stack awscdk.Stack) (byDefault, onBus map[string]string) {
	t.Helper()
	byDefault, onBus = map[string]string{}, map[string]string{}
	for _, r := range cdktest.Synthesize(t, stack).Resources("AWS::Events::Rule") {
		to := onBus
		if r.Properties["EventBusName"] == nil {
			to = byDefault
		}
		to[r.ID] = cdktest.FlatJSON(t, r.Properties["EventPattern"])
	}
	return byDefault, onBus
}

// matching are the ids of the patterns that match an event.
func matching(t *testing.T, patterns map[string]string, event []byte) (ids []string) {
	t.Helper()
	for id, text := range patterns {
		pattern, err := eventpattern.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		e, err := eventpattern.ParseEvent(event)
		if err != nil {
			t.Fatal(err)
		}
		matched, err := pattern.Match(e)
		if err != nil {
			t.Fatal(err)
		}
		if matched {
			ids = append(ids, id)
		}
	}
	return ids
}
