package notice

// Receipt is what the notifier answers when an invocation did not fail. Lambda
// discards the answer to an asynchronous invocation; a rehearsal reads it.
type Receipt struct {
	Outcome Outcome `json:"outcome"`
	// Reason says why nothing was sent.
	Reason string `json:"reason,omitempty"`
	// ID is the id of the event.
	ID string `json:"id,omitempty"`
	// Notice is what was or would have been sent. Only a rehearsal gets it.
	Notice *Notice `json:"notice,omitempty"`
}

// Outcome says what happened to a delivery.
type Outcome string

// The outcomes that are not failures.
const (
	Sent    Outcome = "sent"
	Skipped Outcome = "skipped" // the watch did not want it
)
