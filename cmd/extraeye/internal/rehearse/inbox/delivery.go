package inbox

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/card"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fake"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Delivery is what one target gets of one event, with all that the page shows of it.
type Delivery struct {
	// Number is the delivery's place, from 1; it names its files and its anchor.
	Number int
	// Event is the event as it was played.
	Event json.RawMessage
	// Input is what the target received; nil if no rule matched.
	Input json.RawMessage
	// Carried is set when Input is all that a native target gets.
	Carried bool
	// IsRepeated is set if the delivery is that of an event that was played before.
	IsRepeated bool
	// Items are the results: one for each sink, or one for what has no sink.
	Items []Item
	// Notices are those of the watches of a delivery, in its order.
	Notices []*notice.Notice
	// Calls are the notifier's requests; secrets are hidden.
	Calls []fake.Call
	Log   string
}

// Order is what became of a delivery for one of its watches.
type Order struct {
	// Notice is nil if there is none, if it says the same as that of an order before, or if it
	// was not sent and another was.
	Notice *notice.Notice
	Items  []Item
}

// Orders are the orders of a delivery with their results.
func (d *Delivery) Orders() []Order {
	var all []Order
	for _, i := range d.Items {
		if i.Order >= len(all) {
			o := Order{}
			if i.Outcome != result.Skipped || d.First().Outcome == result.Skipped {
				o.Notice = d.newNotice(i.Order)
			}
			all = append(all, o)
		}
		last := &all[len(all)-1]
		last.Items = append(last.Items, i)
	}
	return all
}

// newNotice is an order's notice, unless one before says the same.
func (d *Delivery) newNotice(order int) *notice.Notice {
	if order >= len(d.Notices) || d.Notices[order] == nil {
		return nil
	}
	n := d.Notices[order]
	same := func(other *notice.Notice) bool {
		return other != nil && string(notice.JSON(other)) == string(notice.JSON(n))
	}
	if slices.ContainsFunc(d.Notices[:order], same) {
		return nil
	}
	return n
}

// First is the result that stands for the order.
func (o Order) First() Item { return o.Items[0] }

// Sinks names the sinks of the order.
func (o Order) Sinks() string {
	var names []string
	for _, i := range o.Items {
		names = append(names, i.Sink)
	}
	return strings.Join(names, ", ")
}

// First is the result that stands for the delivery: the first that was not skipped.
func (d *Delivery) First() Item {
	for _, i := range d.Items {
		if i.Outcome != result.Skipped {
			return i
		}
	}
	return d.Items[0]
}

// failed reports whether something failed.
func (d *Delivery) failed() bool {
	return slices.ContainsFunc(d.Items, func(i Item) bool { return i.Outcome == result.Failed })
}

// Tone is the color of the delivery: that of a failure or, if there is none, of what was sent.
func (d *Delivery) Tone() string {
	switch {
	case d.failed():
		return "critical"
	case d.Carried:
		return "quiet"
	}
	return d.First().tone()
}

// Preview is the line under the subject in the list.
func (d *Delivery) Preview() string {
	for _, i := range d.Items {
		if i.Reason != "" && (i.Outcome == result.Failed || i.Outcome == result.Sent) {
			return i.Reason
		}
	}
	if i := d.First(); i.Outcome != result.Sent {
		return i.Reason
	}
	return d.First().Summary
}

// Tag is a few words about a result in the list.
type Tag struct{ Text, Class string }

// Tags are all sinks, and what became of the notice: once if it is the same for all of them.
func (d *Delivery) Tags() []Tag {
	var tags []Tag
	all := d.Items[0].tag()
	same := !slices.ContainsFunc(d.Items, func(i Item) bool { return i.tag() != all })
	for _, i := range d.Items {
		t := Tag{i.Sink, ""}
		if !same && i.tag() != "" {
			t = Tag{i.Sink + " " + i.tag(), i.tag()}
		}
		tags = append(tags, t)
	}
	if same {
		tags = append(tags, Tag{all, all})
	}
	return slices.DeleteFunc(tags, func(t Tag) bool { return t.Text == "" })
}

// AWSCalls are the requests that send nothing outside of AWS.
func (d *Delivery) AWSCalls() []fake.Call {
	return slices.DeleteFunc(slices.Clone(d.Calls), func(c fake.Call) bool { return c.URL != "" })
}

// IsBare reports whether no message shows what the notice says.
func (d *Delivery) IsBare() bool {
	return !slices.ContainsFunc(d.Items, func(i Item) bool { return i.Mail != nil || i.Card() != "" })
}

// Files are the paths of all files of the delivery, each once.
func (d *Delivery) Files() []string {
	var all []string
	for _, i := range d.Items {
		for _, path := range i.Out {
			if !slices.Contains(all, path) {
				all = append(all, path)
			}
		}
	}
	return all
}

// SinkAt is the name of the sink that a request is for, "" if it is for no single one.
func (d *Delivery) SinkAt(place string) string {
	for _, i := range d.Items {
		if i.Place == place && place != "" {
			return i.Sink
		}
	}
	return ""
}

// share gives each result the requests of its sink.
func (d *Delivery) share() {
	for n := range d.Items {
		i := &d.Items[n]
		for _, c := range d.Calls {
			if i.Place != "" && c.Place == i.Place {
				i.add(c)
			}
		}
	}
}

// Finish gives the results their requests, writes the files of the delivery, and enters them in
// the results.
func (d *Delivery) Finish(dir string) error {
	d.share()
	seen := map[string]int{}
	for n := range d.Items {
		i := &d.Items[n]
		name := fileName(i.Sink)
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s-%d", name, seen[name])
		}
		for _, f := range i.files() {
			path := filepath.Join(dir, fmt.Sprintf("%03d-%s.%s", d.Number, name, f.extension))
			if err := write(path, f.text); err != nil {
				return err
			}
			i.Out = append(i.Out, path)
		}
	}
	if d.Input == nil {
		return nil
	}
	name := "delivery"
	if len(d.Notices) == 0 {
		name = fileName(d.Items[0].Sink)
	}
	path := filepath.Join(dir, fmt.Sprintf("%03d-%s.json", d.Number, name))
	for n := range d.Items {
		d.Items[n].Out = append(d.Items[n].Out, path)
	}
	return write(path, card.Indent(d.Input))
}

func write(path, text string) error {
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return fmt.Errorf("write what was sent: %w", err)
	}
	return nil
}

var unfit = regexp.MustCompile(`[^a-z0-9]+`)

func fileName(sink string) string {
	return strings.Trim(unfit.ReplaceAllString(strings.ToLower(sink), "-"), "-")
}
