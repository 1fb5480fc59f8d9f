// Package slack posts notices to a Slack channel, by an app's bot token or by an
// incoming webhook.
package slack

import (
	"context"
	"errors"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

var _ notice.Sender = (*Sender)(nil)

// postMessage is where messages by token go.
//
// https://docs.slack.dev/reference/methods/chat.postMessage
const postMessage = "https://slack.com/api/chat.postMessage"

// contentType names the character set; Slack warns of requests that do not.
//
// https://docs.slack.dev/apis/web-api/
const contentType = "application/json; charset=utf-8"

// Sender posts each notice as one message. Notices about the same thing form no
// thread: a reply needs the time stamp of the first message, which nothing here keeps.
type Sender struct {
	post    *post.Client
	secrets *secret.Store
	cfg     wire.Slack
}

// New returns a Sender that posts as cfg says.
func New(p *post.Client, s *secret.Store, cfg wire.Slack) *Sender { return &Sender{p, s, cfg} }

// Send posts the notice. Slack has no key for a message, so a duplicate shows.
func (s *Sender) Send(ctx context.Context, n *notice.Notice) error {
	m := post.Message{Body: Body(n, s.cfg), Header: map[string]string{"Content-Type": contentType}}
	switch {
	case s.cfg.Token != nil && s.cfg.Channel != "":
		return s.secrets.Use(ctx, *s.cfg.Token, func(token string) error {
			token = strings.TrimSpace(token)
			m.URL, m.PublicURL, m.Secrets, m.Check = postMessage, true, []string{token}, checkAPI
			m.Header["Authorization"] = "Bearer " + token
			return explain(s.post.Send(ctx, m), "to "+notice.Line(s.cfg.Channel), forToken)
		})
	case s.cfg.Webhook != nil:
		return s.secrets.Use(ctx, *s.cfg.Webhook, func(url string) error {
			m.URL, m.Check = strings.TrimSpace(url), checkWebhook
			return explain(s.post.Send(ctx, m), "by webhook", forWebhook)
		})
	default:
		return notice.Permanent(errors.New("the Slack sink has neither a token with a channel nor a webhook: correct the sink and deploy it"))
	}
}
