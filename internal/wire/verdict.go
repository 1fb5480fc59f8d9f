package wire

import "encoding/json"

// Verdict says that it is reported how a release did, some time after it succeeded.
type Verdict struct {
	// AfterSeconds is how long after it.
	AfterSeconds int `json:"afterSeconds"`
	// Always reports it even if nothing got worse.
	Always bool `json:"always,omitempty"`
}

// Verdict is what the watch wants to be reported of a release; nil: nothing.
func (w Watch) Verdict() *Verdict {
	switch {
	case w.Deployments != nil:
		return w.Deployments.Verdict
	case w.ECSDeployments != nil:
		return w.ECSDeployments.Verdict
	default:
		return nil
	}
}

// VerdictLater is what the notifier hands to its state machine, which waits and invokes it again with
// the same, to find out how a release did.
type VerdictLater struct {
	AfterSeconds int      `json:"afterSeconds"`
	Verdict      Released `json:"verdict"`
}

// Released is the event of a success that was reported, with the watch and its sinks.
type Released struct {
	Order
	Event json.RawMessage `json:"event"`
	// Journal is that of the [Delivery].
	Journal string `json:"journal,omitempty"`
}
