package extraeye

import (
	"crypto/sha256"
	"encoding/hex"

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
	prefix := "extraeye-" + fingerprint(n) + "-"
	if n.invokers.shared == nil {
		n.invokers.shared = n.permit(n, "RulesPermission", awscdk.Stack_Of(n).FormatArn(&awscdk.ArnComponents{
			Service: jsii.String("events"), Resource: jsii.String("rule"), ResourceName: jsii.String(prefix + "*"),
		}))
	}
	rule.SetName(jsii.String(prefix + fingerprint(rule)))
	rule.Node().AddDependency(n.invokers.shared)
}

// fingerprint distinguishes a construct from all others that are deployed in an account and Region,
// where no two stacks have one name. It is 20 hexadecimal digits.
func fingerprint(c constructs.IConstruct) string {
	sum := sha256.Sum256([]byte(*outermost(awscdk.Stack_Of(c)).StackName() + "\x00" + *c.Node().Path()))
	return hex.EncodeToString(sum[:10])
}
