package decode

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Unknown is an event that could not be read. It is reported as it came, never dropped.
type Unknown struct {
	// Reason says why it could not be read.
	Reason string
}

// SkipReason is always "": what cannot be read cannot be left out.
func (u *Unknown) SkipReason(wire.Watch) string { return "" }

// Describe implements [event.Subject].
func (u *Unknown) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	n.Kind = notice.KindUnknown
	n.Severity = notice.Warning
	n.Status = notice.Marker
	n.Key = "event:" + e.ID
	n.Title = "An event that could not be read"
	if e.DetailType != "" {
		n.Title = "Unread event: " + e.DetailType
	}
	n.Summary = "An event matched the rule, but extraeye could not read it: " + u.Reason + ". It is attached as it came."
	n.Add("Source", e.Source, "")
	n.Add("Detail type", e.DetailType, "")
	n.Add("Resources", event.Listed(e.Resources), "")
	n.Add("Time", notice.Moment(e.Time, now), "")
}
