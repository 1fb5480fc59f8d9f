// Package grafana writes notices as Grafana annotations: a deployment that ended as
// a region from its start to its end, everything else as a point in time.
//
// Grafana does not recognize a duplicate: a delivery that is sent twice shows twice.
//
// https://grafana.com/docs/grafana/latest/developers/http_api/annotations
package grafana

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

var _ notice.Sender = (*Sender)(nil)

// Sender writes each notice as one annotation.
type Sender struct {
	post    *post.Client
	secrets *secret.Store
	cfg     wire.Grafana
}

// New returns a Sender that writes as cfg says.
func New(p *post.Client, s *secret.Store, cfg wire.Grafana) *Sender { return &Sender{p, s, cfg} }

// Send writes the notice.
func (s *Sender) Send(ctx context.Context, n *notice.Notice) error {
	to, err := endpoint(s.cfg.URL)
	if err != nil {
		return notice.Permanent(err)
	}
	return s.secrets.Use(ctx, s.cfg.Token, func(token string) error {
		return s.post.Send(ctx, post.Message{
			URL: to, PublicURL: true, AllowHTTP: true, Header: map[string]string{"Authorization": "Bearer " + token},
			Body: Body(n, s.cfg), Secrets: []string{token}, Check: check,
		})
	})
}

// endpoint is the address of the annotations of the Grafana at base, which may be
// below a path. A Grafana inside of a VPC may have no certificate, so http:// is accepted.
func endpoint(base string) (string, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil {
		// The text is not shown: it may have a password.
		return "", errors.New("the sink's URL is not that of a Grafana, such as https://grafana.example.com without user and password: correct it and deploy it")
	}
	return u.JoinPath("api", "annotations").String(), nil
}

// check wants the id of the annotation: a proxy in front of Grafana may answer 200
// with a page to log in, or with a message of its own.
//
// https://grafana.com/docs/grafana/latest/developers/http_api/annotations/#create-annotation
func check(a post.Answer) *post.Error {
	var answer struct {
		ID int64 `json:"id"`
	}
	if json.Unmarshal(a.Body, &answer) == nil && answer.ID > 0 {
		return nil
	}
	e := a.Unexpected("Grafana's")
	e.Reason += ": make sure that the URL leads to Grafana itself, not to a page to log in"
	return e
}
