package extraeye_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/internal/limits"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// longestStack is the longest name of a stack.
var longestStack = strings.Repeat("s", 128)

// TestPlatform checks that a platform of 300 services with two groups each fits into one stack with one
// notifier, whose rules may all invoke it, under the longest name that a stack can have.
func TestPlatform(t *testing.T) {
	stack := awscdk.NewStack(cdktest.App(t), jsii.String(longestStack), nil)
	groups, applications := cdktest.Names(600, "some-service-%03d-production"), cdktest.Names(300, "some-service-%03d")
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
		AutoScalingGroupNames: groups, CodeDeployApplications: applications, Sinks: []sink.Sink{cdktest.Mail, cdktest.Queue(stack)},
	})
	eye.Watch(watch.Launches{AutoScalingGroupNames: groups})
	eye.Watch(watch.InstanceRefreshes{AutoScalingGroupNames: groups})
	eye.Watch(watch.DeploymentInstances{CodeDeployApplications: applications})
	eye.Watch(watch.Lifecycle{AutoScalingGroupNames: groups})
	cdktest.Correct(t, stack)
	all := cdktest.Synthesize(t, stack)
	for _, excess := range (limits.Stack{Name: longestStack}).Check(all) {
		t.Errorf("%s: %s", excess.ID, excess)
	}

	var permitted []string
	for _, p := range all.Resources("AWS::Lambda::Permission") {
		permitted = append(permitted, cdktest.Flat(p.Properties["SourceArn"]))
	}
	if len(permitted) != 6 {
		t.Errorf("%d permissions, want one for the first rule of each watch and one for all others", len(permitted))
	}
	const others = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/"
	shared := permitted[slices.IndexFunc(permitted, func(p string) bool { return strings.HasPrefix(p, others) })]
	if !regexp.MustCompile(`^extraeye-[0-9a-f]{20}-\*$`).MatchString(strings.TrimPrefix(shared, others)) {
		t.Errorf("the other rules are permitted as %s, want names that no other rules have", shared)
	}
	names := map[string]bool{}
	for _, r := range all.Resources("AWS::Events::Rule") {
		if strings.HasPrefix(r.ID, "EyeLifecycle") { // which invokes a state machine
			continue
		}
		name := cdktest.Flat(r.Properties["Name"])
		if slices.Contains(permitted, "${"+r.ID+".Arn}") {
			continue
		}
		if !strings.HasPrefix(others+name, strings.TrimSuffix(shared, "*")) {
			t.Errorf("%s is called %s, and may not invoke the notifier", r.ID, name)
		}
		if len(name) > 64 || names[name] {
			t.Errorf("%s is called %s; want a name of its own, of at most 64 characters", r.ID, name)
		}
		names[name] = true
	}
	if len(names) < 20 {
		t.Errorf("only %d rules share a permission", len(names))
	}
}

// TestRuleNames checks that rules that are named have other names in another stack, and the
// same ones when the app is synthesized again.
func TestRuleNames(t *testing.T) {
	names := func(stackName string) (all []string) {
		stack := awscdk.NewStack(cdktest.App(t), jsii.String("stack"), &awscdk.StackProps{StackName: jsii.String(stackName)})
		eye := cdktest.Watch(stack, watch.Terminations{AutoScalingGroupNames: cdktest.Names(2000, "some-service-%04d-production")})
		for _, r := range cdktest.Rules(t, stack, eye)[1:] {
			all = append(all, r.Properties["Name"].(string))
		}
		return all
	}
	dev, prod, again := names("dev"), names("prod"), names("prod")
	if slices.ContainsFunc(dev, func(name string) bool { return slices.Contains(prod, name) }) {
		t.Errorf("rules of two stacks have the same names: %q", dev)
	}
	if !slices.Equal(prod, again) {
		t.Errorf("rules get other names each time: %q, %q", prod, again)
	}
}

