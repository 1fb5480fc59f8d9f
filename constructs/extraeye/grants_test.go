package extraeye_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/golden"
)

// always is what the notifier may do whatever is watched and wherever it sends.
var always = []string{"iam:ListAccountAliases", "logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage", "states:StartExecution"}

// TestGrants checks what the notifier may do for each watch with every prop, and for all
// sinks together, beyond what it may always. "terminations" are those of an Eye that knows
// of releases.
func TestGrants(t *testing.T) {
	beside := append([]string{"ses:SendEmail"}, always...)
	got := map[string][]string{"always": always}
	cdktest.EachWatch(t, func(kind string, c cdktest.WatchCase) {
		stack := cdktest.Stack(t)
		eye := cdktest.Watch(stack, c.Full(cdktest.A))
		if kind == "terminations" {
			eye.Watch(watch.Deployments{CodeDeployApplications: []string{"web"}, Who: true}, cdktest.Queue(stack))
		}
		got[kind] = slices.DeleteFunc(cdktest.Synthesize(t, stack).Actions(), func(a string) bool { return slices.Contains(beside, a) })
	})
	stack := cdktest.Stack(t)
	key := awskms.NewKey(stack, jsii.String("Key"), nil)
	sinks := append(cdktest.Given(cdktest.FullSinks(t, stack)),
		sink.Topic{Topic: awssns.NewTopic(stack, jsii.String("Encrypted"), &awssns.TopicProps{MasterKey: key})},
		sink.Teams{Webhook: cdktest.Secret(stack, "encrypted").WithKey(key)},
	)
	extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Sinks: sinks}).Watch(watch.Health{})
	got["sinks"] = slices.DeleteFunc(cdktest.Synthesize(t, stack).Actions(), func(a string) bool { return slices.Contains(always, a) })
	got["timeline"] = timelineActions(t)
	got["deployments: Verdict"] = verdictActions(t, func(v time.Duration) watch.Watch {
		return watch.Deployments{CodeDeployApplications: []string{"a"}, Verdict: v}
	})
	got["ecsDeployments: Verdict"] = verdictActions(t, func(v time.Duration) watch.Watch {
		return watch.ECSDeployments{ClusterNames: []string{"a"}, Verdict: v}
	})
	golden.JSON(t, "testdata/grants.json", got)
}

// verdictActions are what the notifier may do for the verdicts of a watch, beyond what it needs without.
func verdictActions(t *testing.T, of func(verdict time.Duration) watch.Watch) []string {
	t.Helper()
	actions := func(verdict time.Duration) []string {
		stack := cdktest.Stack(t)
		cdktest.Watch(stack, of(verdict))
		return cdktest.Synthesize(t, stack).Actions()
	}
	without := actions(0)
	return slices.DeleteFunc(actions(30*time.Minute), func(a string) bool { return slices.Contains(without, a) })
}

// TestRawSinksAreGrantedNothing checks that nothing is looked up for sinks that get
// the raw event.
func TestRawSinksAreGrantedNothing(t *testing.T) {
	stack := cdktest.Stack(t)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{cdktest.Queue(stack)}})
	for _, w := range cdktest.FullWatches(t) {
		eye.Watch(w)
	}
	all := cdktest.Synthesize(t, stack)
	if got := all.Actions(); !slices.Equal(got, always) {
		t.Errorf("the role may %q, want %q", got, always)
	}
	for _, r := range all.Resources("AWS::IAM::Role") {
		if strings.Contains(r.ID, "Starter") {
			t.Errorf("%s starts the wait of nobody", r.ID)
		}
	}
}

