// Package event is what the packages below it share, one for each AWS service: they read
// the events of their service and write them as notices.
//
// AWS adds, renames and empties fields, so nothing fails on a field that is missing or
// of another type.
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

	// Alias is the account's alias, looked up.
	Alias Finding[string]

	// Here is where the function runs; empty if that is not known.
	Here wire.Here

	// Drill is what somebody asked for who made the event up; nil if AWS sent it.
	Drill *wire.Drill

	raw      json.RawMessage
	unwanted string // why the watch does not want it, whatever it says; "" if it may
}

// Subject is what an event is about, in the terms of the service that sent it. Its fields
// hold what the event says, and a [Finding] for each thing that is looked up.
type Subject interface {
	// SkipReason says why the watch does not report the event, "" if it does.
	SkipReason(wire.Watch) string
	// Describe fills in the notice from what the event says and what was found by now.
	Describe(n *notice.Notice, e *Event, now time.Time)
}

// Lasting is a subject that AWS sends no event of the end of.
type Lasting interface {
	Subject
	// Lasts reports whether something is wrong, by what was looked up, whose end can be
	// found out later.
	Lasts() bool
	// End is what is asked for then.
	End() End
}

// End is a subject that a watch reports once something is over.
type End interface {
	Subject
	// Pending reports whether something is not over and is to be asked for again.
	Pending(wire.Watch) bool
}

// Decoder reads the detail of an event.
type Decoder func(e *Event, detail Fields) Subject

// Decoders are a service's decoders by detail-type.
type Decoders map[string]Decoder

// Read reads the envelope of an event. The event that it returns has no subject yet; ok is
// false if raw is not a JSON object.
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
	e.unwanted = unwanted(f, watch.Only)
	e.readDrill(f)
	return e, f, true
}

// SkipReason says why the watch does not report the event, "" if it does. It is asked
// before anything is looked up, and once more after.
func (e *Event) SkipReason() string {
	if e.Drill != nil {
		return cmp.Or(e.unwanted, e.drillSkipReason())
	}
	return cmp.Or(e.unwanted, e.Subject.SkipReason(e.Watch))
}

// Key identifies a thing for [notice.Notice.Key] by the names that lead to it. The event's
// id replaces the last of them if that is empty, so that two things without a name are not
// taken for one.
func (e *Event) Key(service string, names ...string) string {
	if last := &names[len(names)-1]; strings.Trim(*last, "/") == "" {
		*last = e.ID
	}
	return strings.Join(append([]string{service, e.Account, e.Region}, names...), ":")
}

// Notice writes the event, and what was looked up by now, as a notice.
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
	e.addPlace(n)
	e.Subject.Describe(n, e, now)
	e.markDrill(n)
	n.Title, n.Summary = notice.Line(n.Title), notice.Line(n.Summary)
	for i, fact := range n.Facts {
		n.Facts[i].Value = notice.Block(fact.Value)
	}
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

// Resource returns what follows the marker in the first resource that contains it, such as
// the name after ":instance/".
func (e *Event) Resource(marker string) string {
	for _, r := range e.Resources {
		if _, name, ok := strings.Cut(r, marker); ok {
			return name
		}
	}
	return ""
}

// digest identifies an event without an id by its content: a duplicate delivery has the
// same.
func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return "sha256-" + hex.EncodeToString(sum[:8])
}
