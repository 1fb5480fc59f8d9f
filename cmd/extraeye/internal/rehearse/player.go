package rehearse

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fake"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/lambdaruntime"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/decode"
	"github.com/extraeye/extraeye/lambda/notice"
)

// player plays events: it gives them to the targets of the rules, and runs the
// notifier on its deliveries.
type player struct {
	fakes     *fake.Server
	bootstrap string
	rules     []rule
	problem   func(error)
	notifiers map[string]*lambdaruntime.Function // by region
}

func (p *player) close() {
	for _, f := range p.notifiers {
		f.Close()
	}
}

// addSecrets makes up all secrets that the sinks of the rules read.
func (p *player) addSecrets() {
	for _, r := range p.rules {
		for _, t := range r.Targets {
			payload, err := t.Payload([]byte("{}"), r.Rule)
			var delivery wire.Delivery
			if err == nil && json.Unmarshal(payload, &delivery) == nil {
				for _, sink := range delivery.Sinks {
					p.fakes.AddSecrets(sink)
				}
			}
		}
	}
}

// play plays one event. It returns an item for every target of every rule that
// matches, or one that says that none does.
func (p *player) play(ctx context.Context, e event) []inbox.Item {
	matched, why := matching(p.rules, e, p.problem)
	var items []inbox.Item
	for _, r := range matched {
		for _, t := range r.Targets {
			started := time.Now()
			item := p.deliver(ctx, e, r, t)
			item.MS = time.Since(started).Milliseconds()
			items = append(items, item)
		}
	}
	switch {
	case len(matched) == 0:
		item := newItem(e)
		item.Outcome, item.Reason = result.Unmatched, why
		items = append(items, item)
	case len(items) == 0:
		item := newItem(e)
		item.Rule, item.Outcome, item.Reason = matched[0].label(), result.Skipped, "the rule has no target"
		items = append(items, item)
	}
	return items
}

func newItem(e event) inbox.Item {
	item := inbox.Item{Result: result.New(), Event: e.raw}
	item.File, item.EventID, item.DetailType = e.file, e.id, e.detailType
	return item
}

// deliver gives the event to one target.
func (p *player) deliver(ctx context.Context, e event, r rule, t assembly.Target) inbox.Item {
	item := newItem(e)
	item.Rule, item.Target, item.Sink = r.label(), t.ID, kind(t)
	payload, err := t.Payload(e.raw, r.Rule)
	if err != nil {
		item.Outcome, item.Reason = result.Failed, fmt.Sprintf("EventBridge cannot make the target's input: %v", err)
		return item
	}
	item.Input = payload
	if function, ok := notifierOf(t); ok && sinkOf(payload) != "" {
		item.Sink = sinkOf(payload)
		var waited time.Duration
		if t.Kind != "AWS::Lambda::Function" {
			item.Input, waited = wait(payload, time.Now())
		}
		p.notify(ctx, e, function, &item)
		item.Reason = after(item.Reason, waited)
		return item
	}
	item.Outcome, item.Carried, item.Title = result.Sent, true, "Input of its own for "+name(t.ARN)
	if bytes.Equal(payload, e.raw) {
		item.Title = "The event as it is, for " + name(t.ARN)
	}
	item.Facts = append(item.Facts, result.Fact{Label: "Carries", Value: string(payload)})
	return item
}

// timeout is how long the notifier may work on one delivery.
const timeout = 30 * time.Second

