package extraeye_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// chat and pager are two sinks.
var (
	chat  = sink.Email{From: "ops@example.com", To: []string{"chat@example.com"}}
	pager = sink.Email{From: "ops@example.com", To: []string{"pager@example.com"}}
)

// TestSharedRules checks which watches share a rule, in whichever order they are added, and
// what the notifier gets of each.
func TestSharedRules(t *testing.T) {
	deployments := func(states ...watch.DeploymentState) watch.Deployments {
		return watch.Deployments{CodeDeployApplications: []string{"a", "b"}, States: states}
	}
	all, failed, succeeded := deployments(watch.AllDeploymentStates()...), deployments(watch.DeploymentFailed), deployments(watch.DeploymentSucceeded)
	in := func(w watch.Deployments, groups ...string) watch.Watch { w.DeploymentGroups = groups; return w }
	pattern := func(source, title string) watch.Watch {
		return watch.Pattern{Pattern: &awsevents.EventPattern{Source: jsii.Strings(source)}, Title: title}
	}
	for name, tt := range map[string]struct {
		one, two watch.Watch
		// only are what the notifier has to choose by for each of them. Empty: they share no rule.
		only []string
	}{
		"the same": {all, all, []string{"null", "null"}},
		"other causes": {
			watch.Terminations{AutoScalingGroupNames: []string{"a"}}, watch.Terminations{AutoScalingGroupNames: []string{"a"}, Causes: watch.AllCauses()},
			[]string{"null", "null"},
		},
		"names in another order":   {watch.Launches{AutoScalingGroupNames: []string{"a", "b"}}, watch.Launches{AutoScalingGroupNames: []string{"b", "a"}}, []string{"null", "null"}},
		"one name more":            {watch.Launches{AutoScalingGroupNames: []string{"a", "b"}}, watch.Launches{AutoScalingGroupNames: []string{"a"}}, nil},
		"some states":              {all, failed, []string{"null", `{"detail.state":["FAILURE"]}`}},
		"other states":             {succeeded, failed, []string{`{"detail.state":["SUCCESS"]}`, `{"detail.state":["FAILURE"]}`}},
		"some deployment groups":   {all, in(all, "production"), []string{"null", `{"detail.deploymentGroup":["production"]}`}},
		"other deployment groups":  {in(all, "production"), in(all, "canary"), []string{`{"detail.deploymentGroup":["production"]}`, `{"detail.deploymentGroup":["canary"]}`}},
		"less in two ways":         {all, in(failed, "production"), []string{"null", `{"detail.deploymentGroup":["production"],"detail.state":["FAILURE"]}`}},
		"more in one, less in one": {failed, in(all, "production"), nil},
		"other in two ways":        {in(succeeded, "canary"), in(failed, "production"), nil},
		"alarms": {
			watch.Alarms{AlarmNamePrefixes: []string{"a-"}, AlarmNames: []string{"b"}},
			watch.Alarms{AlarmNamePrefixes: []string{"a-"}, AlarmNames: []string{"b"}, States: []watch.AlarmState{watch.AlarmInAlarm}},
			[]string{"null", `{"detail.state.value":["ALARM"]}`},
		},
		"a name and a prefix":    {watch.Alarms{AlarmNamePrefixes: []string{"a"}}, watch.Alarms{AlarmNames: []string{"a"}}, nil},
		"tags, by other values":  {watch.Alarms{AlarmNames: []string{"a"}, AlarmTags: map[string][]string{"team": {"web", "api"}}}, watch.Alarms{AlarmNames: []string{"a"}, AlarmTags: map[string][]string{"team": {"web"}}}, nil},
		"services of a cluster":  {watch.ECSTasks{ClusterNames: []string{"a"}}, watch.ECSTasks{ClusterNames: []string{"a"}, ServiceNames: []string{"s"}}, []string{"null", `{"detail.group":["service:s"]}`}},
		"other events":           {watch.Launches{AutoScalingGroupNames: []string{"a"}}, watch.Launches{AutoScalingGroupNames: []string{"a"}, Successful: true}, nil},
		"other watches":          {watch.Launches{AutoScalingGroupNames: []string{"a"}}, watch.InstanceRefreshes{AutoScalingGroupNames: []string{"a"}}, nil},
		"without names":          {watch.SpotInterruptions{}, watch.SpotInterruptions{AutoScalingGroupNames: []string{"a"}}, []string{"null", "null"}},
		"as long a wait":         {watch.Lifecycle{AutoScalingGroupNames: []string{"a"}}, watch.Lifecycle{AutoScalingGroupNames: []string{"a"}, After: 10 * time.Minute}, []string{"null", "null"}},
		"a longer wait":          {watch.Lifecycle{AutoScalingGroupNames: []string{"a"}}, watch.Lifecycle{AutoScalingGroupNames: []string{"a"}, After: time.Hour}, nil},
		"patterns":               {pattern("a", "this"), pattern("a", "that"), []string{"null", "null"}},
		"other patterns":         {pattern("a", "this"), pattern("b", "this"), nil},
		"health by category":     {watch.Health{Services: []string{"EC2"}}, watch.Health{Services: []string{"EC2"}, Categories: []watch.HealthCategory{watch.HealthIssue}}, []string{"null", `{"detail.eventTypeCategory":["issue"]}`}},
		"health of all services": {watch.Health{}, watch.Health{Services: []string{"EC2"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			for _, swapped := range []bool{false, true} {
				stack := cdktest.Stack(t)
				eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Service: "s"})
				watches, want := []watch.Watch{tt.one, tt.two}, slices.Clone(tt.only)
				if swapped {
					slices.Reverse(watches)
					slices.Reverse(want)
				}
				one, two := eye.Watch(watches[0], chat), eye.Watch(watches[1], pager)
				cdktest.Correct(t, stack)
				if shared := slices.Equal(one.Rules(), two.Rules()); shared != (want != nil) || len(one.Rules()) != 1 {
					t.Fatalf("swapped %t: they have the rules %v and %v", swapped, one.Rules(), two.Rules())
				}
				rules := cdktest.Rules(t, stack, eye)
				if want == nil {
					want = []string{"null", "null"}
				} else if len(rules) != 1 || len(rules[0].Deliveries) != 1 {
					t.Fatalf("swapped %t: %d rules", swapped, len(rules))
				}
				var got []string
				for _, w := range cdktest.Watched(rules) {
					got = append(got, cdktest.Encode(t, w.Only))
				}
				if !slices.Equal(got, want) || len(cdktest.Sent(rules)) != 2 {
					t.Errorf("swapped %t: the notifier chooses by %q, want %q", swapped, got, want)
				}
			}
		})
	}
}

