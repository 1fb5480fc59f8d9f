package extraeye

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// invokers are the rules that may invoke the function.
type invokers struct {
	rules  int
	shared awslambda.CfnPermission // nil unless there are more than maxOwnPermissions
}

// maxOwnPermissions is how many rules have a permission of their own. The policy of a
// function has room for about 40; some of it is left for permissions of the user's.
const maxOwnPermissions = 30

// allow lets a rule invoke the function.
func (n *Notifier) allow(scope constructs.Construct, id string, rule awsevents.CfnRule) {
	if n.invokers.rules++; n.invokers.rules > maxOwnPermissions {
		n.share(rule)
		return
	}
	n.permit(scope, id, rule.AttrArn())
}

// permit lets the rules invoke the function whose ARNs are like one.
func (n *Notifier) permit(scope constructs.Construct, id string, rules *string) awslambda.CfnPermission {
	return awslambda.NewCfnPermission(scope, jsii.String(id), &awslambda.CfnPermissionProps{
		Action:       jsii.String("lambda:InvokeFunction"),
		FunctionName: n.function.FunctionArn(),
		Principal:    "events.amazonaws.com",
		SourceArn:    rules,
	})
}

// share names a rule so that it has the permission that the notifier's further rules
// share.
func (n *Notifier) share(rule awsevents.CfnRule) {
	prefix := n.rulePrefix()
	if n.invokers.shared == nil {
		n.invokers.shared = n.permit(n, "RulesPermission", awscdk.Stack_Of(n).FormatArn(&awscdk.ArnComponents{
			Service: jsii.String("events"), Resource: jsii.String("rule"), ResourceName: jsii.String(prefix + "*"),
		}))
	}
	address := *rule.Node().Addr()
	rule.SetName(jsii.String(prefix + address[len(address)-14:])) // 64 characters, as many as there can be
	rule.Node().AddDependency(n.invokers.shared)
}

// rulePrefix is how the names of the rules begin that share a permission. It has the GUID of
// the notifier's stack, so that no rule of another stack has such a name.
func (n *Notifier) rulePrefix() string {
	stackID := *awscdk.Fn_Split(jsii.String("/"), awscdk.Stack_Of(n).StackId(), jsii.Number(3)) // arn:…:stack/NAME/GUID
	address := *n.Node().Addr()
	return "extraeye-" + *stackID[2] + "-" + address[len(address)-4:]
}
