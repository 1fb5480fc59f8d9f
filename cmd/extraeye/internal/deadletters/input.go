package deadletters

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/decode"
)

// input is what the notifier takes: a delivery, a notice for one sink, an event whose end it asks
// for, or a release that it compares.
type input struct {
	wire.Delivery
	Retry   *wire.Retry    `json:"retry"`
	Recheck *wire.Recheck  `json:"recheck"`
	Verdict *wire.Released `json:"verdict"`
}

// readInput reads what the notifier is to be handed again.
func (l *Letter) readInput(raw json.RawMessage) {
	if !l.describe(raw) {
		l.What, l.Left = append(l.What, cut(string(raw))), "it is nothing that a notifier takes"
		return
	}
	l.inputs = append(l.inputs, raw)
}

// describe says what an input is and for whom, if it is one.
func (l *Letter) describe(raw json.RawMessage) bool {
	var in input
	if json.Unmarshal(raw, &in) != nil {
		return false
	}
	switch {
	case in.Retry != nil && in.Retry.Line != nil:
		l.What = appendNew(l.What, "a line of the journal "+in.Retry.Journal)
		l.since(in.Retry.Since)
		return in.Retry.Journal != ""
	case in.Retry != nil:
		var notice struct{ Title string }
		_ = json.Unmarshal(in.Retry.Notice, &notice)
		l.add(cmp.Or(notice.Title, in.Retry.DetailType, in.Retry.Watch), in.Retry.Sink)
		l.since(in.Retry.Since)
		return in.Retry.Sink.Kind() != "" && in.Retry.Notice != nil
	case in.Recheck != nil:
		l.add("whether it is over: "+title(in.Recheck.Event, in.Recheck.Watch), in.Recheck.Sinks...)
		return in.Recheck.Watch.Kind() != ""
	case in.Verdict != nil:
		l.add("how the release did: "+title(in.Verdict.Event, in.Verdict.Watch), in.Verdict.Sinks...)
		return in.Verdict.Watch.Kind() != ""
	}
	return l.describeDelivery(in.Delivery)
}

// describeDelivery says what a delivery is and for whom, if it is one.
func (l *Letter) describeDelivery(in wire.Delivery) bool {
	known := false
	for _, order := range in.Orders() {
		if order.Watch.Kind() == "" || in.Event == nil {
			continue
		}
		known = known || order.Fleet || slices.ContainsFunc(order.Sinks, func(s wire.Sink) bool { return s.Kind() != "" })
		l.add(title(in.Event, order.Watch), order.Sinks...)
		if order.Fleet {
			l.Sinks = appendNew(l.Sinks, "the team whose it is")
		}
	}
	return known
}

// since notes since when something could not be sent, if that is known.
func (l *Letter) since(at time.Time) {
	if !at.IsZero() {
		l.Since = at.UTC()
	}
}

func (l *Letter) add(what string, sinks ...wire.Sink) {
	l.What = appendNew(l.What, cut(what))
	for _, s := range sinks {
		l.Sinks = appendNew(l.Sinks, sinkName(s))
	}
}

func appendNew(all []string, one string) []string {
	if slices.Contains(all, one) {
		return all
	}
	return append(all, one)
}

// title is what a notice of the event would be called if nothing were looked up.
func title(event json.RawMessage, watch wire.Watch) (title string) {
	defer func() {
		if recover() != nil { // the notifier reports such an event as it came, too
			title = "an event that cannot be read"
		}
	}()
	return decode.Decode(event, watch).Notice(time.Time{}).Title
}

// sinkName is the name of a sink, and where it sends to if it says so.
func sinkName(s wire.Sink) string {
	name := cmp.Or(s.Kind(), "an unknown sink")
	switch {
	case s.Email != nil:
		return name + " " + strings.Join(s.Email.To, ", ")
	case s.Topic != nil:
		return name + " " + afterColon(s.Topic.ARN)
	case s.Slack != nil && s.Slack.Channel != "":
		return name + " " + s.Slack.Channel
	}
	return name
}

// afterColon is the name that an ARN ends with.
func afterColon(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }
