package sink

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/internal/binding"
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
	if t.Topic == nil {
		b.Problems = []binding.Problem{binding.Problemf(binding.NoResource, "sink.Topic.Topic is nil; give it a topic")}
		return b
	}
	if fifo := t.Topic.Fifo(); fifo != nil && *fifo {
		b.Problems = []binding.Problem{binding.Problemf(binding.FIFO, "sink.Topic.Topic %s is a FIFO topic, which cannot send mail or call functions; give it a standard topic", *t.Topic.Node().Path())}
		return b
	}
	b.Wire = &wire.Sink{Topic: &wire.Topic{ARN: *t.Topic.TopicArn()}}
	b.Grants = []binding.Grant{{Actions: []string{"sns:Publish"}, Resources: []string{*t.Topic.TopicArn()}}}
	if key := t.Topic.MasterKey(); key != nil {
		b.Grants = append(b.Grants, binding.Grant{
			Actions:   []string{"kms:Decrypt", "kms:GenerateDataKey"},
			Resources: []string{*key.KeyArn()},
		})
	}
	return b
}
