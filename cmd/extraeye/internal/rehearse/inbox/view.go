package inbox

import (
	"encoding/json"
	"html/template"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/destination"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fake"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/lambda/notice"
)

// maxShown is how many items the page shows. A browser takes seconds to open more.
const maxShown = 2000

// Shown returns the items that the page shows: the first ones, and all that failed.
func (p Page) Shown() []Item {
	var shown []Item
	for n, i := range p.Items {
		if n < maxShown || i.Outcome == result.Failed {
			shown = append(shown, i)
		}
	}
	return shown
}

// Hidden is the number of items that the page does not show.
func (p Page) Hidden() int { return len(p.Items) - len(p.Shown()) }

// Group is the items of one event.
type Group struct {
	Name, DetailType string
	Items            []Item
}

// Groups returns the items that the page shows by event, in their order.
func (p Page) Groups() []Group {
	var groups []Group
	for _, i := range p.Shown() {
		last := len(groups) - 1
		if last < 0 || groups[last].Name != i.File || groups[last].Items[0].EventID != i.EventID {
			groups = append(groups, Group{Name: i.File, DetailType: i.DetailType})
			last++
		}
		groups[last].Items = append(groups[last].Items, i)
	}
	return groups
}

// Count is the number of items with an outcome.
type Count struct {
	Outcome result.Outcome
	N       int
}

// Counts counts the items of each outcome that there is.
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

// Posts are the messages that went outside of AWS.
func (i Item) Posts() []fake.Call {
	return slices.DeleteFunc(slices.Clone(i.Calls), func(c fake.Call) bool { return c.URL == "" })
}

// AWSCalls are the other requests.
func (i Item) AWSCalls() []fake.Call {
	return slices.DeleteFunc(slices.Clone(i.Calls), func(c fake.Call) bool { return c.URL != "" })
}

// sent is the JSON that was posted outside of AWS, the last if there are several, or
// published to a topic for a destination that draws it. It is nil for every other item.
func (i Item) sent() json.RawMessage {
	if posts := i.Posts(); len(posts) > 0 {
		return json.RawMessage(posts[len(posts)-1].Input)
	}
	if i.Message != nil && destination.IsDrawn(i.Sink) {
		return json.RawMessage(i.Message.Text)
	}
	return nil
}

// Card draws the message that was sent.
func (i Item) Card() template.HTML { return destination.Draw(i.Sink, i.sent()) }

// Tone is the color of the item: by how it ended or, if it was sent, by its severity.
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
