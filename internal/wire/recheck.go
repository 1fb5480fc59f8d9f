package wire

import "encoding/json"

// CheckLater is what the notifier hands to its state machine, which waits and invokes it again with
// the same, to find out whether what it reported is over.
type CheckLater struct {
	AfterSeconds int     `json:"afterSeconds"`
	Recheck      Recheck `json:"recheck"`
}

// Recheck is an event that was reported, with the watch, and those of its sinks that are to be
// notified of the end.
type Recheck struct {
	Order
	Event json.RawMessage `json:"event"`
	// Attempt is the number of the check, from 1 on.
	Attempt int `json:"attempt"`
	// Journal is the log group in which is written that the sinks were notified; empty: none.
	Journal string `json:"journal,omitempty"`
}

// Follows reports whether the sink keeps what is wrong as an open alert or in a thread, and so is
// notified of an end that has to be asked for.
func (s Sink) Follows() bool {
	return s.PagerDuty != nil || s.AmazonQ != nil || s.Slack != nil && s.Slack.Token != nil
}
