package rehearse

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fake"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/lambda/notice"
)

// floodDeaths is how many instances die in the flood.
const floodDeaths = 40

// flood shows once what a grouped sink gets of many terminations, and what the sinks beside it get
// of the last: those of the first termination that a grouped sink gets.
type flood struct {
	found *cue
	// beside are the targets of the same rule that get each event by itself.
	beside []assembly.Target
	shown  bool
}

// consider takes a delivery that was played, if it is a termination for grouped sinks.
func (f *flood) consider(c cue, d *inbox.Delivery) {
	if f == nil || f.found != nil || c.target.Kind != "AWS::SQS::Queue" || c.target.Invokes() == "" || c.event.detailType != "EC2 Instance Terminate Successful" {
		return
	}
	for _, i := range d.Items {
		if i.Outcome != result.Sent || i.Status != notice.Open {
			continue
		}
		c.event.file += fmt.Sprintf("-%d-times", floodDeaths)
		f.found = &c
		for _, other := range c.rule.Targets {
			if other.Kind == "AWS::Lambda::Function" {
				f.beside = append(f.beside, other)
			}
		}
		return
	}
}

// showFlood plays the flood after the event that it is made of.
func (s *stage) showFlood(ctx context.Context, f *flood, problem func(error)) []*inbox.Delivery {
	if f == nil || f.found == nil || f.shown {
		return nil
	}
	f.shown = true
	var events []event
	for i := range floodDeaths {
		e, err := nthDeath(f.found.event, i)
		if err != nil {
			problem(err)
			return nil
		}
		events = append(events, e)
	}
	d := s.deliverAll(ctx, events, *f.found)
	d.IsRepeated = true
	all := []*inbox.Delivery{d}
	for _, t := range f.beside {
		d := s.deliver(ctx, cue{events[floodDeaths-1], f.found.rule, t, f.found.account})
		d.IsRepeated = true
		all = append(all, d)
	}
	return all
}

// nthDeath is the event for another instance, some seconds earlier than the last one.
func nthDeath(e event, n int) (event, error) {
	var fields struct {
		Time   time.Time
		Detail struct {
			EC2InstanceID string
			StartTime     time.Time
		}
	}
	if err := json.Unmarshal(e.raw, &fields); err != nil {
		return e, err
	}
	const layout = "2006-01-02T15:04:05" // of which the rest follows, whatever it is
	earlier := func(t time.Time) string {
		return t.Add(time.Duration(n-floodDeaths+1) * 3 * time.Second).UTC().Format(layout)
	}
	id := fmt.Sprintf("%.*s%04x", max(0, len(fields.Detail.EC2InstanceID)-4), fields.Detail.EC2InstanceID, n)
	text := string(e.raw)
	if n < floodDeaths-1 { // the last one is the instance that the fakes know
		text = strings.NewReplacer(
			e.id, fmt.Sprint(e.id, "-", n), fields.Detail.EC2InstanceID, id,
			fields.Time.UTC().Format(layout), earlier(fields.Time), fields.Detail.StartTime.UTC().Format(layout), earlier(fields.Detail.StartTime),
		).Replace(text)
	}
	one, err := newEvent(e.file, []byte(text))
	one.hints = e.hints
	return one, err
}

// deliverAll hands the notifier a batch of events of a queue.
func (s *stage) deliverAll(ctx context.Context, events []event, c cue) *inbox.Delivery {
	started := time.Now()
	last := events[len(events)-1]
	d := newDelivery(last, result.Result{Rule: c.rule.label(), Target: c.target.ID, Sink: kind(c.target)})
	base := d.Items[0]
	type message struct {
		ID   string `json:"messageId"`
		Body string `json:"body"`
	}
	var batch struct{ Records []message }
	for i, e := range events {
		payload, err := c.target.Payload(e.raw, c.rule.Rule)
		if err != nil {
			d.Items[0].Outcome, d.Items[0].Reason = result.Failed, err.Error()
			return d
		}
		batch.Records = append(batch.Records, message{fmt.Sprint("message-", i), string(payload)})
	}
	d.Input, _ = json.Marshal(batch) // plain data
	function, _ := notifierOf(c.target)
	s.fakes.Play(fake.Delivery{Account: c.account})
	receipts, err := s.invokeBatch(ctx, function, d)
	if err != nil {
		d.Items[0].Outcome, d.Items[0].Reason = result.Failed, s.fakes.Hide(err.Error())
		return d
	}
	d.Items = nil
	for _, r := range receipts {
		d.Items = append(d.Items, items(base, r, d)...)
	}
	for i := range d.Items {
		d.Items[i].MS = time.Since(started).Milliseconds()
	}
	return d
}

// invokeBatch runs the notifier on a batch, and returns what became of each group.
func (s *stage) invokeBatch(ctx context.Context, function string, d *inbox.Delivery) ([]notice.Receipt, error) {
	answer, err := s.notifier(function).Invoke(ctx, d.Input)
	d.Calls, d.Log = s.fakes.Calls(), s.fakes.Hide(answer.Log)
	switch {
	case err != nil:
		return nil, err
	case answer.Err != nil:
		return nil, failure(answer.Err)
	}
	var batch struct {
		Failures []any            `json:"batchItemFailures"`
		Receipts []notice.Receipt `json:"receipts"`
	}
	if err := json.Unmarshal(answer.Response, &batch); err != nil || len(batch.Failures) > 0 || len(batch.Receipts) == 0 {
		return nil, fmt.Errorf("the notifier did not handle the batch: %s", answer.Response)
	}
	return batch.Receipts, nil
}

// items are a receipt's sinks, each with the requests that were made for it.
func items(base inbox.Item, r notice.Receipt, d *inbox.Delivery) (all []inbox.Item) {
	taken := map[string]bool{}
	for _, i := range d.Items {
		taken[i.Place] = true
	}
	for _, o := range r.Orders {
		order := len(d.Notices)
		d.Notices = append(d.Notices, o.Notice)
		for at, s := range o.Sinks {
			i := base
			i.Order, i.Sink = order, s.Sink
			i.SetNotice(o.Notice)
			i.Settle(s)
			for _, c := range d.Calls {
				ofSink := c.Service == s.Sink || c.Service == "ses" || c.Service == "sns"
				if ofSink && strings.HasSuffix(c.Place, fmt.Sprint(".", at)) && !taken[c.Place] {
					i.Place = c.Place
				}
			}
			taken[i.Place] = true
			all = append(all, i)
		}
	}
	return all
}
