// Package topic publishes notices as readable text to an Amazon SNS topic.
package topic

import (
	"context"
	"net/url"
	"strconv"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/publish"
)

var _ notice.Sender = (*Sender)(nil)

// Sender publishes each notice as one message.
type Sender struct {
	api *awsapi.Client
	cfg wire.Topic
}

// New returns a Sender that publishes as cfg says.
func New(api *awsapi.Client, cfg wire.Topic) *Sender { return &Sender{api, cfg} }

// Send publishes the notice in the topic's region, with the attributes service,
// kind and severity for subscriptions' filter policies.
func (s *Sender) Send(ctx context.Context, n *notice.Notice) error {
	return publish.ToTopic(ctx, s.api, s.cfg.ARN, parameters(n))
}

func parameters(n *notice.Notice) url.Values {
	in := url.Values{"Subject": {subject(n)}}
	room := maxMessage
	i := 0
	for _, attribute := range [][2]string{{"service", n.Service}, {"kind", string(n.Kind)}, {"severity", string(n.Severity)}} {
		name, value := attribute[0], notice.Line(attribute[1])
		if value == "" { // SNS refuses an empty value
			continue
		}
		i++
		entry := "MessageAttributes.entry." + strconv.Itoa(i) + "."
		in.Set(entry+"Name", name)
		in.Set(entry+"Value.DataType", "String")
		in.Set(entry+"Value.StringValue", value)
		room -= len(name) + len("String") + len(value)
	}
	in.Set("Message", message(n, room))
	return in
}