// TestRulesOfOtherStacksShareThePermission checks that a notifier needs no more room in its
// policy for rules of many stacks.
func TestRulesOfOtherStacksShareThePermission(t *testing.T) {
	app := cdktest.App(t)
	shared := awscdk.NewStack(app, jsii.String("shared"), nil)
	notifier := extraeye.NewNotifier(shared, "Notifier", nil)
	var stacks []awscdk.Stack
	for _, id := range cdktest.Names(4, "team-%02d") {
		stack := awscdk.NewStack(app, jsii.String(id), nil)
		stacks = append(stacks, stack)
		groups := cdktest.Names(600, id+"-service-%03d-production") // for some 10 rules
		extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: groups, Sinks: []sink.Sink{cdktest.Mail}, Notifier: notifier})
	}
	cdktest.Must(t, func() { app.Synth(nil) })
	permissions, named := len(cdktest.Synthesize(t, shared).Resources("AWS::Lambda::Permission")), 0
	rules := 0
	for _, stack := range stacks {
		cdktest.Correct(t, stack)
		all := cdktest.Synthesize(t, stack)
		permissions += len(all.Resources("AWS::Lambda::Permission"))
		for _, r := range all.Resources("AWS::Events::Rule") {
			rules++
			if name := cdktest.FlatJSON(t, r.Properties["Name"]); strings.HasPrefix(name, `"extraeye-`) {
				named++
			}
		}
	}
	if permissions != 5 || named != rules-4 || named < 10 {
		t.Errorf("%d permissions, and %d of %d rules that share one; want 5, and all rules but the first of each stack", permissions, named, rules)
	}
}

// TestOwnPermissions checks that as many rules have a permission of their own as the
// function's policy has room for, counted with the name of the stack.
func TestOwnPermissions(t *testing.T) {
	for name, want := range map[string]int{"shop": 38, longestStack: 33} {
		stack := awscdk.NewStack(cdktest.App(t), jsii.String(name), nil)
		for _, id := range cdktest.Names(50, "Eye%02d") {
			extraeye.NewEye(stack, id, &extraeye.EyeProps{AutoScalingGroupNames: []string{id}, Sinks: []sink.Sink{cdktest.Mail}})
		}
		cdktest.Correct(t, stack)
		all := cdktest.Synthesize(t, stack)
		for _, excess := range (limits.Stack{Name: name}).Check(all) {
			t.Errorf("%s: %s", excess.ID, excess)
		}
		if got := len(all.Resources("AWS::Lambda::Permission")) - 1; got != want {
			t.Errorf("%d of 50 rules have permissions of their own under the name %.20s, want %d", got, name, want)
		}
	}
}

// TestMoreRulesRenameNone checks that a name or a watch more renames no rule, which would
// replace it.
func TestMoreRulesRenameNone(t *testing.T) {
	names := func(more []string) map[string]string {
		stack := cdktest.Stack(t)
		for _, id := range cdktest.Names(10, "Eye%d") {
			groups := cdktest.Names(200, id+"-service-%03d-production")
			if id == "Eye0" {
				groups = slices.Concat(more, groups)
			}
			extraeye.NewEye(stack, id, &extraeye.EyeProps{AutoScalingGroupNames: groups, Sinks: []sink.Sink{cdktest.Mail}})
		}
		all := map[string]string{}
		for _, r := range cdktest.Synthesize(t, stack).Resources("AWS::Events::Rule") {
			all[r.ID] = cdktest.FlatJSON(t, r.Properties["Name"])
		}
		return all
	}
	before, after := names(nil), names(cdktest.Names(200, "another-service-%03d"))
	for id, name := range before {
		if now, ok := after[id]; ok && now != name {
			t.Errorf("%s was called %s and is called %s", id, name, now)
		}
	}
	if len(after) <= len(before) {
		t.Errorf("there are %d rules, and were %d", len(after), len(before))
	}
}

