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

// Delivery is one event for one sink: the input of one invocation.
type Delivery struct {
	// Watch says which events are reported.
	Watch Watch `json:"watch"`
	// Sink says where to report it.
	Sink Sink `json:"sink"`
	// Event is the event as EventBridge delivered it.
	Event json.RawMessage `json:"event"`
}