// TestSharedRuleMatchesWhatAnyWants checks that a rule that is shared matches what any of its
// watches wants, and nothing else, whether or not it was looked at in between.
func TestSharedRuleMatchesWhatAnyWants(t *testing.T) {
	states := func(states ...watch.DeploymentState) watch.Watch {
		return watch.Deployments{CodeDeployApplications: []string{"a"}, States: states}
	}
	stack := cdktest.Stack(t)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{})
	eye.Watch(states(watch.DeploymentFailed), chat)
	before := cdktest.Encode(t, stack.Resolve(eye.Rules()[0].EventPattern()))
	eye.Watch(states(watch.DeploymentStopped, watch.DeploymentFailed), pager)
	eye.Watch(states(watch.DeploymentSucceeded), cdktest.Mail)
	eye.Watch(states(watch.DeploymentSucceeded, watch.DeploymentStopped), sink.Email{From: "ops@example.com", To: []string{"more@example.com"}})
	rules := cdktest.Rules(t, stack, eye)
	if len(rules) != 1 || !strings.Contains(before, `"state":["FAILURE"]`) || !strings.Contains(rules[0].Pattern, `"state":["STOP","FAILURE","SUCCESS"]`) {
		t.Fatalf("%d rules, which match %v, and before %s", len(rules), cdktest.Patterns(rules), before)
	}
	var got []string
	for _, w := range cdktest.Watched(rules) {
		got = append(got, strings.Join(w.Only["detail.state"], " "))
	}
	if want := []string{"FAILURE", "STOP FAILURE", "SUCCESS", "SUCCESS STOP"}; !slices.Equal(got, want) {
		t.Errorf("the notifier chooses by %q, want %q", got, want)
	}
}

// TestRawEventsAreNotWidened checks that a sink that gets the raw event gets what its watch
// asks for and nothing else, though the notifier's part of the watch shares a wider rule.
func TestRawEventsAreNotWidened(t *testing.T) {
	failed := watch.Deployments{CodeDeployApplications: []string{"a"}, States: []watch.DeploymentState{watch.DeploymentFailed}}
	all := watch.Deployments{CodeDeployApplications: []string{"a"}, States: watch.AllDeploymentStates()}
	for _, failedFirst := range []bool{false, true} {
		stack := cdktest.Stack(t)
		queue, archive := cdktest.Queue(stack), sink.Queue{Queue: awssqs.NewQueue(stack, jsii.String("Archive"), nil)}
		eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{})
		var some *extraeye.Watched
		if failedFirst {
			some = eye.Watch(failed, pager, queue)
		}
		every := eye.Watch(all, chat, archive)
		if !failedFirst {
			some = eye.Watch(failed, pager, queue)
		}
		cdktest.Correct(t, stack)
		if len(some.Rules()) != 2 || len(every.Rules()) != 1 || !slices.Contains(some.Rules(), every.Rules()[0]) {
			t.Fatalf("failed first %t: %d and %d rules", failedFirst, len(some.Rules()), len(every.Rules()))
		}
		got := map[string]string{}
		for _, r := range cdktest.Rules(t, stack, eye) {
			for _, target := range r.Properties["Targets"].([]any) {
				got[cdktest.Flat(target.(map[string]any)["Arn"])] += fmt.Sprint(r.Properties["EventPattern"].(map[string]any)["detail"].(map[string]any)["state"])
			}
		}
		delete(got, "${ExtraeyeNotifierFunction58790D5E.Arn}")
		for arn, states := range got {
			if want := map[bool]string{true: "[FAILURE]", false: "[START SUCCESS FAILURE STOP READY]"}[strings.HasPrefix(arn, "${Queue")]; states != want {
				t.Errorf("failed first %t: %s gets %s, want %s", failedFirst, arn, states, want)
			}
		}
		if len(got) != 2 {
			t.Errorf("failed first %t: raw events go to %v, want two queues", failedFirst, got)
		}
		if n := len(cdktest.Synthesize(t, stack).Resources("AWS::Lambda::Permission")); n != 1 {
			t.Errorf("failed first %t: %d rules may invoke the notifier, want 1", failedFirst, n)
		}
	}
}

