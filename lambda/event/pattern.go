package event

import (
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Match is an event that a user's own pattern matched.
type Match struct {
	event fields
}

// unwanted is always "": the pattern has judged.
func (s *Match) unwanted(wire.Watch) string { return "" }

func (s *Match) tell(n *notice.Notice, e *Event, now time.Time) {
	var pattern wire.Pattern
	if e.Watch.Pattern != nil {
		pattern = *e.Watch.Pattern
	}
	n.Kind = notice.KindPattern
	n.Severity, n.Status = pattern.Severity, notice.Open
	if !slices.Contains(wire.Severities, n.Severity) {
		n.Severity = notice.Info
	}
	if n.Severity == notice.Info {
		n.Status = notice.Marker
	}
	what := or(e.DetailType, "An event without a detail-type")
	n.Title = or(notice.Line(s.title(pattern.Title)), what)
	n.Key = s.key(n, e)
	n.Summary = what
	if e.Source != "" {
		n.Summary += " of " + e.Source
	}
	if len(e.Resources) > 0 {
		n.Summary += ", about " + first(e.Resources)
	}
	n.Summary += "."

	for _, fact := range pattern.Facts {
		n.Add(or(fact.Label, fact.Path), s.fact(fact.Path), "")
	}
	n.Add("Source", e.Source, "")
	n.Add("Detail type", e.DetailType, "")
	n.Add("Resources", listed(e.Resources), "")
	n.Add("Time", notice.Moment(e.Time, now), "")
}

// key names what a pattern matched: by what the title says of it, for a pattern knows
// no better, and by the resource that comes first in the order of the alphabet.
func (s *Match) key(n *notice.Notice, e *Event) string {
	resource := ""
	if len(e.Resources) > 0 {
		resource = slices.Min(e.Resources)
	}
	return strings.Join([]string{"pattern", e.Account, e.Region, n.Title, resource}, ":")
}

// title writes a title with the event's values in it, and "?" for one that is not there.
// A title that cannot be read is told as it is.
func (s *Match) title(template string) string {
	parts, err := wire.ParseTitle(template)
	if err != nil {
		return template
	}
	var title strings.Builder
	for _, part := range parts {
		if part.Path == nil {
			title.WriteString(part.Text)
		} else if value, ok := s.event.at(part.Path); ok {
			title.WriteString(written(value))
		} else {
			title.WriteString("?")
		}
	}
	return title.String()
}

// fact writes the value at a path.
func (s *Match) fact(path string) string {
	steps, err := wire.ParsePath(path)
	if err != nil {
		return err.Error()
	}
	value, ok := s.event.at(steps)
	if !ok {
		return "not in the event"
	}
	return or(written(value), "empty")
}
