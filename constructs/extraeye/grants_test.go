package extraeye_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/golden"
)

// mayDo returns the actions that the policies of a stack allow, in order.
func mayDo(t *testing.T, template map[string]any) []string {
	t.Helper()
	actions := map[string]bool{}
	for _, p := range resources(t, template, "AWS::IAM::Policy") {
		for _, s := range p.Properties["PolicyDocument"].(map[string]any)["Statement"].([]any) {
			for _, a := range actionsOf(s.(map[string]any)) {
				actions[a] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(actions))
}

// actionsOf returns the actions of a policy's statement.
func actionsOf(statement map[string]any) []string {
	if one, ok := statement["Action"].(string); ok {
		return []string{one}
	}
	var actions []string
	for _, a := range statement["Action"].([]any) {
		actions = append(actions, a.(string))
	}
	return actions
}

// TestGrantsOfWatches checks what the notifier may do for each watch with every
// prop, beyond what it may always. "terminations" are those of an Eye that knows of
// releases.
func TestGrantsOfWatches(t *testing.T) {
	const file = "testdata/grants.json"
	stack := newStack(t)
	watchAll(stack, []watch.Watch{watch.Health{}})
	always := mayDo(t, template(t, stack))
	got := map[string][]string{"always": always}
	for _, w := range allWatches() {
		stack := newStack(t)
		eye := watchAll(stack, []watch.Watch{w})
		if _, ok := w.(watch.Terminations); ok {
			eye.Watch(watch.Deployments{Applications: []string{"web"}, Who: true}, rawQueue(stack))
		}
		all := template(t, stack)
		got[watching(t, all, stack, eye)[0].Kind()] = slices.DeleteFunc(mayDo(t, all), func(a string) bool { return slices.Contains(always, a) })
	}
	golden.JSON(t, file, got)
}

// rawQueue is a sink that rules deliver to without the notifier.
func rawQueue(stack awscdk.Stack) sink.Sink {
	return sink.Queue{Queue: awssqs.NewQueue(stack, jsii.String("Queue"), nil)}
}

// TestRawSinksAreGrantedNothing checks that nothing is looked up for sinks that get
// the raw event.
func TestRawSinksAreGrantedNothing(t *testing.T) {
	stack := newStack(t)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{rawQueue(stack)}})
	for _, w := range allWatches() {
		eye.Watch(w)
	}
	all := template(t, stack)
	if got, want := mayDo(t, all), []string{"iam:ListAccountAliases", "logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"}; !slices.Equal(got, want) {
		t.Errorf("the role may %q, want %q", got, want)
	}
	if n := len(resources(t, all, "AWS::StepFunctions::StateMachine")); n != 0 {
		t.Errorf("%d state machines wait for nobody", n)
	}
}

// TestResourcesAreGrantedOnce checks that a resource is granted once, however many
// watches need it: a role's policies have little room.
func TestResourcesAreGrantedOnce(t *testing.T) {
	stack := newStack(t)
	watchAll(stack, []watch.Watch{
		watch.Terminations{Groups: []string{"g"}},
		watch.Deployments{Applications: names(15, "app-%d"), States: watch.Failed},
		watch.Deployments{Applications: names(15, "app-%d"), States: watch.Succeeded},
	})
	statements := map[string]int{}
	for _, p := range resources(t, template(t, stack), "AWS::IAM::Policy") {
		for _, s := range p.Properties["PolicyDocument"].(map[string]any)["Statement"].([]any) {
			s := s.(map[string]any)
			for _, action := range actionsOf(s) {
				statements[action]++
			}
			if many, ok := s["Resource"].([]any); ok && flat(s["Action"]) == "codedeploy:GetDeployment" && len(many) != 15 {
				t.Errorf("%s is granted for %d resources, want 15", s["Action"], len(many))
			}
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
	app := newApp(t, nil)
	props := &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String("123456789012"), Region: jsii.String("ap-southeast-1")}}
	stacks := []awscdk.Stack{awscdk.NewStack(app, jsii.String("shared"), props)}
	notifier := extraeye.NewNotifier(stacks[0], "Notifier", nil)
	for i, name := range names(14, "some-service-%02d") {
		stack := awscdk.NewStack(app, jsii.String(name), props)
		stacks = append(stacks, stack)
		if i%2 > 0 { // a name that is known in its own stack only
			name = *awscdk.NewCfnParameter(stack, jsii.String("Name"), nil).ValueAsString()
		}
		extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
			AutoScalingGroupNames: []string{name}, CodeDeployApplications: []string{name}, Sinks: []sink.Sink{mail}, Notifier: notifier,
		})
	}
	must(t, func() { app.Synth(nil) })
	size, actions := 0, map[string]int{}
	for _, stack := range stacks {
		if codes, texts := reported(stack); len(codes) > 0 {
			t.Fatal(texts)
		}
		all := template(t, stack)
		for _, a := range mayDo(t, all) {
			actions[a]++
		}
		for _, p := range resources(t, all, "AWS::IAM::Policy") {
			text, err := json.Marshal(p.Properties["PolicyDocument"])
			if err != nil {
				t.Fatal(err)
			}
			size += len(flatJSON(t, string(text)))
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
		stack := awscdk.NewStack(newApp(t, nil), jsii.String("some-stack"), &awscdk.StackProps{Env: &awscdk.Environment{
			Account: jsii.String("123456789012"), Region: jsii.String("ap-southeast-1"),
		}})
		applications, clusters := names(n, strings.Repeat("x", 98)+"%02d"), names(n, strings.Repeat("x", 253)+"%02d")
		watchAll(stack, append(allWatches(),
			watch.Deployments{Applications: applications, Groups: applications[:1]}, watch.DeploymentInstances{Applications: applications},
			watch.ECSTasks{Clusters: clusters}, watch.ECSServices{Clusters: clusters, Services: clusters[:1]}))
		for _, p := range resources(t, template(t, stack), "AWS::IAM::Policy") {
			text, err := json.Marshal(p.Properties["PolicyDocument"])
			if err != nil {
				t.Fatal(err)
			}
			if size := len(flatJSON(t, string(text))); size > 9500 { // the rest is for more sinks
				t.Errorf("with %d names of each sort, the policy has %d characters", n, size)
			}
		}
	}
}
