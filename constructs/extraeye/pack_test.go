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

// matched are the values of a field over all patterns, in order.
func matched(t *testing.T, patterns []string, field string) []string {
	t.Helper()
	var all []string
	for _, p := range patterns {
		var pattern struct{ Detail map[string][]string }
		if err := json.Unmarshal([]byte(p), &pattern); err != nil {
			t.Fatal(err)
		}
		all = append(all, pattern.Detail[field]...)
	}
	return all
}

func TestPack(t *testing.T) {
	for _, tt := range []struct {
		name  string
		watch watch.Watch
		field string
		names []string
		rules int
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
			if len(all) != tt.rules {
				t.Errorf("%d rules, want %d", len(all), tt.rules)
			}
		})
	}
}

// TestPackGroups checks that every application is matched with every group when
// both lists are too long for one pattern.
func TestPackGroups(t *testing.T) {
	stack := cdktest.Stack(t)
	applications, groups := cdktest.Names(30, "application-%03d"), cdktest.Names(150, "deployment-group-%03d")
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

// TestOneMoreNameTouchesOneRule checks that a service at the end of the list
// leaves all rules but the last as they were.
func TestOneMoreNameTouchesOneRule(t *testing.T) {
	rules := func(n int) []string {
		stack := cdktest.Stack(t)
		eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: cdktest.Names(n, "some-service-%03d"), Sinks: []sink.Sink{cdktest.Mail}})
		return cdktest.Patterns(cdktest.Rules(t, stack, eye))
	}
	before, after := rules(250), rules(251)
	last := len(before) - 1
	if last < 1 || !slices.Equal(before[:last], after[:last]) {
		t.Errorf("one more name changes more than the last of %d rules", len(before))
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
	if n := len(eye.Rules()); n != 3 {
		t.Errorf("%d rules for 20 tokens, want 3", n)
	}
}
