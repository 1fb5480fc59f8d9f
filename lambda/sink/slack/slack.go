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

// Sender posts each notice as one message, by token into the thread of its group.
type Sender struct {
	post    *post.Client
	secrets *secret.Store
	cfg     wire.Slack
}

// New returns a Sender that posts as cfg says.
func New(p *post.Client, s *secret.Store, cfg wire.Slack) *Sender { return &Sender{p, s, cfg} }

// Send posts the notice. Slack has no key for a message, so a duplicate shows.
func (s *Sender) Send(ctx context.Context, n *notice.Notice) error {
	switch {
	case s.cfg.Token != nil && s.cfg.Channel != "":
		return s.secrets.Use(ctx, *s.cfg.Token, func(token string) error {
			return explain(s.sendByToken(ctx, n, strings.TrimSpace(token)), "to "+notice.Line(s.cfg.Channel), forToken)
		})
	case s.cfg.Webhook != nil:
		return s.secrets.Use(ctx, *s.cfg.Webhook, func(url string) error {
			m := post.Message{URL: strings.TrimSpace(url), Body: notice.JSON(newMessage(n, s.cfg)), Header: map[string]string{"Content-Type": contentType}, Check: checkWebhook}
			return explain(s.post.Send(ctx, m), "by webhook", forWebhook)
		})
	default:
		return notice.Permanent(errors.New("the Slack sink has neither a token with a channel nor a webhook: correct the sink and deploy it"))
	}
}

// sendByToken posts the notice into its thread, or without one if Slack refuses that.
func (s *Sender) sendByToken(ctx context.Context, n *notice.Notice, token string) error {
	m := newMessage(n, s.cfg)
	m.into(s.thread(ctx, n, token), n)
	err := s.post.Send(ctx, newPost(postMessage, token, notice.JSON(m)))
	var refused *post.Error
	if errors.As(err, &refused) && is(codeOf(refused), unthreaded) {
		m.Metadata, m.ThreadTS, m.ReplyBroadcast = nil, "", false
		err = s.post.Send(ctx, newPost(postMessage, token, notice.JSON(m)))
	}
	return err
}

// newPost is a call of the Web API by token.
func newPost(method, token string, body []byte) post.Message {
	return post.Message{
		URL: method, PublicURL: true, Secrets: []string{token}, Check: checkAPI, Body: body,
		Header: map[string]string{"Content-Type": contentType, "Authorization": "Bearer " + token},
	}
}
