// Package newrelic records notices with New Relic's change tracking, through
// NerdGraph.
//
// It calls changeTrackingCreateEvent, which New Relic recommends in place of
// changeTrackingCreateDeployment: it finds an entity by its GUID or by a search, and
// changes that are not deployments. What a notice becomes:
//
//   - a deployment that ended, well or not: a change of the category Deployment.
//   - a deployment that started or waits for traffic: of the category Deployment
//     Lifecycle, so that a deployment has one marker only.
//   - everything else, such as the end of an instance: of the category Operational.
//
// New Relic does not recognize a duplicate: a delivery that is sent twice shows twice.
//
// https://docs.newrelic.com/docs/change-tracking/config/nerdgraph
package newrelic

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

var _ notice.Sender = (*Sender)(nil)

// The endpoints of the regions.
//
// https://docs.newrelic.com/docs/apis/nerdgraph/get-started/introduction-new-relic-nerdgraph
const (
	endpointUS = "https://api.newrelic.com/graphql"
	endpointEU = "https://api.eu.newrelic.com/graphql"
)

// window is how far from now a change may be: New Relic refuses others.
//
// https://docs.newrelic.com/docs/change-tracking/config/nerdgraph#set-attributes
const window = 24 * time.Hour

// Sender records each notice as one change.
type Sender struct {
	post    *post.Client
	secrets *secret.Store
	cfg     wire.NewRelic
	now     func() time.Time
}

// New returns a Sender that records as cfg says.
func New(p *post.Client, s *secret.Store, cfg wire.NewRelic) *Sender {
	return &Sender{p, s, cfg, time.Now}
}

// Send records the notice at the time when it happened. One outside of New Relic's
// window is a permanent error: a marker at another time would mislead.
func (s *Sender) Send(ctx context.Context, n *notice.Notice) error {
	if err := valid(s.cfg); err != nil {
		return notice.Permanent(err)
	}
	if now := s.now(); !n.Time.IsZero() && now.Sub(n.Time).Abs() > window {
		return notice.Permanent(fmt.Errorf("the event is of %s, and New Relic accepts changes of the last and the next 24 hours only: record it by hand, or drop it",
			notice.Moment(n.Time, now)))
	}
	endpoint := endpointUS
	if s.cfg.EU {
		endpoint = endpointEU
	}
	return s.secrets.Use(ctx, s.cfg.APIKey, func(key string) error {
		return s.post.Send(ctx, post.Message{
			URL: endpoint, PublicURL: true, Header: map[string]string{"API-Key": key}, Body: Body(n, s.cfg), Secrets: []string{key}, Check: check,
		})
	})
}

// valid reports what is wrong with how the entity is named.
func valid(cfg wire.NewRelic) error {
	switch {
	case (cfg.EntityGUID == "") == (cfg.EntitySearch == ""):
		return errors.New("the sink must name its entity, by either a GUID or a search: correct it and deploy it")
	case strings.ContainsAny(cfg.EntityGUID, `'"\`) || notice.Line(cfg.EntityGUID) != cfg.EntityGUID:
		return fmt.Errorf("%q is not the GUID of an entity: correct the sink and deploy it", notice.Line(cfg.EntityGUID))
	}
	return nil
}
