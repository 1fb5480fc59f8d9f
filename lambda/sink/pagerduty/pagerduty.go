// Package pagerduty sends notices to PagerDuty through its Events API v2: what is
// wrong opens an alert, and what is no longer wrong resolves it.
//
// What a notice becomes:
//
//   - with [wire.PagerDuty.Changes], a deployment in any state: a change event.
//   - a notice of something that happened, with nothing wrong (a marker of severity info): a
//     change event, which pages nobody. PagerDuty accepts those with the integration
//     key of a service only, not with that of a ruleset, which begins with "R".
//   - a resolved notice, such as a deployment that succeeded: it resolves the alert
//     of its key. PagerDuty drops it if there is none, so a release that follows a
//     good one pages nobody.
//   - everything else: it opens the alert of its group, or adds to it.
//
// The key makes a duplicate alert the same alert. A duplicate change event shows twice.
package pagerduty

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

var _ notice.Sender = (*Sender)(nil)

// The hosts of the service regions.
//
// https://support.pagerduty.com/docs/safelist-ips
const (
	hostUS = "https://events.pagerduty.com"
	hostEU = "https://events.eu.pagerduty.com"
)

// Sender sends each notice as one event.
type Sender struct {
	post    *post.Client
	secrets *secret.Store
	cfg     wire.PagerDuty
}

// New returns a Sender that sends as cfg says.
func New(p *post.Client, s *secret.Store, cfg wire.PagerDuty) *Sender { return &Sender{p, s, cfg} }

// Send sends the notice.
func (s *Sender) Send(ctx context.Context, n *notice.Notice) error {
	return s.secrets.Use(ctx, s.cfg.RoutingKey, func(key string) error {
		return explain(s.post.Send(ctx, post.Message{
			URL: endpoint(n, s.cfg), PublicURL: true, Body: Body(n, s.cfg, key), Secrets: []string{key}, Check: check,
		}))
	})
}

// endpoint is where the notice goes.
//
// https://developer.pagerduty.com/docs/send-alert-event
// https://developer.pagerduty.com/docs/send-change-event
func endpoint(n *notice.Notice, cfg wire.PagerDuty) string {
	host := hostUS
	if cfg.EU {
		host = hostEU
	}
	if actionFor(n, cfg) == change {
		return host + "/v2/change/enqueue"
	}
	return host + "/v2/enqueue"
}

// check wants the status 202 and "success", of both endpoints. The key makes it safe to
// send an alert again that another answer leaves in doubt.
//
// https://developer.pagerduty.com/docs/send-alert-event#response-codes--retry-logic
func check(a post.Answer) *post.Error {
	var answer struct {
		Status  string   `json:"status"`
		Message string   `json:"message"`
		Errors  []string `json:"errors"`
	}
	_ = json.Unmarshal(a.Body, &answer) // what is of another type stays empty
	switch {
	case answer.Status == "":
		e := a.Unexpected("PagerDuty's")
		e.Transient = true
		return e
	case a.Status != http.StatusAccepted || answer.Status != "success":
		reason := append([]string{answer.Status, answer.Message}, answer.Errors...)
		return &post.Error{Reason: "the event was not accepted: " + strings.Join(reason, "; ")}
	}
	return nil
}

// explain finds the answers that mean a wrong key: PagerDuty has no status of its
// own for them, but answers 400 with "Invalid routing key" or with errors such as
// "Length of 'routing_key' is incorrect (should be 32 characters)".
//
// https://github.com/envato/pagerduty/issues/70
// https://github.com/robusta-dev/robusta/issues/571
func explain(err error) error {
	var refused *post.Error
	if !errors.As(err, &refused) || refused.Status != http.StatusBadRequest {
		return err
	}
	if reason := strings.ToLower(refused.Reason); strings.Contains(reason, "routing key") || strings.Contains(reason, "routing_key") {
		refused.Credential = true
		return fmt.Errorf("%w: the secret must be the 32 characters of an Events API v2 integration key, and the sink must say whether the account is in the EU", err)
	}
	return err
}
