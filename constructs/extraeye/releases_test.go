package extraeye_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

// TestReleases checks that deaths are told with the releases of the same Eye, in
// whichever order the watches are added.
func TestReleases(t *testing.T) {
	deaths := watch.Terminations{Groups: []string{"g"}}
	on := func(applications ...string) watch.Deployments { return watch.Deployments{Applications: applications} }
	who := watch.Deployments{Applications: []string{"a"}, Who: true}
	for name, tt := range map[string]struct {
		watches []watch.Watch
		want    *wire.Releases
	}{
		"none":                  {[]watch.Watch{deaths}, nil},
		"deaths first":          {[]watch.Watch{deaths, on("a")}, &wire.Releases{Applications: []string{"a"}}},
		"deaths last":           {[]watch.Watch{on("a"), deaths}, &wire.Releases{Applications: []string{"a"}}},
		"in between":            {[]watch.Watch{on("b"), deaths, on("a", "b")}, &wire.Releases{Applications: []string{"b", "a"}}},
		"with who, first":       {[]watch.Watch{who, deaths}, &wire.Releases{Applications: []string{"a"}, Who: true}},
		"with who, last":        {[]watch.Watch{on("a"), deaths, who}, &wire.Releases{Applications: []string{"a"}, Who: true}},
		"more than fit":         {[]watch.Watch{deaths, on(names(32, strings.Repeat("a", 98)+"%02d")...)}, &wire.Releases{Applications: names(30, strings.Repeat("a", 98)+"%02d")}},
		"with a mistake":        {[]watch.Watch{deaths, on("a", "a")}, nil},
		"of other events":       {[]watch.Watch{deaths, watch.DeploymentInstances{Applications: []string{"a"}}}, nil},
		"deaths in many groups": {[]watch.Watch{watch.Terminations{Groups: names(100, "some-service-%03d-production")}, on("a")}, &wire.Releases{Applications: []string{"a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			stack := newStack(t)
			eye := watchAll(stack, tt.watches)
			all := template(t, stack)
			rules := 0
			for _, w := range watching(t, all, stack, eye) {
				if w.Terminations == nil {
					continue
				}
				rules++
				if got := w.Terminations.Releases; (got == nil) != (tt.want == nil) ||
					got != nil && (got.Who != tt.want.Who || !slices.Equal(got.Applications, tt.want.Applications)) {
					t.Errorf("a rule of deaths is told %+v, want %+v", got, tt.want)
				}
			}
			if rules == 0 {
				t.Error("no rule of deaths")
			}
			actions := mayDo(t, all)
			if got, want := slices.Contains(actions, "codedeploy:ListDeploymentGroups"), tt.want != nil; got != want {
				t.Errorf("releases may be looked up: %t, want %t", got, want)
			}
			if got, want := slices.Contains(actions, "cloudtrail:LookupEvents"), tt.want != nil && tt.want.Who; got != want {
				t.Errorf("it may be looked up who made them: %t, want %t", got, want)
			}
		})
	}
}

// TestReleasesAreTheEyesOwn checks that an Eye does not tell another's releases.
func TestReleasesAreTheEyesOwn(t *testing.T) {
	stack := newStack(t)
	eye := watchAll(stack, []watch.Watch{watch.Terminations{Groups: []string{"g"}}})
	extraeye.NewEye(stack, "Other", &extraeye.EyeProps{CodeDeployApplications: []string{"a"}, Sinks: []sink.Sink{mail}})
	all := template(t, stack)
	if got := watching(t, all, stack, eye)[0].Terminations.Releases; got != nil {
		t.Errorf("the Eye is told of %+v", got)
	}
	if actions := mayDo(t, all); slices.Contains(actions, "codedeploy:ListDeploymentGroups") {
		t.Errorf("the role may %q", actions)
	}
}

// TestReleasesAfterALookAtTheRule checks that a look at a rule, as an aspect or an
// assertion takes it, does not fix what the rule knows of releases.
func TestReleasesAfterALookAtTheRule(t *testing.T) {
	stack := newStack(t)
	eye := watchAll(stack, []watch.Watch{watch.Terminations{Groups: []string{"g"}}})
	before := stack.Resolve(eye.Rules()[0].Targets())
	eye.Watch(watch.Deployments{Applications: []string{"a"}})
	after := stack.Resolve(eye.Rules()[0].Targets())
	if strings.Contains(encode(t, before), "releases") || !strings.Contains(encode(t, after), "releases") {
		t.Errorf("the rule has the targets\n%s\nand then\n%s", encode(t, before), encode(t, after))
	}
	if r := watching(t, template(t, stack), stack, eye)[0].Terminations.Releases; r == nil || !slices.Equal(r.Applications, []string{"a"}) {
		t.Errorf("the notifier gets %+v", r)
	}
}

// TestReleasesKeepTheRule checks that the order of the watches changes nothing in a rule,
// and that releases change nothing but what the notifier gets.
func TestReleasesKeepTheRule(t *testing.T) {
	rule := func(watches ...watch.Watch) string {
		stack := newStack(t)
		queue := rawQueue(stack)
		eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Service: "s", Sinks: []sink.Sink{mail, queue}})
		for _, w := range watches {
			eye.Watch(w)
		}
		for _, r := range resources(t, template(t, stack), "AWS::Events::Rule") {
			if strings.HasPrefix(r.ID, "EyeTerminations") {
				return r.ID + encode(t, r.Properties)
			}
		}
		t.Fatal("no rule")
		return ""
	}
	deaths, releases := watch.Terminations{Groups: []string{"g"}}, watch.Deployments{Applications: []string{"a"}}
	first, last := rule(deaths, releases), rule(releases, deaths)
	if first != last {
		t.Errorf("in the other order, the rule is\n%s\nwant\n%s", first, last)
	}
	if without := strings.Replace(first, `\"releases\":{\"applications\":[\"a\"]}`, "", 1); without != rule(deaths) {
		t.Errorf("but for the releases, the rule is\n%s\nwant\n%s", without, rule(deaths))
	}
}

// TestReleasesThatDoNotFit checks that a rule that gets too long for its releases is
// reported.
func TestReleasesThatDoNotFit(t *testing.T) {
	stack := newStack(t)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{
		sink.Email{From: "ops@example.com", To: names(50, strings.Repeat("x", 143)+"%d@example.com")},
	}})
	eye.Watch(watch.Terminations{Groups: []string{"g"}})
	if codes, texts := reported(stack); len(codes) > 0 {
		t.Fatal(texts)
	}
	eye.Watch(watch.Deployments{Applications: []string{strings.Repeat("a", 100)}, States: watch.Failed}, mail)
	if codes, texts := reported(stack); !slices.Equal(codes, []string{"E306"}) {
		t.Errorf("reported %q: %q", codes, texts)
	}
}
