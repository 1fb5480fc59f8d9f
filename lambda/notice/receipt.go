package notice

// Receipt is what the notifier answers when nothing was left undone. Lambda discards the answer
// to an asynchronous invocation; a rehearsal reads it.
type Receipt struct {
	// ID is the id of the event.
	ID string `json:"id,omitempty"`
	// Orders are the delivery's watches in its own order; of a retry it is one.
	Orders []OrderReceipt `json:"orders"`
}

// OrderReceipt says what became of an event for one watch.
type OrderReceipt struct {
	// Skipped says why the watch did not want the event; empty if it did.
	Skipped string `json:"skipped,omitempty"`
	// Team says whose the event is, and how that was decided; empty if no table of teams did.
	Team string `json:"team,omitempty"`
	// Notice is what was or would have been sent. Only a rehearsal gets it.
	Notice *Notice `json:"notice,omitempty"`
	// Sinks are the watch's sinks in its own order; none if it did not want the event.
	Sinks []SinkReceipt `json:"sinks,omitempty"`
}

// SinkReceipt says what became of a notice for one sink.
type SinkReceipt struct {
	// Sink is the sink's name in JSON, empty if the notifier does not know it.
	Sink    string  `json:"sink"`
	Outcome Outcome `json:"outcome"`
	// Reason says why it was not sent.
	Reason string `json:"reason,omitempty"`
	// AfterSeconds is when it will be sent again, if it will.
	AfterSeconds int `json:"afterSeconds,omitempty"`
}

// Outcome says what became of a notice for one sink.
type Outcome string

// The outcomes.
const (
	Sent   Outcome = "sent"
	Later  Outcome = "later"  // the state machine has it, to be sent again
	Failed Outcome = "failed" // the state machine has it, for the dead-letter queue
)
