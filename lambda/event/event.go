// Package event reads EventBridge events and writes them as notices: one file
// per AWS service.
//
// AWS adds, renames and empties fields, so nothing here fails on a field that is
// missing or of another type; what cannot be read at all becomes an [Unknown].
package event

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Event is the envelope that all events share, what this one is about, and who
// watches it.
type Event struct {
	Watch wire.Watch

	ID         string
	DetailType string
	Source     string
	Account    string
	Region     string
	Time       time.Time
	Resources  []string

	Subject Subject

	// Alias is the account's alias. Evidence.
	Alias Finding[string]

	raw json.RawMessage
}

// Subject is what an event is about, in the terms of the service that sent it.
// It holds what the event says and has room for the evidence that is looked up;
// its words are written once, from whatever is known by then.
type Subject interface {
	// unwanted says why the watch does not want to be told, or "" if it does.
	unwanted(wire.Watch) string
	// tell writes the words into the notice.
	tell(n *notice.Notice, e *Event, now time.Time)
}

// Unwanted says why the watch does not want to be told, or "" if it does. It is
// asked before evidence is looked up, and once more after.
func (e *Event) Unwanted() string { return e.Subject.unwanted(e.Watch) }

// key names a thing for [notice.Notice.Key], by the names that lead to it. The event's
// id stands for the last of them if that is not known, so that two things without a
// name are not taken for one.
func (e *Event) key(service string, names ...string) string {
	if last := &names[len(names)-1]; strings.Trim(*last, "/") == "" {
		*last = e.ID
	}
	return strings.Join(append([]string{service, e.Account, e.Region}, names...), ":")
}
