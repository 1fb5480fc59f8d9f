// Package limits counts what AWS limits in a template: the sizes of policies, patterns and
// inputs as they will be when they are deployed, and how many there are of some things.
// Neither CDK nor cfn-lint counts these, so that a template that is over a limit fails only
// when it is deployed.
package limits

import "fmt"

// The limits of AWS, with where AWS documents them.
const (
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
	QueueStatements  = 20
	QueuePolicyBytes = 8192
	// https://docs.aws.amazon.com/general/latest/gr/sns.html
	TopicStatements  = 100
	TopicPolicyBytes = 30720
	// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
	BusPolicyBytes    = 10240
	PatternCharacters = 2048
	TargetsOfRule     = 5
	RulesOnBus        = 300 // a quota that AWS raises on request
	// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html
	InputCharacters = 8192
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
	LogPolicyBytes = 5120
	LogPolicies    = 10 // in a Region of an account
	// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
	FunctionPolicyBytes = 20480
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
	RolePolicyBytes    = 10240 // all inline policies of a role together
	ManagedPolicyBytes = 6144
	ManagedPolicies    = 10 // that are attached to a role; a quota that AWS raises on request
	// https://repost.aws/knowledge-center/iam-increase-policy-size
	MostManagedPolicies = 20 // to what it raises that
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
	Resources     = 500
	TemplateBytes = 1_000_000
)

// Excess is a limit that is exceeded.
type Excess struct {
	// ID is the logical id of the resource; empty for the template itself.
	ID string
	// Type is the resource's type; empty for the template itself.
	Type string
	// What is limited, such as "the queue's policy".
	What string
	// Got and Most are how much there is and may be, in Unit, such as "bytes".
	Got, Most int
	Unit      string
}

// String says which limit is exceeded, and by how much.
func (e Excess) String() string {
	return fmt.Sprintf("%d %s in %s; AWS allows %d", e.Got, e.Unit, e.What, e.Most)
}
