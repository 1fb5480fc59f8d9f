package extraeye_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// TestReportedOnStderr checks that wrong props are printed if nothing else shows them, and
// only then.
func TestReportedOnStderr(t *testing.T) {
	const printed = "some-stack/Eye: extraeye:E101: Terminations has no sinks; set EyeProps.Sinks, or name sinks in Watch " +
		"(https://github.com/extraeye/extraeye/blob/main/docs/errors.md#e101)\n"
	for name, tt := range map[string]struct {
		outdir  string // which the CDK CLI sets
		context map[string]any
		want    string
	}{
		"go run":              {"", nil, printed},
		"CDK CLI":             {t.TempDir(), nil, ""},
		"CDK's own reporting": {"", map[string]any{"@aws-cdk/core:annotationsInValidationReport": true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("CDK_OUTDIR", tt.outdir)
			stack := cdktest.Stack(t)
			for key, value := range tt.context {
				stack.Node().SetContext(jsii.String(key), value)
			}
			if got := stderr(t, func() { withoutSinks(stack) }); got != tt.want {
				t.Errorf("printed %q, want %q", got, tt.want)
			}
		})
	}
}

func withoutSinks(stack awscdk.Stack) {
	extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}})
}

// stderr returns what is printed on stderr meanwhile.
func stderr(t *testing.T, do func()) string {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	before := os.Stderr
	os.Stderr = file
	defer func() { os.Stderr = before }()
	do()
	printed, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(printed)
}

// servicesAndMore defines a fleet of two services, an Eye of what has no names, and what the user allows the notifier.
func servicesAndMore(s awscdk.Stack) {
	fleet := extraeye.NewFleet(s, "Fleet", &extraeye.FleetProps{Teams: teams(s, 1, 2)})
	extraeye.NewEye(s, "Eye", &extraeye.EyeProps{Notifier: fleet.Notifier(), Sinks: []sink.Sink{cdktest.Mail}}).Watch(
		watch.Pattern{Pattern: &awsevents.EventPattern{Source: jsii.Strings("some.service")}, Title: "t"})
	fleet.Notifier().Function().AddToRolePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Actions: jsii.Strings("s3:GetObject"), Resources: jsii.Strings("arn:aws:s3:::" + strings.Repeat("x", 900)),
	}))
}

// TestSummary checks the one line about a stack, that it can be turned off, and that rules take up what it
// says, or a little less.
func TestSummary(t *testing.T) {
	eye := func(groups int) func(awscdk.Stack) {
		return func(s awscdk.Stack) {
			extraeye.NewEye(s, "Eye", &extraeye.EyeProps{
				AutoScalingGroupNames: cdktest.Names(groups, "some-service-%03d-production"), CodeDeployApplications: []string{"a"}, Sinks: []sink.Sink{cdktest.Mail, cdktest.Queue(s)},
			})
		}
	}
	for _, tt := range []struct {
		name   string
		define func(awscdk.Stack)
		on     bool
		want   string
	}{
		{"many names", eye(600), true, "extraeye: some-stack: 601 names in 13 rules (a bus can have 300); 30 of 500 resources; rules take up 33.5 KB of the template (of 1000); " +
			"ExtraeyeNotifier: function's policy 1.4 KB (of 20.5), role's policies 1.8 KB (of 10.2)\n"},
		{"one name", eye(0), true, "extraeye: some-stack: 1 name in 1 rule (a bus can have 300); 16 of 500 resources; rules take up 1.2 KB of the template (of 1000); " +
			"ExtraeyeNotifier: function's policy 0.5 KB (of 20.5), role's policies 1.4 KB (of 10.2)\n"},
		{"teams", withPolicies(100, 1), true, "extraeye: some-stack: 0 names in 5 rules (a bus can have 300); 21 of 500 resources; rules take up 4.3 KB of the template (of 1000); " +
			"Notifier: function's policy 0.5 KB (of 20.5), role's policies 1.8 KB (of 10.2); managed policies 3 (of 10)\n"},
		{"services, a pattern and grants of the user's", servicesAndMore, true, "extraeye: some-stack: 6 names in 6 rules (a bus can have 300); 22 of 500 resources; rules take up 5.1 KB of the template (of 1000); " +
			"Notifier: function's policy 0.9 KB (of 20.5), role's policies 3.3 KB (of 10.2)\n"},
		{"turned off", eye(600), false, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			taken := 0
			printed := stderr(t, func() {
				stack := cdktest.Stack(t)
				stack.Node().SetContext(jsii.String("extraeye:summary"), tt.on)
				tt.define(stack)
				all := cdktest.Synthesize(t, stack)
				taken = len(cdktest.Encode(t, all.Resources("AWS::Events::Rule"))) + len(cdktest.Encode(t, all.Resources("AWS::Lambda::Permission")))
			})
			if printed != tt.want {
				t.Errorf("printed %q, want %q", printed, tt.want)
			}
			_, said, _ := strings.Cut(printed, "rules take up ")
			var kilobytes float64
			if _, _ = fmt.Sscan(said, &kilobytes); tt.on {
				if of := 1000 * kilobytes / float64(taken); of < 1 || of > 1.2 {
					t.Errorf("printed %q, and rules take up %d bytes", printed, taken)
				}
			}
		})
	}
}