// TestWideGrantsReplaceNarrowOnes checks that what is granted in its wide form is granted
// in no other form as well: it would take room in the role's policies.
func TestWideGrantsReplaceNarrowOnes(t *testing.T) {
	stack := cdktest.Stack(t)
	for _, id := range cdktest.Names(30, "Team%02d") {
		eye := extraeye.NewEye(stack, id, &extraeye.EyeProps{
			AutoScalingGroupNames: []string{"service-" + id}, CodeDeployApplications: []string{"service-" + id},
			Sinks: []sink.Sink{sink.Slack{Token: cdktest.Secret(stack, "slack-"+id), Channel: "#ops"}},
		})
		eye.Watch(watch.ECSTasks{ClusterNames: []string{"cluster-" + id}})
	}
	cdktest.Correct(t, stack)
	all := cdktest.Synthesize(t, stack)
	const arn = "arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}:"
	for action, want := range map[string]string{
		"codedeploy:GetDeployment": arn + "deploymentgroup:*", "codedeploy:ListDeployments": arn + "deploymentgroup:*",
		"codedeploy:BatchGetDeploymentGroups": arn + "deploymentgroup:*", "codedeploy:ListDeploymentGroups": arn + "application:*",
	} {
		var got []string
		for _, s := range all.Statements() {
			if slices.Contains(cdktest.ActionsOf(s), action) {
				got = append(got, cdktest.FlatJSON(t, s["Resource"]))
			}
		}
		if !slices.Equal(got, []string{`"` + want + `"`}) {
			t.Errorf("%s is granted on %q, want only %s", action, got, want)
		}
	}
	secrets := 0
	for _, s := range all.Statements() {
		if cdktest.Flat(s["Action"]) == "secretsmanager:GetSecretValue" {
			secrets++
		}
	}
	if secrets != 1 {
		t.Errorf("%d statements for secrets, want 1 with all of them", secrets)
	}
}

// TestPolicyIsMeasured checks that what is counted is what the template has: a little more
// names than the policies have room for are too many, a little less are not.
func TestPolicyIsMeasured(t *testing.T) {
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	define := func(mails int) awscdk.Stack {
		stack := awscdk.NewStack(cdktest.App(t), jsii.String("some-stack"), &awscdk.StackProps{Env: &awscdk.Environment{
			Account: jsii.String("123456789012"), Region: jsii.String("ap-southeast-1"),
		}})
		for i := range mails {
			extraeye.NewEye(stack, fmt.Sprint("Eye", i), &extraeye.EyeProps{
				AutoScalingGroupNames: []string{fmt.Sprint("g", i)},
				Sinks:                 []sink.Sink{sink.Email{From: fmt.Sprintf("ops-%02d@example.com", i), To: []string{"team@example.com"}}},
			})
		}
		return stack
	}
	size := func(stack awscdk.Stack) int {
		bytes := 0
		for _, p := range cdktest.Synthesize(t, stack).Resources("AWS::IAM::Policy") {
			bytes += len(strings.ReplaceAll(cdktest.FlatJSON(t, p.Properties["PolicyDocument"]), "${AWS::Partition}", "aws-us-gov"))
		}
		return bytes
	}
	n := 1
	for per := size(define(2)) - size(define(1)); size(define(1))+n*per <= limits.RolePolicyBytes-300; {
		n++
	}
	if codes, texts := cdktest.Reported(define(n)); len(codes) > 0 {
		t.Errorf("with %d senders, reported %q", n, texts)
	}
	codes, texts := cdktest.Reported(define(n + 3))
	if !slices.Equal(codes, []string{"E404"}) || !strings.Contains(texts[0], "use 2 notifiers") {
		t.Errorf("with %d senders, reported %q", n+3, texts)
	}
}

// TestPolicyOfTheUser checks that what a user adds to the role is counted as well.
func TestPolicyOfTheUser(t *testing.T) {
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	for n, want := range map[int]int{70: 0, 115: 1} {
		stack := cdktest.Stack(t)
		eye := cdktest.Service(stack)
		eye.Notifier().Function().AddToRolePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Actions: jsii.Strings("s3:GetObject"), Resources: jsii.Strings(cdktest.Names(n, "arn:aws:s3:::"+strings.Repeat("x", 60)+"/%03d/*")...),
		}))
		codes, texts := cdktest.Reported(stack)
		if len(codes) != want || want > 0 && (codes[0] != "E404" || !strings.Contains(texts[0], "some-stack/ExtraeyeNotifier")) {
			t.Errorf("%d resources of the user's: reported %q", n, texts)
		}
	}
}

// TestNotifierWithoutEyes checks that there is somewhere to report too many resources.
func TestNotifierWithoutEyes(t *testing.T) {
	stack := cdktest.Stack(t)
	extraeye.NewNotifier(stack, "Notifier", nil)
	for i := range limits.Resources {
		awscdk.NewCfnResource(stack, jsii.String(fmt.Sprint("More", i)), &awscdk.CfnResourceProps{Type: jsii.String("AWS::CloudFormation::WaitConditionHandle")})
	}
	printed := stderr(t, func() {
		defer func() { _ = recover() }()
		cdktest.Synthesize(t, stack)
	})
	if want := "0 of them rules of Eyes"; !strings.Contains(printed, want) {
		t.Errorf("printed %q, want %q", printed, want)
	}
}

