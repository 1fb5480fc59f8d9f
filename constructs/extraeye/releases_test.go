package extraeye_test

import (
	"slices"
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

// TestReleases checks that terminations are reported with the releases of the same Eye, in
// whichever order the watches are added.
func TestReleases(t *testing.T) {
	terminations := watch.Terminations{AutoScalingGroupNames: []string{"g"}}
	on := func(applications ...string) watch.Deployments {
		return watch.Deployments{CodeDeployApplications: applications}
	}
	who := watch.Deployments{CodeDeployApplications: []string{"a"}, Who: true}
	for name, tt := range map[string]struct {
		watches []watch.Watch
		want    *wire.Releases
	}{
		"none":                        {[]watch.Watch{terminations}, nil},
		"terminations first":          {[]watch.Watch{terminations, on("a")}, &wire.Releases{Applications: []string{"a"}}},
		"terminations last":           {[]watch.Watch{on("a"), terminations}, &wire.Releases{Applications: []string{"a"}}},
		"in between":                  {[]watch.Watch{on("b"), terminations, on("a", "b")}, &wire.Releases{Applications: []string{"b", "a"}}},
		"with who, first":             {[]watch.Watch{who, terminations}, &wire.Releases{Applications: []string{"a"}, Who: true}},
		"with who, last":              {[]watch.Watch{on("a"), terminations, who}, &wire.Releases{Applications: []string{"a"}, Who: true}},
		"five":                        {[]watch.Watch{terminations, on(cdktest.Names(5, "a%d")...)}, &wire.Releases{Applications: cdktest.Names(5, "a%d")}},
		"six":                         {[]watch.Watch{terminations, on(cdktest.Names(6, "a%d")...)}, &wire.Releases{Many: true}},
		"one by one":                  {[]watch.Watch{on("a", "b", "c"), terminations, on("c", "d", "e"), on("f"), on("g")}, &wire.Releases{Many: true}},
		"many with who, first":        {[]watch.Watch{who, on(cdktest.Names(300, "a%d")...), terminations}, &wire.Releases{Many: true, Who: true}},
		"with a mistake":              {[]watch.Watch{terminations, on("a", "a")}, nil},
		"of other events":             {[]watch.Watch{terminations, watch.DeploymentInstances{CodeDeployApplications: []string{"a"}}}, nil},
		"terminations in many groups": {[]watch.Watch{watch.Terminations{AutoScalingGroupNames: cdktest.Names(100, "some-service-%03d-production")}, on("a")}, &wire.Releases{Applications: []string{"a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack(t)
			eye := cdktest.Watch(stack, tt.watches...)
			all := cdktest.Synthesize(t, stack)
			rules := 0
			for _, w := range cdktest.Watched(all.Rules(t, stack, eye)) {
				if w.Terminations == nil {
					continue
				}
				rules++
				if got := w.Terminations.Releases; (got == nil) != (tt.want == nil) ||
					got != nil && (got.Who != tt.want.Who || got.Many != tt.want.Many || !slices.Equal(got.Applications, tt.want.Applications)) {
					t.Errorf("the notifier gets %+v, want %+v", got, tt.want)
				}
			}
			if rules == 0 {
				t.Error("no rule of terminations")
			}
			actions := all.Actions()
			if got, want := slices.Contains(actions, "codedeploy:ListDeploymentGroups"), tt.want != nil; got != want {
				t.Errorf("releases may be looked up: %t, want %t", got, want)
			}
			if got, want := slices.Contains(actions, "cloudtrail:LookupEvents"), tt.want != nil && tt.want.Who; got != want {
				t.Errorf("it may be looked up who made them: %t, want %t", got, want)
			}
		})
	}
}

// TestReleasesAreTheEyesOwn checks that an Eye does not report another's releases.
func TestReleasesAreTheEyesOwn(t *testing.T) {
	stack := cdktest.Stack(t)
	eye := cdktest.Watch(stack, watch.Terminations{AutoScalingGroupNames: []string{"g"}})
	extraeye.NewEye(stack, "Other", &extraeye.EyeProps{CodeDeployApplications: []string{"a"}, Sinks: []sink.Sink{cdktest.Mail}})
	all := cdktest.Synthesize(t, stack)
	if got := cdktest.Watched(all.Rules(t, stack, eye))[0].Terminations.Releases; got != nil {
		t.Errorf("the notifier gets %+v", got)
	}
	if actions := all.Actions(); slices.Contains(actions, "codedeploy:ListDeploymentGroups") {
		t.Errorf("the role may %q", actions)
	}
}

// TestReleasesAreNotLookedUpForRawSinks checks that releases are looked up only for what the notifier reports.
func TestReleasesAreNotLookedUpForRawSinks(t *testing.T) {
	stack := cdktest.Stack(t)
	eye := cdktest.Watch(stack, watch.Deployments{CodeDeployApplications: []string{"a"}})
	eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"g"}}, cdktest.Queue(stack))
	if actions := cdktest.Synthesize(t, stack).Actions(); slices.Contains(actions, "codedeploy:ListDeploymentGroups") {
		t.Errorf("the role may %q", actions)
	}
}

// TestReleasesThatAreKnownAtDeployment checks that applications count whose names are known at
// deployment only.
func TestReleasesThatAreKnownAtDeployment(t *testing.T) {
	for n, many := range map[int]bool{5: false, 6: true} {
		stack := cdktest.Stack(t)
		var tokens []string
		for _, id := range cdktest.Names(n, "P%d") {
			tokens = append(tokens, *awscdk.NewCfnParameter(stack, jsii.String(id), nil).ValueAsString())
		}
		eye := cdktest.Watch(stack, watch.Terminations{AutoScalingGroupNames: []string{"g"}}, watch.Deployments{CodeDeployApplications: tokens})
		cdktest.Correct(t, stack)
		got := cdktest.Watched(cdktest.Rules(t, stack, eye))[0].Terminations.Releases
		if got.Many != many || !many && len(got.Applications) != n {
			t.Errorf("%d applications: the notifier gets %+v", n, got)
		}
	}
}

