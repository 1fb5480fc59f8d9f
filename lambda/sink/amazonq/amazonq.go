// Package amazonq posts notices to Slack and Teams through Amazon Q Developer in
// chat applications (once AWS Chatbot): it publishes custom notifications to an SNS
// topic, and needs no secret.
package amazonq

import (
	"context"
	"net/url"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/publish"
)

var _ notice.Sender = (*Sender)(nil)

// Sender publishes each notice as one custom notification.
type Sender struct {
	api *awsapi.Client
	cfg wire.AmazonQ
}

// New returns a Sender that publishes as cfg says.
func New(api *awsapi.Client, cfg wire.AmazonQ) *Sender { return &Sender{api, cfg} }

// Send publishes the notice in the topic's region. SNS accepting it does not mean
// that a channel shows it: Amazon Q silently drops what it cannot read.
func (s *Sender) Send(ctx context.Context, n *notice.Notice) error {
	return publish.ToTopic(ctx, s.api, s.cfg.TopicARN, url.Values{"Message": {string(Body(n))}})
}
