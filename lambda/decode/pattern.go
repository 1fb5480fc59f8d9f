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

// PatternMatch is an event that a user's own pattern matched.
type PatternMatch struct {
	event event.Fields
}

// SkipReason is always "": the pattern has judged.
func (s *PatternMatch) SkipReason(wire.Watch) string { return "" }

func (s *PatternMatch) Describe(n *notice.Notice, e *event.Event, now time.Time) {
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
	what := cmp.Or(e.DetailType, "An event without a detail-type")
	n.Title = cmp.Or(notice.Line(s.title(pattern.Title)), what)
	n.Key = s.key(n, e)
	n.Summary = what
	if e.Source != "" {
		n.Summary += " of " + e.Source
	}
	if len(e.Resources) > 0 {
		n.Summary += ", about " + event.FirstOf(e.Resources)
	}
	n.Summary += "."

	for _, fact := range pattern.Facts {
		n.Add(cmp.Or(fact.Label, fact.Path), s.fact(fact.Path), "")
	}
	n.Add("Source", e.Source, "")
	n.Add("Detail type", e.DetailType, "")
	n.Add("Resources", event.Listed(e.Resources), "")
	n.Add("Time", notice.Moment(e.Time, now), "")
}

// key names what a pattern matched: by what the title says of it, for a pattern knows
// no better, and by the resource that comes first in the order of the alphabet.
func (s *PatternMatch) key(n *notice.Notice, e *event.Event) string {
	resource := ""
	if len(e.Resources) > 0 {
		resource = slices.Min(e.Resources)
	}
	return strings.Join([]string{"pattern", e.Account, e.Region, n.Title, resource}, ":")
}

// title writes a title with the event's values in it, and "?" for one that is not there.
// A title that cannot be read is told as it is.
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

// written is a value for people: a text as it is, anything else as compact JSON.
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
