package watch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/watch"
)

// TestGoldenWatches checks what every watch becomes with every prop.
func TestGoldenWatches(t *testing.T) {
	stack := cdktest.Stack(t)
	cdktest.Watch(stack, cdktest.FullWatches(t)...)
	cdktest.Correct(t, stack)
	cdktest.Synthesize(t, stack).Golden(t, "testdata/watches.template.json")
}

// TestMinimalWatches checks which events each watch asks for, and what the notifier gets
// of it, when it is given no more than it needs.
func TestMinimalWatches(t *testing.T) {
	stack := cdktest.Stack(t)
	eyes := map[string]*extraeye.Eye{}
	cdktest.EachWatch(t, func(kind string, c cdktest.WatchCase) {
		eyes[kind] = cdktest.WatchAs(stack, kind, c.Minimal(cdktest.A))
	})
	cdktest.Correct(t, stack)
	template := cdktest.Synthesize(t, stack)
	cdktest.EachWatch(t, func(kind string, c cdktest.WatchCase) {
		rules := template.Rules(t, stack, eyes[kind])
		if len(rules) != 1 || len(rules[0].Deliveries) != 1 {
			t.Errorf("%s: %d rules, want 1 with 1 target", kind, len(rules))
			return
		}
		if got := cdktest.FlatJSON(t, rules[0].Properties["EventPattern"]); got != c.Pattern {
			t.Errorf("%s: the rule matches\n%s\nwant\n%s", kind, got, c.Pattern)
		}
		w := rules[0].Deliveries[0].Watch
		w.Service = ""
		if got := cdktest.Encode(t, w); got != c.Wire {
			t.Errorf("%s: the notifier gets\n%s\nwant\n%s", kind, got, c.Wire)
		}
	})
}

// TestNamesThatAreKnownAtDeployment checks that every name may be one, and how long
// each is taken to be.
func TestNamesThatAreKnownAtDeployment(t *testing.T) {
	stack := cdktest.Stack(t)
	next := 0
	tokens := func(n int) []string {
		var all []string
		for range n {
			next++
			all = append(all, *awscdk.NewCfnParameter(stack, jsii.String(fmt.Sprint("P", next)), nil).ValueAsString())
		}
		return all
	}
	group := tokens(1)
	for name, tt := range map[string]struct {
		watch watch.Watch
		rules int
	}{
		"groups":        {watch.Launches{AutoScalingGroupNames: tokens(20)}, 4},
		"refreshes":     {watch.InstanceRefreshes{AutoScalingGroupNames: group}, 1},
		"hooks":         {watch.Lifecycle{AutoScalingGroupNames: group}, 1},
		"instances":     {watch.Instances{InstanceIDs: tokens(80)}, 1},
		"Spot groups":   {watch.SpotInterruptions{AutoScalingGroupNames: group}, 1},
		"applications":  {watch.DeploymentInstances{CodeDeployApplications: tokens(20), DeploymentGroups: group}, 2},
		"releases":      {watch.Deployments{CodeDeployApplications: tokens(2)}, 1},
		"clusters":      {watch.ECSTasks{ClusterNames: tokens(10), ServiceNames: group}, 2},
		"tasks":         {watch.ECSTasks{ClusterNames: tokens(9), ServiceNames: tokens(3)}, 3},
		"services":      {watch.ECSServices{ClusterNames: group, ServiceNames: tokens(10)}, 4},
		"alarms":        {watch.Alarms{AlarmNames: tokens(5), AlarmNamePrefixes: tokens(5)}, 2},
		"alarms' tags":  {watch.Alarms{AlarmTags: map[string][]string{"team": tokens(10)}}, 2},
		"Health's":      {watch.Health{Services: group}, 1},
		"event pattern": {watch.Pattern{Pattern: &awsevents.EventPattern{Source: jsii.Strings(group[0])}, Title: "t"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			eye := cdktest.WatchAs(stack, strings.ReplaceAll(name, " ", ""), tt.watch)
			if n := len(eye.Rules()); n != tt.rules {
				t.Errorf("%d rules, want %d", n, tt.rules)
			}
		})
	}
	cdktest.Correct(t, stack)
}

