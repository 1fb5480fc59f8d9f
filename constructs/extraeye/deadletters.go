package extraeye

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// Retained for as long as SQS can: 14 days.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const deadLetterDays = 14

// newDeadLetterQueue defines the queue of what could not be delivered.
func newDeadLetterQueue(scope constructs.Construct) awssqs.Queue {
	queue := newQueue(scope, "DeadLetterQueue", awssqs.QueueProps{RetentionPeriod: awscdk.Duration_Days(jsii.Number(deadLetterDays))})
	acceptNag(queue.Node().DefaultChild().(awssqs.CfnQueue), "AwsSolutions-SQS3", "It is the dead-letter queue itself.")
	return queue
}

// newQueue defines an encrypted queue that the rules of the account can send to.
func newQueue(scope constructs.Construct, id string, props awssqs.QueueProps) awssqs.Queue {
	props.Encryption, props.EnforceSSL = awssqs.QueueEncryption_SQS_MANAGED, jsii.Bool(true)
	queue := awssqs.NewQueue(scope, jsii.String(id), &props)
	acceptCheckov(queue.Node().DefaultChild().(awssqs.CfnQueue), finding{"CKV_AWS_27", "SQS encrypts it with a key of its own (SqsManagedSseEnabled)."})

	// One statement for all rules of the account: a queue's policy has room for 20.
	queue.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String("events.amazonaws.com"), nil)},
		Actions:    jsii.Strings("sqs:SendMessage"),
		Resources:  &[]*string{queue.QueueArn()},
		Conditions: &map[string]any{"ArnLike": map[string]any{"aws:SourceArn": binding.AnyRule(awscdk.Stack_Of(scope))}},
	}))
	return queue
}