// TestResourcesAreGrantedOnce checks that a resource is granted once, however many
// watches need it: a role's policies have little room.
func TestResourcesAreGrantedOnce(t *testing.T) {
	stack := cdktest.Stack(t)
	cdktest.Watch(stack,
		watch.Terminations{AutoScalingGroupNames: []string{"g"}},
		watch.Deployments{CodeDeployApplications: cdktest.Names(15, "app-%d"), States: []watch.DeploymentState{watch.DeploymentFailed}},
		watch.Deployments{CodeDeployApplications: cdktest.Names(15, "app-%d"), States: []watch.DeploymentState{watch.DeploymentSucceeded}},
	)
	statements := map[string]int{}
	for _, s := range cdktest.Synthesize(t, stack).Statements() {
		for _, action := range cdktest.ActionsOf(s) {
			statements[action]++
		}
		if many, ok := s["Resource"].([]any); ok && cdktest.Flat(s["Action"]) == "codedeploy:GetDeployment" && len(many) != 15 {
			t.Errorf("%s is granted for %d resources, want 15", s["Action"], len(many))
		}
	}
	if len(statements) < 12 {
		t.Errorf("only %d statements: %v", len(statements), statements)
	}
	for action, n := range statements {
		if n != 1 {
			t.Errorf("%s is granted by %d statements", action, n)
		}
	}
}

// TestPoliciesOfManyStacksFitIntoOneRole checks that many stacks can share a notifier:
// what their policies have together is what the role has.
func TestPoliciesOfManyStacksFitIntoOneRole(t *testing.T) {
	app := cdktest.App(t)
	props := &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String("123456789012"), Region: jsii.String("ap-southeast-1")}}
	stacks := []awscdk.Stack{awscdk.NewStack(app, jsii.String("shared"), props)}
	notifier := extraeye.NewNotifier(stacks[0], "Notifier", nil)
	for i, name := range cdktest.Names(14, "some-service-%02d") {
		stack := awscdk.NewStack(app, jsii.String(name), props)
		stacks = append(stacks, stack)
		if i%2 > 0 { // a name that is known in its own stack only
			name = *awscdk.NewCfnParameter(stack, jsii.String("Name"), nil).ValueAsString()
		}
		extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
			AutoScalingGroupNames: []string{name}, CodeDeployApplications: []string{name}, Sinks: []sink.Sink{cdktest.Mail}, Notifier: notifier,
		})
	}
	cdktest.Must(t, func() { app.Synth(nil) })
	size, actions := 0, map[string]int{}
	for _, stack := range stacks {
		if codes, texts := cdktest.Reported(stack); len(codes) > 0 {
			t.Fatal(texts)
		}
		all := cdktest.Synthesize(t, stack)
		for _, a := range all.Actions() {
			actions[a]++
		}
		for _, p := range all.Resources("AWS::IAM::Policy") {
			size += len(cdktest.FlatJSON(t, p.Properties["PolicyDocument"]))
		}
	}
	if size > 10240 {
		t.Errorf("the policies of the role have %d characters together", size)
	}
	for _, a := range []string{"ec2:DescribeInstances", "ec2:GetConsoleOutput", "autoscaling:DescribeScalingActivities"} {
		if actions[a] != 1 {
			t.Errorf("%s is granted in %d stacks, want 1", a, actions[a])
		}
	}
}

// TestPolicyStaysUnderItsLimit checks the 10,240 characters that the inline policies
// of a role may have, with every watch and the longest names.
func TestPolicyStaysUnderItsLimit(t *testing.T) {
	for _, n := range []int{1, 10, 20, 40, 80} {
		stack := awscdk.NewStack(cdktest.App(t), jsii.String("some-stack"), &awscdk.StackProps{Env: &awscdk.Environment{
			Account: jsii.String("123456789012"), Region: jsii.String("ap-southeast-1"),
		}})
		applications, clusters := cdktest.Names(n, strings.Repeat("x", 98)+"%02d"), cdktest.Names(n, strings.Repeat("x", 253)+"%02d")
		cdktest.Watch(stack, append(cdktest.FullWatches(t),
			watch.Deployments{CodeDeployApplications: applications, DeploymentGroups: applications[:1]}, watch.DeploymentInstances{CodeDeployApplications: applications},
			watch.ECSTasks{ClusterNames: clusters}, watch.ECSServices{ClusterNames: clusters, ServiceNames: clusters[:1]})...)
		for _, p := range cdktest.Synthesize(t, stack).Resources("AWS::IAM::Policy") {
			if size := len(cdktest.FlatJSON(t, p.Properties["PolicyDocument"])); size > 9500 { // the rest is for more sinks
				t.Errorf("with %d names of each sort, the policy has %d characters", n, size)
			}
		}
	}
}
