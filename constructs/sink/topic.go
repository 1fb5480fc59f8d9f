package sink

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Topic publishes the readable notice to an SNS topic: a subject, plain text, and
// the message attributes service, kind and severity for filter policies.
type Topic struct {
	// Topic is the topic. It must not be a FIFO topic.
	//
	// Required.
	Topic awssns.ITopic
}

var _ Sink = Topic{}

// Bind implements [Sink].
func (t Topic) Bind(constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "Topic"}
	b.Wire = &wire.Sink{Topic: &wire.Topic{ARN: publish(&b, "sink.Topic.Topic", t.Topic)}}
	return b
}

// publish adds to b what publishing to a topic asks for, and returns its ARN.
// Where is the prop, such as "sink.Topic.Topic".
func publish(b *binding.Sink, where string, topic awssns.ITopic) (arn string) {
	if topic == nil {
		b.Problemf(binding.NoResource, "%s is nil; give it a topic", where)
		return ""
	}
	if fifo := topic.Fifo(); fifo != nil && *fifo {
		b.Problemf(binding.FIFO, "%s %s is a FIFO topic, which delivers to queues only; give it a standard topic", where, *topic.Node().Path())
		return ""
	}
	b.Grants = append(b.Grants, binding.Grant{Actions: []string{"sns:Publish"}, Resources: []string{*topic.TopicArn()}})
	if key := topic.MasterKey(); key != nil {
		b.Grants = append(b.Grants, binding.Grant{
			Actions:   []string{"kms:Decrypt", "kms:GenerateDataKey"},
			Resources: []string{*key.KeyArn()},
		})
	}
	return *topic.TopicArn()
}
