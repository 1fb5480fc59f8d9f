package extraeye

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/limits"
)

// check reports policies that are too long for a role, on the Eye with which they became
// so, and too many managed ones. It counts what a user has added to the role, too.
func (g *grants) check() {
	g.checkManaged()
	bytes, on := g.bytes()+g.added(), g.over
	if bytes <= limits.RolePolicyBytes {
		return
	}
	if on == nil {
		on = g.notifier
	}
	report(on, problemf(binding.PolicyTooLong, "what the notifier %s must be allowed has %d bytes, and the policies of a role can have %d together; there is no more room from here on, so use %d notifiers (EyeProps.Notifier), each for some of the Eyes",
		*g.notifier.Node().Path(), bytes, limits.RolePolicyBytes, parts(bytes, limits.RolePolicyBytes))...)
}

// checkManaged reports more managed policies than can be attached to a role, and warns of more than
// can be unless AWS raises that. Few of them are the user's, and the rest are for the sinks of teams.
func (g *grants) checkManaged() {
	n := g.managedPolicies()
	if g.managed == 0 || n <= limits.ManagedPolicies {
		return
	}
	code, todo := binding.ManyPolicies, "have the quota raised, or keep the secrets of several teams in one, as its fields"
	if n > limits.MostManagedPolicies {
		code, todo = binding.PolicyTooLong, "keep the secrets of several teams in one, as its fields"
	}
	report(g.notifier, problemf(code, "the role of the notifier %s has %d managed policies, %d of them for the secrets and senders of teams, and a role can have %d, or %d if AWS raises the quota; %s",
		*g.notifier.Node().Path(), n, g.managed, limits.ManagedPolicies, limits.MostManagedPolicies, todo)...)
}

// managedPolicies is how many managed policies are attached to the role.
func (g *grants) managedPolicies() int {
	role := g.notifier.role.Node().DefaultChild().(awsiam.CfnRole)
	arns, _ := awscdk.Stack_Of(role).Resolve(role.ManagedPolicyArns()).([]any)
	return g.managed + len(arns)
}

// added is how long the policy is that CDK makes for what a user adds to the role, as with
// notifier.Function().AddToRolePolicy.
func (g *grants) added() int {
	p, ok := g.notifier.role.Node().TryFindChild(jsii.String("DefaultPolicy")).(awsiam.Policy)
	if !ok {
		return 0
	}
	return g.own.measure.Bytes(awscdk.Stack_Of(p).Resolve(p.Document()))
}

// parts is into how many parts something has to be split of which a part can have so much.
func parts(n, most int) int { return (n + most - 1) / most }
