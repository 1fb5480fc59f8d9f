package extraeye_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// matched are the values of a field over all patterns, sorted.
func matched(t *testing.T, patterns []string, field string) []string {
	t.Helper()
	var all []string
	for _, p := range patterns {
		var pattern struct{ Detail map[string][]string }
		if err := json.Unmarshal([]byte(p), &pattern); err != nil {
			t.Fatal(err)
		}
		if !slices.IsSorted(pattern.Detail[field]) {
			t.Errorf("the names of a rule are not in order: %q", pattern.Detail[field])
		}
		all = append(all, pattern.Detail[field]...)
	}
	slices.Sort(all)
	return all
}

func TestPack(t *testing.T) {
	for _, tt := range []struct {
		name  string
		watch watch.Watch
		field string
		names []string
		rules int // the fewest possible
	}{
		{"one", watch.Terminations{AutoScalingGroupNames: []string{"g"}}, "AutoScalingGroupName", []string{"g"}, 1},
		{"300 services", watch.Terminations{AutoScalingGroupNames: cdktest.Names(600, "some-service-%03d-production")}, "AutoScalingGroupName", cdktest.Names(600, "some-service-%03d-production"), 10},
		{"names in UTF-8", watch.Terminations{AutoScalingGroupNames: cdktest.Names(100, "dienst-für-%03d-<&>")}, "AutoScalingGroupName", cdktest.Names(100, "dienst-für-%03d-<&>"), 2},
		{"longest names", watch.Terminations{AutoScalingGroupNames: cdktest.Names(8, strings.Repeat("x", 252)+"%03d")}, "AutoScalingGroupName", cdktest.Names(8, strings.Repeat("x", 252)+"%03d"), 2},
		{"applications", watch.Deployments{CodeDeployApplications: cdktest.Names(300, "some-service-%03d")}, "application", cdktest.Names(300, "some-service-%03d"), 4},
		{"with groups", watch.Deployments{CodeDeployApplications: cdktest.Names(100, "some-service-%03d"), DeploymentGroups: []string{"production", "canary"}}, "application", cdktest.Names(100, "some-service-%03d"), 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			stack := cdktest.Stack(t)
			eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{cdktest.Mail}})
			eye.Watch(tt.watch)
			all := cdktest.Patterns(cdktest.Rules(t, stack, eye))
			for _, p := range all {
				if n := utf8.RuneCountInString(p); n > 2048 {
					t.Errorf("a pattern has %d characters, and EventBridge allows 2048", n)
				}
			}
			if got := matched(t, all, tt.field); !slices.Equal(got, tt.names) {
				t.Errorf("the rules match %q, want %q", got, tt.names)
			}
			if len(all) > tt.rules*13/10 {
				t.Errorf("%d rules, and %d would do", len(all), tt.rules)
			}
		})
	}
}

// TestPackGroups checks that every application is matched with every group when
// both lists are too long for one pattern.
func TestPackGroups(t *testing.T) {
	stack := cdktest.Stack(t)
	longest := strings.Repeat("a", 100)
	applications, groups := append([]string{longest}, cdktest.Names(30, "application-%03d")...), cdktest.Names(150, "deployment-group-%03d")
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{cdktest.Mail}})
	eye.Watch(watch.Deployments{CodeDeployApplications: applications, DeploymentGroups: groups})
	pairs := map[string]bool{}
	for _, p := range cdktest.Patterns(cdktest.Rules(t, stack, eye)) {
		if n := utf8.RuneCountInString(p); n > 2048 {
			t.Errorf("a pattern has %d characters, and EventBridge allows 2048", n)
		}
		for _, a := range matched(t, []string{p}, "application") {
			for _, g := range matched(t, []string{p}, "deploymentGroup") {
				if pairs[a+"/"+g] {
					t.Errorf("%s/%s is matched twice", a, g)
				}
				pairs[a+"/"+g] = true
			}
		}
	}
	if len(pairs) != len(applications)*len(groups) {
		t.Errorf("%d pairs are matched, want %d", len(pairs), len(applications)*len(groups))
	}
}

// patternsByID are the patterns of an Eye's rules by the rules' ids.
func patternsByID(t *testing.T, stack awscdk.Stack, eye *extraeye.Eye) map[string]string {
	t.Helper()
	all := map[string]string{}
	rules := cdktest.Synthesize(t, stack)["Resources"].(map[string]any)
	for _, r := range eye.Rules() {
		all[*r.Node().Id()] = cdktest.FlatJSON(t, rules[*stack.GetLogicalId(r)].(map[string]any)["Properties"].(map[string]any)["EventPattern"])
	}
	return all
}