// TestTokensInInputs checks that what is known only at deployment is counted in a rule's
// input as what it may become.
func TestTokensInInputs(t *testing.T) {
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	for n, want := range map[int]int{25: 0, 35: 1} {
		stack := cdktest.Stack(t)
		var groups []string
		for _, id := range cdktest.Names(n, "Group%d") {
			groups = append(groups, *awscdk.NewCfnParameter(stack, jsii.String(id), nil).ValueAsString())
		}
		cdktest.Watch(stack, watch.SpotInterruptions{AutoScalingGroupNames: groups})
		if codes, texts := cdktest.Reported(stack); len(codes) != want || want > 0 && codes[0] != "E306" {
			t.Errorf("%d groups of up to 255 characters: reported %q", n, texts)
		}
	}
}

// TestTokensInPatterns checks the same of a pattern of the user's.
func TestTokensInPatterns(t *testing.T) {
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	for n, want := range map[int]int{7: 0, 8: 1} {
		stack := cdktest.Stack(t)
		var names []*string
		for _, id := range cdktest.Names(n, "Name%d") {
			names = append(names, awscdk.NewCfnParameter(stack, jsii.String(id), nil).ValueAsString())
		}
		cdktest.Watch(stack, watch.Pattern{Pattern: &awsevents.EventPattern{Source: jsii.Strings("s"), Detail: &map[string]any{"name": names}}, Title: "t"})
		if codes, texts := cdktest.Reported(stack); len(codes) != want || want > 0 && codes[0] != "E206" {
			t.Errorf("%d names of up to 255 characters: reported %q", n, texts)
		}
	}
}

// TestPoliciesOfResources checks that a resource whose policy has too much is reported.
func TestPoliciesOfResources(t *testing.T) {
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	statements := func(n int, add func(awsiam.PolicyStatement)) {
		for _, id := range cdktest.Names(n, "%012d") {
			add(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
				Principals: &[]awsiam.IPrincipal{awsiam.NewAccountPrincipal(id)}, Actions: jsii.Strings("sqs:ReceiveMessage"), Resources: jsii.Strings("*"),
			}))
		}
	}
	for want, define := range map[string]func(s awscdk.Stack) sink.Sink{
		"21 statements in the queue's policy": func(s awscdk.Stack) sink.Sink {
			queue := awssqs.NewQueue(s, jsii.String("Queue"), nil)
			statements(20, func(p awsiam.PolicyStatement) { queue.AddToResourcePolicy(p) })
			return sink.Queue{Queue: queue}
		},
		"101 statements in the topic's policy": func(s awscdk.Stack) sink.Sink {
			topic := awssns.NewTopic(s, jsii.String("Topic"), nil)
			statements(101, func(p awsiam.PolicyStatement) { topic.AddToResourcePolicy(p) })
			return sink.Topic{Topic: topic}
		},
	} {
		stack := cdktest.Stack(t)
		cdktest.Send(stack, define(stack))
		if codes, texts := cdktest.Reported(stack); !slices.Equal(codes, []string{"E404"}) || !strings.Contains(texts[0], want) {
			t.Errorf("reported %q, want %s", texts, want)
		}
	}

	stack := cdktest.Stack(t)
	for _, id := range cdktest.Names(3, "Eye%d") {
		var groups []sink.Sink
		for i := range 4 {
			groups = append(groups, sink.LogGroup{LogGroup: awslogs.NewLogGroup(stack, jsii.String(fmt.Sprint(id, "Group", i)), nil)})
		}
		extraeye.NewEye(stack, id, &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}, Sinks: groups})
	}
	if codes, texts := cdktest.Reported(stack); !slices.Equal(codes, []string{"E404"}) || !strings.Contains(texts[0], "12 resource policies for log groups") {
		t.Errorf("reported %q, want that an account has room for 10 policies", texts)
	}
}

