// Package wire is the contract between the two sides of extraeye: what the
// constructs write into the template and what the notifier reads at run time.
//
// A rule target hands the notifier a whole [Delivery], so the notifier needs no
// configuration of its own. Both sides use these structs; a renamed field breaks
// both builds.
//
// To add a watch, add one field to [Watch]; to add a sink, add one to [Sink];
// then run go test ./..., which names every file that is still missing.
package wire

import "encoding/json"

// Delivery is one event and who is to be notified of it: the input of one invocation.
type Delivery struct {
	Order
	// Also are further watches of the same events. Each is decided on by itself.
	Also []Order `json:"also,omitempty"`
	// AfterSeconds is how long the state machine waits before the notifier gets the
	// delivery. Zero: the rule invokes the notifier itself.
	AfterSeconds int `json:"afterSeconds,omitempty"`
	// Journal is the log group in which is written what became of the event; empty: none.
	Journal string `json:"journal,omitempty"`
	// Event is the event as EventBridge delivered it.
	Event json.RawMessage `json:"event"`
}

// Order is a watch and the sinks that it reports to.
type Order struct {
	// Watch says which events are reported.
	Watch Watch `json:"watch"`
	// Sinks say where they are reported.
	Sinks []Sink `json:"sinks"`
	// Fleet says that they are reported to the team whose the thing is, as the [Table] has
	// it.
	Fleet bool `json:"fleet,omitempty"`
	// Over is how many events of one thing that come together are still reported one by one;
	// more are reported as one. Zero: each is always reported by itself.
	Over int `json:"over,omitempty"`
}

// Orders returns all orders of a delivery.
func (d *Delivery) Orders() []Order { return append([]Order{d.Order}, d.Also...) }
