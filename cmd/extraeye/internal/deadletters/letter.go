package deadletters

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// Letter is what a message in the queue says.
type Letter struct {
	// ID is the message's.
	ID string `json:"id"`
	// Since is since when it could not be sent.
	Since time.Time `json:"since"`
	// What are the titles of the notices, as far as they are known without asking AWS.
	What []string `json:"what"`
	// Sinks are where they were to be sent.
	Sinks []string `json:"sinks"`
	// Reason is why that was not possible.
	Reason string `json:"reason"`
	// Left says why it cannot be sent again. Empty: it can.
	Left string `json:"left,omitempty"`
	// Sent says that the notifier was handed it again.
	Sent bool `json:"sent"`

	inputs  []json.RawMessage // for the notifier
	fleet   *Fleet            // whose notifier it is; nil: that of the queue
	event   *failedEvent      // from which the inputs are still to be made
	message message
}

// body is what a message may have.
type body struct {
	// The record of a failed invocation.
	//
	// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
	Payload   json.RawMessage `json:"requestPayload"`
	Response  json.RawMessage `json:"responsePayload"`
	Context   json.RawMessage `json:"requestContext"`
	Timestamp json.RawMessage `json:"timestamp"`

	DeadLetter json.RawMessage `json:"deadLetter"` // of a [wire.Later]
	Error      json.RawMessage `json:"error"`      // that the state machine adds to its input
	DetailType json.RawMessage `json:"detail-type"`
}

// read reads a message. Whatever it is, it is shown.
func read(m message) *Letter {
	l := &Letter{ID: m.id, Since: m.sent, What: []string{}, Sinks: []string{}, message: m}
	var b body
	raw := json.RawMessage(m.body)
	switch err := json.Unmarshal(raw, &b); {
	case err != nil:
		l.Left = "it is not a JSON object, so it is not of extraeye's"
		l.What = append(l.What, cut(m.body))
	case m.attributes["RULE_ARN"] != "":
		l.readEvent(raw)
	case b.Payload != nil:
		l.readRecord(b)
	case b.DeadLetter != nil:
		l.readDeadLetter(raw, b)
	case b.DetailType != nil:
		l.What, l.Left = append(l.What, text(b.DetailType)), "it is an event, and the message does not say by which rule it came"
	default:
		l.readInput(withoutError(raw))
		var failure struct{ Error, Cause string }
		_ = json.Unmarshal(b.Error, &failure) // what is of another type stays empty
		l.Reason = reason(failure.Error, failure.Cause)
	}
	return l
}

// readRecord reads Lambda's record of a failed invocation.
func (l *Letter) readRecord(b body) {
	l.readInput(b.Payload)
	var response struct{ ErrorType, ErrorMessage string }
	var context struct{ Condition string }
	_ = json.Unmarshal(b.Response, &response) // null if the function did not answer
	_ = json.Unmarshal(b.Context, &context)
	l.Reason = cmp.Or(response.ErrorMessage, reason(response.ErrorType, ""), context.Condition)
}

// readDeadLetter reads a notice that a sink did not take.
func (l *Letter) readDeadLetter(raw json.RawMessage, b body) {
	l.readInput(raw)
	var dead wire.DeadLetter
	_ = json.Unmarshal(b.DeadLetter, &dead)
	l.Reason = dead.Reason
	if dead.Attempts > 1 {
		l.Reason += fmt.Sprintf(" (tried %d times)", dead.Attempts)
	}
}

// withoutError is an input as the state machine had it before it added why it failed.
func withoutError(raw json.RawMessage) json.RawMessage {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil || fields["error"] == nil {
		return raw
	}
	delete(fields, "error")
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if e.Encode(fields) != nil {
		return raw
	}
	return bytes.TrimSpace(out.Bytes())
}

// reason joins the name of an error and what it says.
func reason(name, says string) string {
	if name == "" || says == "" {
		return name + says
	}
	return name + ": " + says
}

// text is a JSON string, or the JSON of anything else.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		s = string(raw)
	}
	return cut(s)
}

// cut is the beginning of a text that may have a megabyte.
func cut(s string) string {
	const most = 200
	if s = strings.ToValidUTF8(s, "\uFFFD"); len([]rune(s)) > most {
		return string([]rune(s)[:most]) + "…"
	}
	return s
}
