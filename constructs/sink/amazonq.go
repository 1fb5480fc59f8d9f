package sink

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// AmazonQ publishes custom notifications to an SNS topic that Amazon Q Developer
// in chat applications is subscribed to, which shows them in Slack or Teams: a
// chat without any secret. What it cannot read, it drops without a word, so a
// topic of its own keeps things apart.
type AmazonQ struct {
	// Topic is a topic of the channel's configuration in Amazon Q. It must not be a
	// FIFO topic.
	//
	// Required.
	Topic awssns.ITopic
}

var _ Sink = AmazonQ{}

// Bind implements [Sink].
func (q AmazonQ) Bind(constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "AmazonQ"}
	b.Wire = &wire.Sink{AmazonQ: &wire.AmazonQ{TopicARN: publish(&b, "sink.AmazonQ.Topic", q.Topic)}}
	return b
}