// touched are the rules that are not the same, new or gone.
func touched(before, after map[string]string) (ids []string) {
	for id := range before {
		if after[id] != before[id] {
			ids = append(ids, id)
		}
	}
	for id := range after {
		if before[id] == "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// TestOneMoreNameTouchesFewRules checks that a service at the start of the list leaves all
// rules but a few as they were, with their ids, and that the order of names does not matter.
func TestOneMoreNameTouchesFewRules(t *testing.T) {
	rules := func(names []string) map[string]string {
		stack := cdktest.Stack(t)
		eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: names, Sinks: []sink.Sink{cdktest.Mail}})
		return patternsByID(t, stack, eye)
	}
	names := cdktest.Names(300, "some-service-%03d")
	before := rules(names)
	if ids := touched(before, rules(slices.Concat([]string{"another-service"}, names))); len(ids) == 0 || len(ids) > 3 {
		t.Errorf("one more name changes %q, want at most three of %d rules", ids, len(before))
	}
	backwards := slices.Clone(names)
	slices.Reverse(backwards)
	if ids := touched(before, rules(backwards)); len(ids) > 0 || len(before) < 4 {
		t.Errorf("the order of the names changes %q of %d rules", ids, len(before))
	}
}

// TestTokensStayInTheirRules checks the same of names that are known only at deployment, which
// CDK numbers as they come.
func TestTokensStayInTheirRules(t *testing.T) {
	rules := func(ids []string) map[string]string {
		stack := cdktest.Stack(t)
		names := []string{"known"}
		for _, id := range ids {
			names = append(names, *awscdk.NewCfnParameter(stack, jsii.String(id), nil).ValueAsString())
		}
		return patternsByID(t, stack, cdktest.Watch(stack, watch.Terminations{AutoScalingGroupNames: names}))
	}
	ids := cdktest.Names(40, "Group%02d")
	before := rules(ids)
	backwards := slices.Clone(ids)
	slices.Reverse(backwards)
	if ids := touched(before, rules(backwards)); len(ids) > 0 {
		t.Errorf("the order of the names changes %q", ids)
	}
	if ids := touched(before, rules(slices.Concat([]string{"Another"}, ids))); len(ids) == 0 || len(ids) > 3 {
		t.Errorf("one more name changes %q, want at most three of %d rules", ids, len(before))
	}
}

// TestTwoLists checks that rules have ids of their own if two lists are too long for one, and
// that one more name changes few of those of each part of the other list.
func TestTwoLists(t *testing.T) {
	rules := func(applications []string) map[string]string {
		stack := cdktest.Stack(t)
		groups := cdktest.Names(150, "deployment-group-%03d")
		return patternsByID(t, stack, cdktest.Watch(stack, watch.Deployments{CodeDeployApplications: applications, DeploymentGroups: groups}))
	}
	applications := cdktest.Names(40, "application-%03d")
	before := rules(applications)
	parts := 0
	for id := range before {
		if id == "Rule1" || strings.HasPrefix(id, "Rule1Part") {
			parts++
		}
	}
	if ids := touched(before, rules(append(applications, "another"))); len(ids) < parts || len(ids) > 3*parts || parts < 2 {
		t.Errorf("one more name changes %q of %d rules, for %d parts of the groups", ids, len(before), parts)
	}
}

// TestTokensCountWorstCase checks that a name that is known only at deployment is
// counted with the longest name that AWS allows.
func TestTokensCountWorstCase(t *testing.T) {
	stack := cdktest.Stack(t)
	var tokens []string
	for i := range 20 {
		tokens = append(tokens, *awscdk.NewCfnParameter(stack, jsii.String(fmt.Sprintf("P%d", i)), nil).ValueAsString())
	}
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: tokens, Sinks: []sink.Sink{cdktest.Mail}})
	rules := cdktest.Synthesize(t, stack)["Resources"].(map[string]any)
	for _, rule := range eye.Rules() {
		pattern := rules[*stack.GetLogicalId(rule)].(map[string]any)["Properties"].(map[string]any)["EventPattern"].(map[string]any)
		n := len(pattern["detail"].(map[string]any)["AutoScalingGroupName"].([]any))
		if n > 7 { // 7 × (255 + quotes and comma) + the rest ≤ 2048
			t.Errorf("a pattern has %d tokens, which may become 255 characters each", n)
		}
	}
	if n := len(eye.Rules()); n < 3 || n > 4 {
		t.Errorf("%d rules for 20 tokens, want 3 or 4", n)
	}
}

// TestPatternAtItsLimit checks that names share a rule as long as its pattern has no more characters
// than EventBridge allows.
func TestPatternAtItsLimit(t *testing.T) {
	stack := cdktest.Stack(t)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{cdktest.Mail}})
	patterns := func(last int) (characters []int) {
		names := append(cdktest.Names(10, strings.Repeat("x", 170)+"%d"), strings.Repeat("y", last))
		for _, r := range eye.Watch(watch.Launches{AutoScalingGroupNames: names}).Rules() {
			characters = append(characters, utf8.RuneCountInString(cdktest.Encode(t, stack.Resolve(r.EventPattern()))))
		}
		return characters
	}
	full := 2048 - patterns(1)[0] + 1
	if got := patterns(full); !slices.Equal(got, []int{2048}) {
		t.Errorf("patterns of %d characters, want one of 2048", got)
	}
	if got := patterns(full + 1); len(got) != 2 || slices.Max(got) > 2048 {
		t.Errorf("patterns of %d characters, want two of up to 2048", got)
	}
}