// TestResourcesOfAStack checks that a stack that is too large because of what else is in it
// is explained before CDK panics about it.
func TestResourcesOfAStack(t *testing.T) {
	define := func(more int) awscdk.Stack {
		stack := cdktest.Stack(t)
		cdktest.Service(stack)
		nested := awscdk.NewNestedStack(stack, jsii.String("Nested"), nil)
		for i := range more {
			in := stack
			if i == 0 {
				in = nested // which counts as one
			}
			awscdk.NewCfnResource(in, jsii.String(fmt.Sprint("More", i)), &awscdk.CfnResourceProps{Type: jsii.String("AWS::CloudFormation::WaitConditionHandle")})
		}
		return stack
	}
	resources := len(cdktest.Synthesize(t, define(1))["Resources"].(map[string]any))
	cdktest.Correct(t, define(1+limits.Resources-resources))
	stack := define(1 + limits.Resources - resources + 2)
	printed := stderr(t, func() {
		defer func() { _ = recover() }()
		cdktest.Synthesize(t, stack)
	})
	if want := "the stack some-stack has 502 resources, 2 of them rules of Eyes, and CloudFormation allows 500; spread the Eyes over 2 stacks"; !strings.Contains(printed, want) {
		t.Errorf("printed %q, want %q", printed, want)
	}
}

// TestRulesUpToTheLimits checks that rules are counted: up to as many as a bus and a stack can have, and
// one more.
func TestRulesUpToTheLimits(t *testing.T) {
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	stack := cdktest.Stack(t)
	eye := cdktest.Watch(stack)
	fill := func(rules int) {
		for i := len(eye.Rules()); i < rules; i++ {
			eye.Watch(watch.Pattern{Pattern: &awsevents.EventPattern{Source: jsii.Strings(fmt.Sprint("s", i))}, Title: "t"})
		}
	}
	var queues []sink.Sink // for two rules for each pattern
	for _, id := range cdktest.Names(6, "queue-%d") {
		queues = append(queues, sink.Queue{Queue: awssqs.Queue_FromQueueArn(stack, jsii.String(id), jsii.String("arn:aws:sqs:eu-west-1:210987654321:"+id))})
	}
	many := watch.Launches{AutoScalingGroupNames: cdktest.Names(800, strings.Repeat("x", 240)+"%d")}
	eye.Watch(many, queues...)
	if n := len(eye.Rules()); n < 251 || n > 300 {
		t.Fatalf("%d rules, want more than half of what a stack can have", n)
	}
	eye.Watch(many) // which shares all of them
	fill(300)
	if codes, texts := cdktest.Reported(stack); len(codes) > 0 {
		t.Errorf("300 rules: reported %q", texts)
	}
	fill(301)
	if codes, texts := cdktest.Reported(stack); !slices.Equal(codes, []string{"W403"}) || !strings.Contains(texts[0], "the stack has 301 rules") {
		t.Errorf("301 rules: reported %q", texts)
	}
	fill(500)
	t.Setenv("CDK_OUTDIR", "") // CDK panics about what else is in the stack, so that it is printed
	printed := stderr(t, func() { fill(501) })
	if want := "Pattern needs 1 rules, with 500 that the stack has already, and CloudFormation allows 500 resources in a stack; spread the Eyes over 2 stacks"; !strings.Contains(printed, want) {
		t.Errorf("501 rules: printed %q, want %q", printed, want)
	}
}

// TestTemplateAtItsLimit checks that rules may have as many bytes as a template, and that the largest Eye is
// reported if they have more.
func TestTemplateAtItsLimit(t *testing.T) {
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	var sinks []sink.Sink
	for i, recipients := range []int{50, 50, 50, 50, 42} {
		sinks = append(sinks, longMail(fmt.Sprint(i), recipients))
	}
	reported := func(more int) (on, text string) {
		stack := cdktest.Stack(t)
		cdktest.Send(stack, padded("a", more))
		extraeye.NewEye(stack, "Large", &extraeye.EyeProps{Sinks: sinks}).Watch(watch.Launches{AutoScalingGroupNames: cdktest.Names(1700, "some-service-%05d-production")})
		return theError(t, stack)
	}
	bytes := 0
	_, text := reported(7000)
	if _, err := fmt.Sscanf(text, "the rules of this stack have %d bytes", &bytes); err != nil {
		t.Fatalf("%v in %q; give the large Eye so many recipients that a small one makes the difference", err, text)
	}
	full := 7000 - (bytes - limits.TemplateBytes)
	if _, text := reported(full); text != "" {
		t.Errorf("up to the limit: %q", text)
	}
	if on, text := reported(full + 1); on != "/some-stack/Large" || !strings.Contains(text, "have 1000001 bytes") {
		t.Errorf("beyond the limit, %s: %q", on, text)
	}
}
