package rehearse

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fake"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/lambdaruntime"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/internal/wire"
)

// player plays events: it gives them to the targets of the rules, and runs the
// notifier on its deliveries.
type player struct {
	fakes     *fake.Server
	bootstrap string
	rules     []rule
	fleets    map[string]*fleet // by the ARNs of functions
	problem   func(error)
	notifiers map[string]*lambdaruntime.Function // by region, or by the ARNs of functions with a fleet
	outage    *outage                            // nil: none is looked for
	flood     *flood                             // nil: none is looked for
}

func (p *player) close() {
	for _, f := range p.notifiers {
		f.Close()
	}
}

// addSecrets makes up all secrets that the sinks of the rules read.
func (p *player) addSecrets() {
	for _, s := range p.sinks() {
		p.fakes.AddSecrets(s)
	}
}

// hasSink reports whether a rule has a sink of a kind.
func (p *player) hasSink(name string) bool {
	return slices.ContainsFunc(p.sinks(), func(s wire.Sink) bool { return s.Kind() == name })
}

// sinks are those of all rules and teams.
func (p *player) sinks() (all []wire.Sink) {
	for _, r := range p.rules {
		for _, o := range r.orders() {
			all = append(all, o.Sinks...)
		}
	}
	for _, f := range p.fleets {
		all = append(all, f.sinks()...)
	}
	return all
}

// play plays one event. It returns what every target of every rule that matches gets, or one
// delivery that says that none does.
func (p *player) play(ctx context.Context, e event) []*inbox.Delivery {
	matched, why := matching(p.rules, e, p.problem)
	var all []*inbox.Delivery
	for _, r := range matched {
		for _, t := range r.Targets {
			d := p.deliver(ctx, e, r, t)
			p.outage.consider(e, r, t, d)
			p.flood.consider(e, r, t, d)
			all = append(all, d)
		}
	}
	switch {
	case len(matched) == 0:
		all = append(all, newDelivery(e, result.Result{Outcome: result.Unmatched, Reason: why}))
	case len(all) == 0:
		all = append(all, newDelivery(e, result.Result{Rule: matched[0].label(), Outcome: result.Skipped, Reason: "the rule has no target"}))
	}
	return all
}

// newDelivery makes a delivery of an event with one result.
func newDelivery(e event, r result.Result) *inbox.Delivery {
	whole := result.New()
	r.File, r.EventID, r.DetailType, r.Facts, r.Out = e.file, e.id, e.detailType, whole.Facts, whole.Out
	return &inbox.Delivery{Event: e.raw, Items: []inbox.Item{{Result: r}}}
}

// deliver gives the event to one target.
func (p *player) deliver(ctx context.Context, e event, r rule, t assembly.Target) *inbox.Delivery {
	started := time.Now()
	d := newDelivery(e, result.Result{Rule: r.label(), Target: t.ID, Sink: kind(t)})
	payload, err := t.Payload(e.raw, r.Rule)
	function, isNotifier := notifierOf(t)
	in, isDelivery := readInput(payload)
	switch {
	case err != nil:
		d.Items[0].Outcome, d.Items[0].Reason = result.Failed, fmt.Sprintf("EventBridge cannot make the target's input: %v", err)
	case isNotifier && isDelivery:
		var waited time.Duration
		if d.Input = payload; t.Kind != "AWS::Lambda::Function" {
			d.Input, waited = wait(payload, time.Now())
		}
		p.notify(ctx, e, function, in, d)
		for i := range d.Items {
			d.Items[i].Reason = after(d.Items[i].Reason, waited)
		}
	default:
		carry(d, payload, t)
	}
	for i := range d.Items {
		d.Items[i].MS = time.Since(started).Milliseconds()
	}
	return d
}

// carry shows what a target gets that is not the notifier.
func carry(d *inbox.Delivery, payload []byte, t assembly.Target) {
	i := &d.Items[0]
	d.Input, d.Carried = payload, true
	i.Outcome, i.Title = result.Sent, "Input of its own for "+name(t.ARN)
	if bytes.Equal(payload, d.Event) {
		i.Title = "The event as it is, for " + name(t.ARN)
	}
	i.Facts = append(i.Facts, result.Fact{Label: "Carries", Value: string(payload)})
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
