package wire

import (
	"encoding/json"
	"time"
)

// Later is what the notifier hands to its state machine, which waits and invokes it again
// with the same: a notice that a sink did not take. The state machine writes one with a
// DeadLetter to the dead-letter queue instead.
//
// A person who has found out why it is there may invoke the notifier with it again.
type Later struct {
	AfterSeconds int         `json:"afterSeconds"`
	DeadLetter   *DeadLetter `json:"deadLetter,omitempty"`
	Retry        Retry       `json:"retry"`
}

// Where the inputs of the state machine have their fields, as Step Functions writes paths.
// It waits as long as the first says, which a [Delivery] has too, unless there is something
// at the second.
const (
	AfterSecondsPath = "$.afterSeconds"
	DeadLetterPath   = "$.deadLetter"
)

// DeadLetter says why a notice is not sent again.
type DeadLetter struct {
	// Reason is what the last attempt failed with.
	Reason string `json:"reason"`
	// Attempts is how often the sink was tried: the first time and each retry.
	Attempts int `json:"attempts"`
}

// Buried is a message that has no delivery, which the state machine writes to the dead-letter
// queue.
type Buried struct {
	DeadLetter DeadLetter `json:"deadLetter"`
	Message    string     `json:"message"`
}

// Retry is a finished notice for the one sink that did not take it, or a line for a journal.
type Retry struct {
	Sink Sink `json:"sink"`
	// Attempt is the number of the retry, from 1 on.
	Attempt int `json:"attempt"`
	// Since is when the notice was to be sent first, and Reason why it was not the last time.
	Since  time.Time `json:"since"`
	Reason string    `json:"reason"`
	// Watch is the kind of the watch, and DetailType the event's, both for the log.
	Watch      string `json:"watch,omitempty"`
	DetailType string `json:"detailType,omitempty"`
	// Notice is the notice as JSON, but for the event that it was made of. The event is
	// left out where both are too long for the state machine.
	Notice json.RawMessage `json:"notice"`
	Event  json.RawMessage `json:"event,omitempty"`
	// Journal is the log group in which is written what becomes of it; empty: none.
	Journal string `json:"journal,omitempty"`
	// Line is a line that could not be written there. If it is set, it is all that there is to
	// do: there is no sink, and no notice.
	Line json.RawMessage `json:"line,omitempty"`
}
