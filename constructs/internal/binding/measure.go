package binding

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/limits"
)

// Measure measures what is in a stack, as it will be when it is deployed.
func Measure(stack awscdk.Stack) limits.Stack {
	name := *stack.StackName()
	if IsToken(name) {
		name = ""
	}
	parameters := map[string]bool{}
	return limits.Stack{Name: name, IsParameter: func(id string) bool {
		is, known := parameters[id]
		if !known {
			_, is = stack.Node().TryFindChild(jsii.String(id)).(awscdk.CfnParameter)
			parameters[id] = is
		}
		return is
	}}
}
