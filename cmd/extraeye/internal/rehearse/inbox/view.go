package inbox

import (
	"encoding/json"
	"html/template"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/card"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/standin"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Group is the items of one event.
type Group struct {
	Name, DetailType string
	Items            []Item
}

// Groups gathers the items by event, in their order.
func (p Page) Groups() []Group {
	var groups []Group
	for _, i := range p.Items {
		last := len(groups) - 1
		if last < 0 || groups[last].Name != i.File || groups[last].Items[0].EventID != i.EventID {
			groups = append(groups, Group{Name: i.File, DetailType: i.DetailType})
			last++
		}
		groups[last].Items = append(groups[last].Items, i)
	}
	return groups
}

// Count is how often an outcome came about.
type Count struct {
	Outcome result.Outcome
	N       int
}

// Counts counts the outcomes that came about.
func (p Page) Counts() []Count {
	var counts []Count
	for _, o := range result.Outcomes {
		n := len(slices.DeleteFunc(slices.Clone(p.Items), func(i Item) bool { return i.Outcome != o }))
		if n > 0 {
			counts = append(counts, Count{o, n})
		}
	}
	return counts
}

// Posts are the requests that went outside of AWS.
func (i Item) Posts() []standin.Call {
	return slices.DeleteFunc(slices.Clone(i.Calls), func(c standin.Call) bool { return c.URL == "" })
}

// AWSCalls are the other requests.
func (i Item) AWSCalls() []standin.Call {
	return slices.DeleteFunc(slices.Clone(i.Calls), func(c standin.Call) bool { return c.URL != "" })
}

// told is the JSON that was told outside of AWS or, for Amazon Q, by way of a topic;
// of several, the last one. It is nil for every other item.
func (i Item) told() json.RawMessage {
	if posts := i.Posts(); len(posts) > 0 {
		return json.RawMessage(posts[len(posts)-1].Input)
	}
	if i.Message != nil && i.Sink == "amazonq" {
		return json.RawMessage(i.Message.Text)
	}
	return nil
}

// Card draws what was told.
func (i Item) Card() template.HTML { return card.Draw(i.Sink, i.told()) }

// Tone is the colour of the item: how it ended, or how bad what it tells is.
func (i Item) Tone() string {
	switch {
	case i.Outcome == result.Failed:
		return "critical"
	case i.Outcome != result.Sent || i.Carried:
		return "quiet"
	case i.Severity == notice.Info && i.Status == notice.Resolved:
		return "good"
	case i.Severity == "":
		return "info"
	}
	return string(i.Severity)
}

// initial is the letter of the sender's badge.
func initial(from string) string {
	for _, r := range strings.ToUpper(strings.Trim(from, `" `)) {
		return string(r)
	}
	return "?"
}

// Preview is the line under the subject in the list.
func (i Item) Preview() string {
	if i.Reason != "" {
		return i.Reason
	}
	return i.Summary
}
