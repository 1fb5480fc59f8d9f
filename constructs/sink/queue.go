package sink

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// Queue delivers the raw event to an SQS queue. The rule does it by itself,
// without the notifier, so a watch's judgement (its causes, its creators) does not
// apply: the queue gets every event that the rule matches.
type Queue struct {
	// Queue is the queue. It must not be a FIFO queue. If it was imported, its
	// policy must already let events.amazonaws.com send to it.
	//
	// Required.
	Queue awssqs.IQueue
}

var _ Sink = Queue{}

// Bind implements [Sink].
func (q Queue) Bind(constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "Queue"}
	if q.Queue == nil {
		b.Problemf(binding.NoResource, "sink.Queue.Queue is nil; give it a queue")
		return b
	}
	if fifo := q.Queue.Fifo(); fifo != nil && *fifo {
		b.Problemf(binding.FIFO, "sink.Queue.Queue %s is a FIFO queue, and events have no order; give it a standard queue", *q.Queue.Node().Path())
		return b
	}
	if q.Queue.EncryptionType() == awssqs.QueueEncryption_KMS_MANAGED {
		b.Problemf(binding.BadSetting, "sink.Queue.Queue %s is encrypted with SQS's own KMS key, which EventBridge cannot use; encrypt it with SQS_MANAGED or a key of yours", *q.Queue.Node().Path())
		return b
	}
	b.Native = &binding.Native{ARN: q.Queue.QueueArn(), Allow: q.allow}
	return b
}

// source is the rule; for a queue of another stack, any rule of the account: the
// rule's stack needs the queue's already, and not the other way round.
func (q Queue) source(rule awsevents.CfnRule) *string {
	stack := awscdk.Stack_Of(rule)
	if *awscdk.Stack_Of(q.Queue).Node().Path() == *stack.Node().Path() {
		return rule.AttrArn()
	}
	return awscdk.Stack_Of(q.Queue).FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("events"), Resource: jsii.String("rule"), ResourceName: jsii.String("*"),
	})
}

// allow lets a rule send to the queue. The key of an encrypted queue is opened to
// the rules of the account instead of to the one: a key that named the rule would
// depend on the rule, which depends on the queue, which depends on the key.
func (q Queue) allow(rule awsevents.CfnRule) {
	events := awsiam.NewServicePrincipal(jsii.String("events.amazonaws.com"), nil)
	q.Queue.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{events},
		Actions:    jsii.Strings("sqs:SendMessage"),
		Resources:  &[]*string{q.Queue.QueueArn()},
		Conditions: &map[string]any{"ArnLike": map[string]any{"aws:SourceArn": q.source(rule)}},
	}))
	if key := q.Queue.EncryptionMasterKey(); key != nil {
		key.AddToResourcePolicy(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{events},
			Actions:    jsii.Strings("kms:Decrypt", "kms:GenerateDataKey"),
			Resources:  jsii.Strings("*"), // in a key's policy: this key
			Conditions: &map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": awscdk.Stack_Of(rule).Account()}},
		}), jsii.Bool(true))
	}
}
