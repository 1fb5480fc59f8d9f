package sink

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// PagerDuty opens alerts through the Events API v2, and resolves what a failed
// deployment opened when the next one of the same group succeeds: give it the
// watch of the successes too.
type PagerDuty struct {
	// RoutingKey is the integration key of a service, 32 characters.
	//
	// Required.
	RoutingKey Secret

	// Changes records deployments as change events, which page nobody, instead of
	// alerts.
	//
	// Default: deployments are alerts.
	Changes bool

	// EU says that the account is in PagerDuty's EU service region.
	//
	// Default: the US service region.
	EU bool
}

var _ Sink = PagerDuty{}

// Bind implements [Sink].
func (p PagerDuty) Bind(constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "PagerDuty"}
	b.Wire = &wire.Sink{PagerDuty: &wire.PagerDuty{
		RoutingKey: p.RoutingKey.bind(&b, "sink.PagerDuty.RoutingKey"), Changes: p.Changes, EU: p.EU,
	}}
	return b
}
