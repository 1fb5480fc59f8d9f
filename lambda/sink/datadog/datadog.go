// Package datadog sends notices as Datadog events.
//
// It posts to version 1 of the events API, which has one form for all that happens:
// a title, text, tags, a type of alert and an aggregation key. Version 2 has two
// categories, alerts and changes, and the only things that may change in it are
// feature flags and configurations.
//
// The aggregation key groups what is about the same thing; a delivery that is sent
// twice shows twice within its group.
//
// https://docs.datadoghq.com/api/latest/events/post-an-event
// https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadogV2/model_change_event_custom_attributes_changed_resource_type.go
package datadog

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

var _ notice.Sender = (*Sender)(nil)

// Sender posts each notice as one event.
type Sender struct {
	post    *post.Client
	secrets *secret.Store
	cfg     wire.Datadog
	now     func() time.Time
}

// New returns a Sender that posts as cfg says.
func New(p *post.Client, s *secret.Store, cfg wire.Datadog) *Sender {
	return &Sender{p, s, cfg, time.Now}
}

// Send posts the notice.
func (s *Sender) Send(ctx context.Context, n *notice.Notice) error {
	if !isSite(s.cfg.Site) {
		return notice.Permanent(fmt.Errorf("%q is not a Datadog site such as datadoghq.eu: correct the sink and deploy it", notice.Line(s.cfg.Site)))
	}
	return s.secrets.Use(ctx, s.cfg.APIKey, func(key string) error {
		return s.post.Send(ctx, post.Message{
			URL: "https://api." + s.cfg.Site + "/api/v1/events", PublicURL: true, Header: map[string]string{"DD-API-KEY": key},
			Body: Body(n, s.cfg, s.now()), Secrets: []string{key}, Check: check,
		})
	})
}

// isSite reports whether s is the name of a domain, so that nothing in it can lead
// the key elsewhere.
func isSite(s string) bool {
	const characters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-"
	labels := strings.Split(s, ".")
	return len(labels) > 1 && !slices.ContainsFunc(labels, func(label string) bool {
		return label == "" || strings.Trim(label, "-") != label || strings.Trim(label, characters) != ""
	})
}

// check wants the status "ok": an answer of 202 may have errors.
//
// https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadogV1/model_event_create_response.go
func check(a post.Answer) *post.Error {
	var answer struct {
		Status string   `json:"status"`
		Errors []string `json:"errors"`
	}
	_ = json.Unmarshal(a.Body, &answer) // what is of another type stays empty
	switch {
	case answer.Status == "" && len(answer.Errors) == 0:
		e := a.Unexpected("Datadog's")
		e.Transient = true
		return e
	case answer.Status != "ok" || len(answer.Errors) > 0:
		return &post.Error{Reason: "the event was not accepted: " + cmp.Or(strings.Join(answer.Errors, "; "), "status "+answer.Status)}
	}
	return nil
}
