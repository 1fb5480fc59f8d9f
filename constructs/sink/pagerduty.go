package sink

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// PagerDuty opens alerts through the Events API v2. All that is wrong with the things of
// one group, such as the instances of an Auto Scaling group or the tasks of a service, is
// one alert. What is over resolves it, such as a deployment that succeeds after one that
// failed: give it the watch of the successes too. After terminations the notifier asks up to
// three hours long whether the group has all instances again. docs/sinks.md lists what
// resolves what.
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
