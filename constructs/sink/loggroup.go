package sink

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// LogGroup writes the raw event to a CloudWatch Logs group. The rule does it by
// itself, without the notifier, so a watch's judgement (its causes, its creators)
// does not apply: the group gets every event that the rule matches.
//
// The group gets a resource policy, of which a region of an account can have 10
// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-logs-resourcepolicy.html):
// let the Eyes of a stack share one.
type LogGroup struct {
	// LogGroup is the group, in the stack's account and region.
	//
	// Required.
	LogGroup awslogs.ILogGroup
}

var _ Sink = LogGroup{}

// Bind implements [Sink].
func (g LogGroup) Bind(scope constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "LogGroup"}
	if g.LogGroup == nil {
		b.Problemf(binding.NoResource, "sink.LogGroup.LogGroup is nil; give it a log group")
		return b
	}
	if binding.IsElsewhere(g.LogGroup, scope) {
		b.Problemf(binding.Elsewhere, "sink.LogGroup.LogGroup %s is in another account or Region, where a rule cannot write; give it a group of the stack's own, or send the events to a sink.Bus there", *g.LogGroup.Node().Path())
		return b
	}
	// CDK's ARN of a group ends in ":*", which EventBridge takes, and then delivers
	// nothing: https://github.com/aws-samples/serverless-patterns/pull/221
	b.Native = &binding.Native{ID: shortAddress(g.LogGroup), ARN: jsii.String(g.arn()), Allow: g.allow}
	return b
}

func (g LogGroup) arn() string {
	return *awscdk.Stack_Of(g.LogGroup).FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("logs"), Resource: jsii.String("log-group"), ResourceName: g.LogGroup.LogGroupName(),
		ArnFormat: awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
}

// allow lets the rules of the account write to the group: one policy for all of
// them, not one for each, since there can be so few. It is in the group's stack.
//
// The condition is on logs:PutLogEvents only, as in
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions
func (g LogGroup) allow() {
	stack := awscdk.Stack_Of(g.LogGroup)
	id := "ExtraeyeLogGroup" + shortAddress(g.LogGroup)
	if stack.Node().TryFindChild(jsii.String(id)) != nil {
		return
	}
	statement := func(action string) map[string]any {
		return map[string]any{
			"Effect":    "Allow",
			"Principal": map[string]any{"Service": []string{"events.amazonaws.com", "delivery.logs.amazonaws.com"}},
			"Action":    action,
			"Resource":  g.arn() + ":*",
		}
	}
	create, put := statement("logs:CreateLogStream"), statement("logs:PutLogEvents")
	put["Condition"] = map[string]any{"ArnLike": map[string]any{"aws:SourceArn": binding.AnyRule(stack)}}
	awslogs.NewCfnResourcePolicy(stack, jsii.String(id), &awslogs.CfnResourcePolicyProps{
		PolicyName: jsii.String(*stack.StackName() + "-" + id),
		PolicyDocument: stack.ToJsonString(map[string]any{
			"Version": "2012-10-17", "Statement": []any{create, put},
		}, nil),
	})
}
