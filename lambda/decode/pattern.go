package decode

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// PatternMatch is an event that the user's own pattern matched.
type PatternMatch struct {
	event event.Fields
}

// SkipReason is always "": the pattern has decided.
func (s *PatternMatch) SkipReason(wire.Watch) string { return "" }

// Describe implements [event.Subject].
func (s *PatternMatch) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	var pattern wire.Pattern
	if e.Watch.Pattern != nil {
		pattern = *e.Watch.Pattern
	}
	what := cmp.Or(e.DetailType, "An event without a detail-type")
	n.Kind = notice.KindPattern
	n.Severity, n.Status = severityOf(pattern)
	n.Title = cmp.Or(notice.Line(s.title(pattern.Title)), what)
	n.Key = s.key(n, e)
	n.Summary = what + event.Labeled(" of ", e.Source)
	if len(e.Resources) > 0 {
		n.Summary += ", about " + event.FirstOf(e.Resources)
	}
	n.Summary += "."

	for _, fact := range pattern.Facts {
		n.Add(cmp.Or(fact.Label, fact.Path, "Fact"), s.fact(fact.Path), "")
	}
	n.Add("Source", e.Source, "")
	n.Add("Detail type", e.DetailType, "")
	n.Add("Resources", event.Listed(e.Resources), "")
	n.Add("Time", notice.Moment(e.Time, now), "")
}

// severityOf is the severity that the user set, or info.
func severityOf(pattern wire.Pattern) (notice.Severity, notice.Status) {
	if pattern.Severity == notice.Info || !slices.Contains(wire.AllSeverities(), pattern.Severity) {
		return notice.Info, notice.Marker
	}
	return pattern.Severity, notice.Open
}

// key identifies what a pattern matched by the title, for nothing else is known of it, and by
// the resource that comes first in alphabetical order.
func (s *PatternMatch) key(n *notice.Notice, e *event.Event) string {
	resource := ""
	if len(e.Resources) > 0 {
		resource = slices.Min(e.Resources)
	}
	return strings.Join([]string{"pattern", e.Account, e.Region, n.Title, resource}, ":")
}

// title fills the event's values into a title, and "?" for one that the event does not have. A
// title that cannot be parsed stays as it is.
func (s *PatternMatch) title(template string) string {
	parts, err := wire.ParseTitle(template)
	if err != nil {
		return template
	}
	var title strings.Builder
	for _, part := range parts {
		if part.Path == nil {
			title.WriteString(part.Text)
		} else if value, ok := s.event.At(part.Path); ok {
			title.WriteString(written(value))
		} else {
			title.WriteString("?")
		}
	}
	return title.String()
}

// fact writes the value at a path.
func (s *PatternMatch) fact(path string) string {
	steps, err := wire.ParsePath(path)
	if err != nil {
		return err.Error()
	}
	value, ok := s.event.At(steps)
	if !ok {
		return "not in the event"
	}
	return cmp.Or(written(value), "empty")
}

// written returns a string as it is and any other value as compact JSON.
func written(value json.RawMessage) string {
	var s string
	if bytes.HasPrefix(value, []byte(`"`)) && json.Unmarshal(value, &s) == nil {
		return s
	}
	var b bytes.Buffer
	if json.Compact(&b, value) != nil {
		return string(value)
	}
	return b.String()
}
