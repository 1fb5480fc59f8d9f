package binding_test

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
)

// queue is the stack's queue.
func queue(stack awscdk.Stack) awssqs.CfnQueue {
	const id = "Queue"
	if q, ok := stack.Node().TryFindChild(jsii.String(id)).(awssqs.CfnQueue); ok {
		return q
	}
	return awssqs.NewCfnQueue(stack, jsii.String(id), nil)
}

// TestARN checks what of a text is known to be an ARN.
func TestARN(t *testing.T) {
	stack := cdktest.Stack(t)
	service := awsecs.NewCfnService(stack, jsii.String("Service"), nil)
	for name, tt := range map[string]struct{ text, want string }{
		"name":                      {"web", ""},
		"ARN":                       {"arn:aws:sqs:eu-west-1:123456789012:web", "arn:aws:sqs:eu-west-1:123456789012:web"},
		"ARN of here":               {*stack.FormatArn(&awscdk.ArnComponents{Service: jsii.String("sqs"), Resource: jsii.String("web")}), "arn:?:sqs:?:?:web"},
		"ARN with a substitution":   {*awscdk.Fn_Sub(jsii.String("arn:${AWS::Partition}:sqs:x:y:${!web}"), nil), "arn:?:sqs:x:y:${!web}"},
		"name with a substitution":  {*awscdk.Fn_Sub(jsii.String("web-${AWS::Region}"), nil), ""},
		"attribute that is an ARN":  {*queue(stack).AttrArn(), "arn:?"},
		"attribute that is a name":  {*queue(stack).AttrQueueName(), ""},
		"reference that is an ARN":  {*service.Ref(), "arn:?:ecs:?:?:service/?"},
		"name of the same resource": {*service.AttrName(), ""},
		"reference that is a URL":   {*queue(stack).Ref(), ""},
		"parameter":                 {parameter(stack, "Name"), ""},
		"imported":                  {*awscdk.Fn_ImportValue(jsii.String("name")), ""},
	} {
		if got := binding.ARN(stack, tt.text); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

// TestIdentity checks that a text is recognized at the next synthesis, however many others
// come before it.
func TestIdentity(t *testing.T) {
	before, after := cdktest.Stack(t), cdktest.Stack(t)
	parameter(after, "Other")
	a, b := parameter(before, "Name"), parameter(after, "Name")
	if got, want := binding.Identity(after, b), binding.Identity(before, a); got != want || got != `{"Ref":"Name"}` {
		t.Errorf("a parameter is recognized by %s and then by %s", want, got)
	}
	if got := binding.Identity(before, "<a>"); got != "<a>" {
		t.Errorf("a text is recognized by %q, want itself", got)
	}
}

// TestElsewhere checks where resources are, as far as it is known.
func TestElsewhere(t *testing.T) {
	app := cdktest.App(t)
	in := func(id, account, region string) awscdk.Stack {
		return awscdk.NewStack(app, jsii.String(id), &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String(account), Region: jsii.String(region)}})
	}
	here := in("here", "111122223333", "eu-west-1")
	anywhere := awscdk.NewStack(app, jsii.String("anywhere"), nil)
	for _, tt := range []struct {
		arn, from         string
		scope             awscdk.Stack
		elsewhere, region bool
	}{
		{"arn:aws:sqs:eu-west-1:111122223333:q", "here", here, false, false},
		{"arn:aws:sqs:us-east-1:111122223333:q", "another Region", here, true, true},
		{"arn:aws:sqs:eu-west-1:999999999999:q", "another account", here, true, false},
		{"arn:aws:sqs:us-east-1:999999999999:q", "wherever", anywhere, false, false},
	} {
		q := awssqs.Queue_FromQueueArn(tt.scope, jsii.String(tt.from), jsii.String(tt.arn))
		if got := binding.IsElsewhere(q, tt.scope); got != tt.elsewhere {
			t.Errorf("%s: is it elsewhere: %t", tt.from, got)
		}
		if got := binding.IsInAnotherRegion(q, tt.scope); got != tt.region {
			t.Errorf("%s: is it in another Region: %t", tt.from, got)
		}
	}
	q := awssqs.NewQueue(anywhere, jsii.String("Queue"), nil)
	if binding.IsElsewhere(q, here) {
		t.Error("a queue that may be here is said to be elsewhere")
	}
}
