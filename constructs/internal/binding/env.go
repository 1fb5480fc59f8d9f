package binding

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// IsElsewhere reports whether a resource is known to be in another account or Region
// than the scope. What is known only at deployment is not known to differ.
func IsElsewhere(r interface {
	Env() *interfaces.ResourceEnvironment
}, scope constructs.IConstruct) bool {
	stack, env := awscdk.Stack_Of(scope), r.Env()
	differ := func(a, b string) bool { return a != b && !IsToken(a) && !IsToken(b) }
	return differ(*env.Account, *stack.Account()) || differ(*env.Region, *stack.Region())
}

// AnyRule is the ARN that all rules on the default event bus of a stack's account and
// Region are like.
func AnyRule(stack awscdk.Stack) *string {
	return stack.FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("events"), Resource: jsii.String("rule"), ResourceName: jsii.String("*"),
	})
}