// TestReleasesAfterALookAtTheRule checks that a look at a rule, as an aspect or an
// assertion takes it, does not fix what the rule knows of releases.
func TestReleasesAfterALookAtTheRule(t *testing.T) {
	stack := cdktest.Stack(t)
	eye := cdktest.Watch(stack, watch.Terminations{AutoScalingGroupNames: []string{"g"}})
	before := stack.Resolve(eye.Rules()[0].Targets())
	eye.Watch(watch.Deployments{CodeDeployApplications: []string{"a"}})
	after := stack.Resolve(eye.Rules()[0].Targets())
	if strings.Contains(cdktest.Encode(t, before), "releases") || !strings.Contains(cdktest.Encode(t, after), "releases") {
		t.Errorf("the rule has the targets\n%s\nand then\n%s", cdktest.Encode(t, before), cdktest.Encode(t, after))
	}
	if r := cdktest.Watched(cdktest.Rules(t, stack, eye))[0].Terminations.Releases; r == nil || !slices.Equal(r.Applications, []string{"a"}) {
		t.Errorf("the notifier gets %+v", r)
	}
}

// TestReleasesKeepTheRule checks that the order of the watches changes nothing in a rule,
// and that releases change nothing but what the notifier gets.
func TestReleasesKeepTheRule(t *testing.T) {
	rule := func(watches ...watch.Watch) string {
		stack := cdktest.Stack(t)
		queue := cdktest.Queue(stack)
		eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Service: "s", Sinks: []sink.Sink{cdktest.Mail, queue}})
		for _, w := range watches {
			eye.Watch(w)
		}
		for _, r := range cdktest.Synthesize(t, stack).Resources("AWS::Events::Rule") {
			if strings.HasPrefix(r.ID, "EyeTerminations") {
				return r.ID + cdktest.Encode(t, r.Properties)
			}
		}
		t.Fatal("no rule")
		return ""
	}
	terminations, releases := watch.Terminations{AutoScalingGroupNames: []string{"g"}}, watch.Deployments{CodeDeployApplications: []string{"a"}}
	first, last := rule(terminations, releases), rule(releases, terminations)
	if first != last {
		t.Errorf("in the other order, the rule is\n%s\nwant\n%s", first, last)
	}
	if without := strings.Replace(first, `\"releases\":{\"applications\":[\"a\"]}`, "", 1); without != rule(terminations) {
		t.Errorf("without the releases, the rule is\n%s\nwant\n%s", without, rule(terminations))
	}
}

// TestReleasesThatDoNotFit checks that a rule that gets too long for its releases is
// reported.
func TestReleasesThatDoNotFit(t *testing.T) {
	stack := cdktest.Stack(t)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{
		sink.Email{From: "ops@example.com", To: cdktest.Names(50, strings.Repeat("x", 143)+"%d@example.com")},
	}})
	eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"g"}})
	if codes, texts := cdktest.Reported(stack); len(codes) > 0 {
		t.Fatal(texts)
	}
	eye.Watch(watch.Deployments{CodeDeployApplications: []string{strings.Repeat("a", 100)}, States: []watch.DeploymentState{watch.DeploymentFailed}}, cdktest.Mail)
	if codes, texts := cdktest.Reported(stack); !slices.Equal(codes, []string{"E306"}) {
		t.Errorf("reported %q: %q", codes, texts)
	}
}

// TestManyReleasesAreGrantedForTheAccount checks that the notifier may ask for the account's
// recent deployments, and for no application by its name, once an Eye has too many of them.
func TestManyReleasesAreGrantedForTheAccount(t *testing.T) {
	const terminations = 0
	for _, known := range [][]int{{terminations, 6}, {5, 6, terminations}, {2, 7, 8, terminations}} { // how many applications, with each watch
		stack := cdktest.Stack(t)
		queue, eye := cdktest.Queue(stack), cdktest.Watch(stack)
		for _, n := range known {
			if n == terminations {
				eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"g"}})
				continue
			}
			eye.Watch(watch.Deployments{CodeDeployApplications: cdktest.Names(n, "app-%d")}, queue)
		}
		few := cdktest.WatchAs(stack, "Few", watch.Terminations{AutoScalingGroupNames: []string{"few"}})
		few.Watch(watch.Deployments{CodeDeployApplications: []string{"app-few"}}, queue)
		granted := map[string]string{}
		for _, s := range cdktest.Synthesize(t, stack).Statements() {
			for _, action := range cdktest.ActionsOf(s) {
				granted[action] += cdktest.FlatJSON(t, s["Resource"])
			}
		}
		for action, resource := range map[string]string{
			"codedeploy:ListDeployments": ":deploymentgroup:*", "codedeploy:BatchGetDeployments": ":deploymentgroup:*",
			"codedeploy:BatchGetDeploymentGroups": ":deploymentgroup:*", "codedeploy:ListDeploymentGroups": ":application:*",
		} {
			if !strings.HasSuffix(strings.Trim(granted[action], `"`), resource) || strings.Contains(granted[action], "app-") {
				t.Errorf("%d: %s is granted on %s, want %s", known, action, granted[action], resource)
			}
		}
		if granted["autoscaling:DescribeLifecycleHooks"] != `"*"` {
			t.Errorf("%d: the hooks are granted on %s", known, granted["autoscaling:DescribeLifecycleHooks"])
		}
	}
}
