package sink

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// Queue delivers the raw event to an SQS queue. The rule does it by itself,
// without the notifier, so what a watch decides itself (causes, creators) does not
// apply: the queue gets every event that the rule matches.
type Queue struct {
	// Queue is the queue, in the stack's account and Region. It must not be a FIFO
	// queue. If it was imported, its policy must already let events.amazonaws.com send to
	// it.
	//
	// Required.
	Queue awssqs.IQueue
}

var _ Sink = Queue{}

// Bind implements [Sink].
func (q Queue) Bind(scope constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "Queue"}
	if q.Queue == nil {
		b.Problemf(binding.NoResource, "sink.Queue.Queue is nil; give it a queue")
		return b
	}
	path := *q.Queue.Node().Path()
	if fifo := q.Queue.Fifo(); fifo != nil && *fifo {
		b.Problemf(binding.FIFO, "sink.Queue.Queue %s is a FIFO queue, and events have no order; give it a standard queue", path)
		return b
	}
	if q.Queue.EncryptionType() == awssqs.QueueEncryption_KMS_MANAGED {
		b.Problemf(binding.BadSetting, "sink.Queue.Queue %s is encrypted with SQS's own KMS key, which EventBridge cannot use; encrypt it with SQS_MANAGED or a key of yours", path)
		return b
	}
	if binding.IsElsewhere(q.Queue, scope) {
		// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
		b.Problemf(binding.Elsewhere, "sink.Queue.Queue %s is in another account or Region, where the rule cannot send; give it a queue of the stack's own, or send the events to a sink.Bus there", path)
		return b
	}
	b.Native = &binding.Native{ID: shortAddress(q.Queue), ARN: q.Queue.QueueArn(), Allow: q.allow}
	return b
}

// allow lets the rules of the account send to the queue: one statement for all of them,
// since a queue's policy has room for 20. If several Eyes add it, CDK writes it once. The
// key of an encrypted queue is opened to the account as well.
//
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
func (q Queue) allow() {
	stack := awscdk.Stack_Of(q.Queue)
	events := awsiam.NewServicePrincipal(jsii.String("events.amazonaws.com"), nil)
	q.Queue.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{events},
		Actions:    jsii.Strings("sqs:SendMessage"),
		Resources:  &[]*string{q.Queue.QueueArn()},
		Conditions: &map[string]any{"ArnLike": map[string]any{"aws:SourceArn": binding.AnyRule(stack)}},
	}))
	if key := q.Queue.EncryptionMasterKey(); key != nil {
		key.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{events},
			Actions:    jsii.Strings("kms:Decrypt", "kms:GenerateDataKey"),
			Resources:  jsii.Strings("*"), // in a key's policy: this key
			Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": stack.Account()}},
		}), jsii.Bool(true))
	}
}