// TestRawEventsOfSharedRules checks that a queue of two watches that see the same gets an event
// once, and that nobody is warned of it.
func TestRawEventsOfSharedRules(t *testing.T) {
	stack := cdktest.Stack(t)
	queue := cdktest.Queue(stack)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{})
	eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"a"}}, chat, queue)
	eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"a"}, Causes: []watch.Cause{watch.CauseScaleIn}}, queue)
	if codes, texts := cdktest.Reported(stack); len(codes) > 0 {
		t.Errorf("reported %q", texts)
	}
	rules := cdktest.Rules(t, stack, eye)
	if len(rules) != 1 || len(rules[0].Properties["Targets"].([]any)) != 2 {
		t.Errorf("%d rules: %s", len(rules), cdktest.Encode(t, rules))
	}
}

// TestManySharedNames checks that watches of more names than one rule has room for share all
// of their rules.
func TestManySharedNames(t *testing.T) {
	stack := cdktest.Stack(t)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{})
	names := cdktest.Names(300, "some-service-%03d")
	one := eye.Watch(watch.Deployments{CodeDeployApplications: names, States: watch.AllDeploymentStates()}, chat)
	two := eye.Watch(watch.Deployments{CodeDeployApplications: names, States: []watch.DeploymentState{watch.DeploymentFailed}}, pager)
	if len(one.Rules()) < 4 || !slices.Equal(one.Rules(), two.Rules()) || !slices.Equal(one.Rules(), eye.Rules()) {
		t.Errorf("they have %d and %d of %d rules", len(one.Rules()), len(two.Rules()), len(eye.Rules()))
	}
	for _, r := range cdktest.Rules(t, stack, eye) {
		if len(r.Deliveries) != 1 || len(r.Deliveries[0].Also) != 1 {
			t.Errorf("%s hands the notifier %+v", r.ID, r.Deliveries)
		}
	}
}

// TestRulesOfAWatch checks that a watch has the rules that deliver to its sinks, and no others, if
// raw events are kept apart.
func TestRulesOfAWatch(t *testing.T) {
	failed := watch.Deployments{CodeDeployApplications: []string{"a"}, States: []watch.DeploymentState{watch.DeploymentFailed}}
	stack := cdktest.Stack(t)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{})
	raw, notified := eye.Watch(failed, cdktest.Queue(stack)), eye.Watch(failed, pager)
	all := eye.Watch(watch.Deployments{CodeDeployApplications: []string{"a"}, States: watch.AllDeploymentStates()}, chat)
	rules := eye.Rules()
	if len(rules) != 2 || !slices.Equal(notified.Rules(), rules[:1]) || !slices.Equal(all.Rules(), rules[:1]) || !slices.Equal(raw.Rules(), rules[1:]) {
		t.Errorf("of %d rules, the watches have %v, %v and %v", len(rules), raw.Rules(), notified.Rules(), all.Rules())
	}
}

// TestSharedRulesTakeNoIDs checks that watches that share all of their rules leave the next id to the
// next watch.
func TestSharedRulesTakeNoIDs(t *testing.T) {
	states := func(application string, states ...watch.DeploymentState) watch.Watch {
		return watch.Deployments{CodeDeployApplications: []string{application}, States: states}
	}
	eye := extraeye.NewEye(cdktest.Stack(t), "Eye", &extraeye.EyeProps{})
	eye.Watch(states("a", watch.DeploymentFailed), chat)
	eye.Watch(states("a", watch.AllDeploymentStates()...), pager)
	eye.Watch(states("a", watch.DeploymentStopped), cdktest.Mail)
	if path, want := *eye.Watch(states("b", watch.DeploymentFailed), chat).Rules()[0].Node().Path(), "some-stack/Eye/Deployments2/Rule1"; path != want {
		t.Errorf("the rule of the other application is %s, want %s", path, want)
	}
}
