// Package event reads EventBridge events and writes them as notices: one file
// per AWS service.
//
// AWS adds, renames and empties fields, so nothing here fails on a field that is
// missing or of another type; what cannot be read at all becomes an [Unknown].
package event

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
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
	// SkipReason says why the watch does not want to be told, or "" if it does.
	SkipReason(wire.Watch) string
	// Describe writes the words into the notice.
	Describe(n *notice.Notice, e *Event, now time.Time)
}

// Decoder reads the detail of an event.
type Decoder func(e *Event, detail Fields) Subject

// Decoders are what reads the events of one service, by detail-type.
type Decoders map[string]Decoder

// Read reads the envelope of an event for a watch, and returns the event, whose subject
// is still to be decoded, and its fields. It reports whether the event is a JSON object.
func Read(raw json.RawMessage, watch wire.Watch) (e *Event, f Fields, ok bool) {
	e = &Event{Watch: watch, raw: raw}
	if f, ok = Object(raw); !ok {
		e.ID = digest(raw)
		return e, nil, false
	}
	e.ID = cmp.Or(f.Text("id"), digest(raw))
	e.DetailType = f.Text("detail-type")
	e.Source = f.Text("source")
	e.Time = f.Time("time")
	e.Resources = f.Texts("resources")
	e.Region = cmp.Or(f.Text("region"), e.fromARN(3))
	e.Account = cmp.Or(f.Text("account"), e.fromARN(4))
	return e, f, true
}

// SkipReason says why the watch does not want to be told, or "" if it does. It is
// asked before evidence is looked up, and once more after.
func (e *Event) SkipReason() string { return e.Subject.SkipReason(e.Watch) }

// Key names a thing for [notice.Notice.Key], by the names that lead to it. The event's
// id stands for the last of them if that is not known, so that two things without a
// name are not taken for one.
func (e *Event) Key(service string, names ...string) string {
	if last := &names[len(names)-1]; strings.Trim(*last, "/") == "" {
		*last = e.ID
	}
	return strings.Join(append([]string{service, e.Account, e.Region}, names...), ":")
}

// Notice writes the event, and the evidence gathered by now, as a notice.
func (e *Event) Notice(now time.Time) *notice.Notice {
	n := &notice.Notice{
		ID:      e.ID,
		Time:    e.Time,
		Account: e.Account,
		Region:  e.Region,
		Alias:   e.Alias.Value,
		Service: e.Watch.Service,
		Facts:   []notice.Fact{},
		Links:   []notice.Link{},
		Event:   e.raw,
	}
	if !json.Valid(e.raw) {
		n.Event, _ = json.Marshal(string(e.raw))
	}
	e.Subject.Describe(n, e, now)
	n.Title = strings.Join(strings.Fields(n.Title), " ")
	n.Summary = strings.Join(strings.Fields(n.Summary), " ")
	return n
}

// fromARN returns part i of the first resource that has it. An ARN is
// arn:partition:service:region:account:resource.
func (e *Event) fromARN(i int) string {
	for _, r := range e.Resources {
		if parts := strings.SplitN(r, ":", 6); len(parts) == 6 && parts[0] == "arn" && parts[i] != "" {
			return parts[i]
		}
	}
	return ""
}

// Resource returns what follows the marker in the first resource that has it,
// whatever the order of the resources.
func (e *Event) Resource(marker string) string {
	for _, r := range e.Resources {
		if _, name, ok := strings.Cut(r, marker); ok {
			return name
		}
	}
	return ""
}

// digest names an event that came without an id by its content, so that a
// repeated delivery still has the same id.
func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return "sha256-" + hex.EncodeToString(sum[:8])
}
