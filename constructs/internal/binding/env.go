package binding

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// located is a resource that CDK knows the account and Region of.
type located interface {
	Env() *interfaces.ResourceEnvironment
}

// IsElsewhere reports whether a resource is known to be in another account or Region
// than the scope. What is known only at deployment is not known to differ.
func IsElsewhere(r located, scope constructs.IConstruct) bool {
	return differ(*r.Env().Account, *awscdk.Stack_Of(scope).Account()) || IsInAnotherRegion(r, scope)
}

// IsInAnotherRegion is IsElsewhere for what may be in another account.
func IsInAnotherRegion(r located, scope constructs.IConstruct) bool {
	return differ(*r.Env().Region, *awscdk.Stack_Of(scope).Region())
}

func differ(a, b string) bool { return a != b && !IsToken(a) && !IsToken(b) }

// AnyRule is the ARN that all rules on the event buses of a stack's account and Region are
// like.
func AnyRule(stack awscdk.Stack) *string {
	return stack.FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("events"), Resource: jsii.String("rule"), ResourceName: jsii.String("*"),
	})
}

// ARNsOf is how the ARNs of a service begin at a place in the tree. It is asked for once, since a
// watch may have hundreds of names, and every question to CDK takes time.
func ARNsOf(scope constructs.IConstruct, service string) string {
	return strings.TrimSuffix(*awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
		Service: jsii.String(service), Resource: jsii.String("*"), ArnFormat: awscdk.ArnFormat_NO_RESOURCE_NAME,
	}), "*")
}
