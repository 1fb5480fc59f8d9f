package inbox

import (
	"encoding/json"
	"html/template"
	"path/filepath"
	"slices"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/card"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/destination"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fake"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fakeaws"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Item is the result of a delivery for one sink.
type Item struct {
	result.Result
	// Order is the number of the watch in the delivery, from 0, and Place that of the sink.
	Order int
	Place string
	// Calls are the requests that are for the sink alone; secrets are hidden.
	Calls []fake.Call
	// Mail and Message are what was sent last, if it was one.
	Mail    *fakeaws.Mail
	Message *fakeaws.Message
	// Attempts are all attempts to send the notice, if there was more than one.
	Attempts []Attempt
	// Kept is set when the dead-letter queue has the notice.
	Kept bool
}

// Attempt is one of several attempts to send a notice.
type Attempt struct {
	// After is how long after the first it was made.
	After time.Duration
	// Reason says why the sink did not take it; empty: it did.
	Reason string
}

// When says when the attempt was made.
func (a Attempt) When() string {
	if a.After == 0 {
		return "At once"
	}
	return "After " + notice.Duration(a.After)
}

// Settle copies what the notifier says of the sink.
func (i *Item) Settle(r notice.SinkReceipt) {
	i.Outcome, i.Reason = result.Sent, r.Reason
	if r.Outcome != notice.Sent {
		i.Outcome = result.Failed
	}
}

// IsLate reports whether the notice was sent after an attempt that failed.
func (i Item) IsLate() bool { return i.Outcome == result.Sent && len(i.Attempts) > 1 }

// tag says in a word what became of the item; "" if it was sent in time.
func (i Item) tag() string {
	switch {
	case i.IsLate():
		return "late"
	case i.Outcome == result.Sent:
		return ""
	}
	return string(i.Outcome)
}

// add adds a request of the sink.
func (i *Item) add(c fake.Call) {
	i.Calls = append(i.Calls, c)
	if mail, ok := c.Mail(); ok {
		i.Mail = &mail
	}
	if message, ok := c.Message(); ok {
		i.Message = &message
	}
}

// Subject is the line that stands for the item in a list.
func (i Item) Subject() string {
	switch {
	case i.Mail != nil && i.Mail.Subject != "":
		return i.Mail.Subject
	case i.Message != nil && i.Message.Subject != "":
		return i.Message.Subject
	case i.Title != "":
		return i.Title
	case i.DetailType != "":
		return i.DetailType
	}
	return filepath.Base(i.File)
}

// file is a file that shows what was sent.
type file struct{ extension, text string }

// files are the files of what was sent to the sink alone.
func (i Item) files() []file {
	var files []file
	if i.Mail != nil {
		files = append(files, file{"html", i.Mail.HTML}, file{"txt", i.Mail.Text})
	}
	if i.Message != nil && !destination.IsDrawn(i.Sink) {
		files = append(files, file{"txt", i.Message.Text})
	}
	files = append(files, file{"json", card.Indent(i.sent())})
	return slices.DeleteFunc(files, func(f file) bool { return f.text == "" })
}

// Posts are the messages that went outside of AWS.
func (i Item) Posts() []fake.Call {
	return slices.DeleteFunc(slices.Clone(i.Calls), func(c fake.Call) bool { return c.URL == "" })
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

// tone is the color of the item: by how it ended or, if it was sent, by its severity.
func (i Item) tone() string {
	switch {
	case i.Outcome == result.Failed:
		return "critical"
	case i.Outcome != result.Sent:
		return "quiet"
	case i.Severity == notice.Info && i.Status == notice.Resolved:
		return "good"
	case i.Severity == "":
		return "info"
	}
	return string(i.Severity)
}