// notify runs the notifier on a delivery.
func (p *player) notify(ctx context.Context, e event, function string, item *inbox.Item) {
	var delivery wire.Delivery
	_ = json.Unmarshal(item.Input, &delivery) // what is of another type stays empty
	p.fakes.Play(fake.Delivery{Event: delivery.Event, Hints: e.hints, Watch: delivery.Watch, Sink: item.Sink})
	answer, err := p.notifier(function).Invoke(ctx, item.Input)
	item.Calls, item.Log = p.fakes.Calls(), p.fakes.Hide(answer.Log)
	for _, c := range item.Calls {
		if mail, ok := c.Mail(); ok {
			item.Mail = &mail
		}
		if message, ok := c.Message(); ok {
			item.Message = &message
		}
	}
	var receipt notice.Receipt
	if err == nil && answer.Err != nil {
		err = failure(answer.Err)
	}
	if err == nil {
		if err = json.Unmarshal(answer.Response, &receipt); err == nil && len(receipt.Orders) == 0 {
			err = errors.New("it has no orders")
		}
		if err != nil {
			err = fmt.Errorf("the notifier's answer is not a receipt: %w", err)
		}
	}
	if err != nil {
		item.Outcome, item.Reason = result.Failed, p.fakes.Hide(err.Error())
		item.SetNotice(decode.Decode(delivery.Event, delivery.Watch).Notice(time.Now())) // without the look-ups, which never left the notifier
		return
	}
	order := receipt.Orders[0]
	item.SetNotice(order.Notice)
	if len(order.Sinks) == 0 {
		item.Outcome, item.Reason = result.Skipped, order.Skipped
		return
	}
	item.Outcome, item.Reason = result.Sent, order.Sinks[0].Reason
	if order.Sinks[0].Outcome != notice.Sent {
		item.Outcome = result.Failed
	}
}

// failure says what Lambda would do after an error.
func failure(e *lambdaruntime.Error) error {
	switch e.Type {
	case "Permanent":
		return errors.New(e.Message)
	case "Transient":
		return errors.New(e.Message + " (transient: Lambda would run it twice more)")
	default:
		return e
	}
}

// notifier returns the notifier of the function's region. There is one for each region,
// because the region is the only part of its ARN that it uses.
func (p *player) notifier(arn string) *lambdaruntime.Function {
	c := lambdaruntime.Config{
		Bootstrap: p.bootstrap, Name: "notifier", Region: assembly.UnknownRegion, Account: assembly.UnknownAccount, Partition: "aws",
		MemoryMB: 512, Timeout: timeout, Endpoint: p.fakes.URL, Environment: []string{wire.RehearsalVariable + "=" + p.fakes.URL},
	}
	// arn:partition:lambda:region:account:function:name
	if parts := strings.Split(arn, ":"); len(parts) >= 7 {
		c.Partition, c.Region, c.Account, c.Name = parts[1], parts[3], parts[4], parts[6]
	}
	if p.notifiers == nil {
		p.notifiers = map[string]*lambdaruntime.Function{}
	}
	if p.notifiers[c.Region] == nil {
		p.notifiers[c.Region] = lambdaruntime.New(c)
	}
	return p.notifiers[c.Region]
}

// sinkOf returns the JSON name of a delivery's sink. It returns "" for every other
// payload.
func sinkOf(payload []byte) string {
	var delivery struct {
		Sinks []map[string]json.RawMessage `json:"sinks"`
		Watch json.RawMessage              `json:"watch"`
		Event json.RawMessage              `json:"event"`
	}
	if json.Unmarshal(payload, &delivery) != nil || delivery.Event == nil || delivery.Watch == nil || len(delivery.Sinks) == 0 {
		return ""
	}
	for name := range delivery.Sinks[0] {
		return name // there is one
	}
	return ""
}

// name is the part of an ARN that names the resource.
func name(arn string) string {
	arn = strings.TrimSuffix(arn, ":*") // which ARNs of log groups end with
	return arn[strings.LastIndexAny(arn, ":")+1:]
}

// kind is a target's kind in plain English: AWS::SQS::Queue is a queue.
func kind(t assembly.Target) string {
	if t.Kind == "" {
		return "target"
	}
	name := t.Kind[strings.LastIndex(t.Kind, ":")+1:]
	var text strings.Builder
	for i, c := range name {
		if i > 0 && 'A' <= c && c <= 'Z' {
			text.WriteByte(' ')
		}
		text.WriteRune(c)
	}
	return strings.ToLower(text.String())
}
