// Package webhook sends notices to any HTTPS endpoint, by the Standard Webhooks specification.
//
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

var _ notice.Sender = (*Sender)(nil)

// Sender posts each notice as one webhook.
type Sender struct {
	post    *post.Client
	secrets *secret.Store
	cfg     wire.Webhook
}

// New returns a Sender that posts as cfg says. The client must be one that refuses
// private addresses, unless cfg allows them.
func New(p *post.Client, s *secret.Store, cfg wire.Webhook) *Sender { return &Sender{p, s, cfg} }

// Send posts the notice. Every attempt has the same id and its own signature.
func (s *Sender) Send(ctx context.Context, n *notice.Notice) error {
	m := post.Message{Body: Body(n), AllowHTTP: s.cfg.AllowPrivate}
	return s.use(ctx, s.cfg.SecretURL, func(url string) error {
		if m.URL = s.cfg.URL; m.URL == "" {
			m.URL = url
		}
		return s.use(ctx, s.cfg.SigningKey, func(text string) error {
			keys, err := parseKeys(text)
			if err != nil {
				return notice.Permanent(err)
			}
			for key := range strings.FieldsSeq(text) {
				m.Secrets = append(m.Secrets, key, strings.TrimPrefix(key, keyPrefix))
			}
			id := messageID(n)
			m.Sign = func(at time.Time) map[string]string { return headers(keys, id, at, m.Body) }
			return explain(s.post.Send(ctx, m))
		})
	})
}

// use is [secret.Store.Use] for a secret that may not be set, and is then "".
func (s *Sender) use(ctx context.Context, ref *wire.Secret, use func(string) error) error {
	if ref == nil {
		return use("")
	}
	return s.secrets.Use(ctx, *ref, use)
}

// explain says what the status means that the specification gives a meaning to.
//
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability
func explain(err error) error {
	var refused *post.Error
	if errors.As(err, &refused) && refused.Status == http.StatusGone {
		return fmt.Errorf("%w: the endpoint wants no more webhooks: remove the sink and deploy", err)
	}
	return err
}
