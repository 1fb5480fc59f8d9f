package extraeye

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/limits"
)

// invokers are the rules that may invoke the function.
type invokers struct {
	scopes map[string]bool                    // the paths of those whose first rule has a permission of its own
	bytes  int                                // of these permissions in the function's policy
	shared map[string]awslambda.CfnPermission // that all other rules on a bus have, by its id

	sharedBytes int // of them
}

// ownPermissionBytes is how much of the function's policy the rules' own permissions may take,
// which is some 40 of them. What is left is for the one that is shared and for the user's.
const ownPermissionBytes = limits.FunctionPolicyBytes - 2500

// allow lets a rule invoke the function. The first rule of a scope, which is the only one of
// most, has a permission of its own as long as the function's policy has room for it. Which
// permission the others have depends on no other rule, so that none is renamed, and with that
// replaced, because there is one more.
func (n *Notifier) allow(scope constructs.Construct, id string, rule awsevents.CfnRule) {
	path := *scope.Node().Path()
	bytes := n.invokers.bytes + n.permissionBytes(rule)
	if n.invokers.scopes[path] || bytes > ownPermissionBytes {
		n.share(rule, nil)
		return
	}
	n.invokers.scopes[path], n.invokers.bytes = true, bytes
	n.permit(scope, id, rule.AttrArn())
}

// permissionBytes is how many bytes a rule's own permission has in the function's policy.
func (n *Notifier) permissionBytes(rule awsevents.CfnRule) int {
	checks := checksOf(awscdk.Stack_Of(rule))
	return checks.measure.Permission(*checks.stack.GetLogicalId(rule)+"Permission", map[string]any{
		"Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com",
		"FunctionName": checks.stack.Resolve(n.function.FunctionArn()), "SourceArn": checks.stack.Resolve(rule.AttrArn()),
	})
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

// share names a rule so that it has the permission that the notifier's other rules on the bus
// share; nil is the default one.
func (n *Notifier) share(rule awsevents.CfnRule, bus awsevents.EventBus) {
	id, prefix := "RulesPermission", rulePrefix(n)
	if bus != nil {
		id, prefix = "BusRulesPermission", *bus.EventBusName()+"/"+prefix
	}
	if n.invokers.shared[id] == nil {
		n.invokers.sharedBytes += n.permissionBytes(rule)
		n.invokers.shared[id] = n.permit(n, id, anyRuleLike(n, prefix))
	}
	n.name(rule, bus)
	rule.Node().AddDependency(n.invokers.shared[id])
}

// name names a rule. On another bus it has another name: CloudFormation does not replace what keeps
// its name.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
func (n *Notifier) name(rule awsevents.CfnRule, bus awsevents.EventBus) {
	on := ""
	if bus != nil {
		on = *bus.PhysicalName()
	}
	rule.SetName(jsii.String(rulePrefix(n) + fingerprint(rule, on)))
}

// rulePrefix is what the names of rules begin with that are made for a construct, and of no
// others.
func rulePrefix(c constructs.IConstruct) string { return "extraeye-" + fingerprint(c) + "-" }

// anyRuleLike is the ARN that those rules are like whose names begin with something.
func anyRuleLike(scope constructs.Construct, prefix string) *string {
	return awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("events"), Resource: jsii.String("rule"), ResourceName: jsii.String(prefix + "*"),
	})
}

// fingerprint distinguishes a construct from all others that are deployed in an account and Region,
// where no two stacks have one name. It is 20 hexadecimal digits.
func fingerprint(c constructs.IConstruct, more ...string) string {
	sum := sha256.Sum256([]byte(*outermost(awscdk.Stack_Of(c)).StackName() + "\x00" + *c.Node().Path() + strings.Join(more, "\x00")))
	return hex.EncodeToString(sum[:10])
}