// TestGrantsOfManyNames checks that up to 50 of what is watched are granted one by one, and of more
// all of each cluster or application: a policy has no room for every one.
func TestGrantsOfManyNames(t *testing.T) {
	for _, tt := range []struct{ in, each, want int }{{10, 5, 50}, {17, 3, 17}} {
		in, each := cdktest.Names(tt.in, "in-%d"), cdktest.Names(tt.each, "each-%d")
		for action, w := range map[string]watch.Watch{
			"codedeploy:GetDeployment": watch.Deployments{CodeDeployApplications: in, DeploymentGroups: each},
			"ecs:DescribeServices":     watch.ECSServices{ClusterNames: in, ServiceNames: each},
		} {
			stack := cdktest.Stack(t)
			cdktest.Watch(stack, w)
			var granted []string
			for _, s := range cdktest.Synthesize(t, stack).Statements() {
				if slices.Contains(cdktest.ActionsOf(s), action) {
					for _, r := range s["Resource"].([]any) {
						granted = append(granted, cdktest.Flat(r))
					}
				}
			}
			all := tt.want < tt.in*tt.each
			if len(granted) != tt.want || slices.ContainsFunc(granted, func(r string) bool { return strings.HasSuffix(r, "/*") != all }) {
				t.Errorf("%s is granted on %d of %d times %d, want %d: %q", action, len(granted), tt.in, tt.each, tt.want, granted)
			}
		}
	}
}

// TestGrantsOfVerdicts checks that metrics may be read only for a verdict.
func TestGrantsOfVerdicts(t *testing.T) {
	names := []string{"a"}
	for _, verdict := range []time.Duration{0, time.Hour} {
		for _, w := range []watch.Watch{
			watch.Deployments{CodeDeployApplications: names, Verdict: verdict},
			watch.ECSDeployments{ClusterNames: names, Verdict: verdict},
		} {
			stack := cdktest.Stack(t)
			cdktest.Watch(stack, w)
			if got := slices.Contains(cdktest.Synthesize(t, stack).Actions(), "cloudwatch:GetMetricData"); got != (verdict > 0) {
				t.Errorf("%T with the verdict %s: may metrics be read: %t", w, verdict, got)
			}
		}
	}
}

// TestListsThatAreKnownAtDeployment checks that an event pattern may have one: it is
// not packed.
func TestListsThatAreKnownAtDeployment(t *testing.T) {
	stack := cdktest.Stack(t)
	list := awscdk.NewCfnParameter(stack, jsii.String("Sources"), &awscdk.CfnParameterProps{Type: jsii.String("CommaDelimitedList")}).ValueAsList()
	eye := cdktest.Watch(stack, watch.Pattern{Pattern: &awsevents.EventPattern{Source: list}, Title: "t"})
	cdktest.Correct(t, stack)
	if got := cdktest.Rules(t, stack, eye)[0].Pattern; got != `{"source":{"Ref":"Sources"}}` {
		t.Errorf("the rule matches %s", got)
	}
}

// TestAfter checks how long the notifier is to wait for a lifecycle hook.
func TestAfter(t *testing.T) {
	for name, tt := range map[string]struct {
		watch watch.Lifecycle
		want  int
	}{
		"default": {watch.Lifecycle{AutoScalingGroupNames: []string{"g"}}, 600},
		"set":     {watch.Lifecycle{AutoScalingGroupNames: []string{"g"}, After: 90e9}, 90},
	} {
		stack := cdktest.Stack(t)
		eye := cdktest.Watch(stack, tt.watch)
		if got := cdktest.Watched(cdktest.Rules(t, stack, eye))[0].Lifecycle.AfterSeconds; got != tt.want {
			t.Errorf("%s: it waits %d s, want %d", name, got, tt.want)
		}
	}
}
