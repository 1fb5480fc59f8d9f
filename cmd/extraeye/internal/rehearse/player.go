package rehearse

import (
	"bytes"
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fakeaws"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/internal/wire"
)

// player plays events: it finds the targets of the rules that match, and has stages play them.
type player struct {
	buses   buses
	fleets  map[string]*fleet // by the ARNs of functions
	problem func(error)
	account fakeaws.Account // as the events so far left it
	outage  *outage         // nil, like the flood: none is looked for
	flood   *flood
	stages  chan *stage // that are free
}

// sinks are those of all rules and teams.
func (p *player) sinks() (all []wire.Sink) {
	for _, r := range p.buses.rules {
		for _, o := range r.orders() {
			all = append(all, o.Sinks...)
		}
	}
	for _, f := range p.fleets {
		all = append(all, f.sinks()...)
	}
	return all
}

// hasSink reports whether a rule or a team has a sink of a kind.
func (p *player) hasSink(name string) bool {
	return slices.ContainsFunc(p.sinks(), func(s wire.Sink) bool { return s.Kind() == name })
}

// enter prepares stages for the rules, as many as the events are worth.
func (p *player) enter(all []*stage, bootstrap string, events int) {
	all = all[:min(len(all), 1+events/eventsForStage)]
	if p.replays() {
		all = all[:1]
	}
	p.stages = make(chan *stage, len(all))
	for _, s := range all {
		s.bootstrap, s.fleets = bootstrap, p.fleets
		for _, sink := range p.sinks() {
			s.fakes.AddSecrets(sink)
		}
		p.stages <- s
	}
}

// replays reports whether deliveries may be played again.
func (p *player) replays() bool { return p.outage != nil }

// played is what came of an event.
type played struct {
	cues []cue
	// deliveries are those of the cues or, without one, one that says why there is none.
	deliveries []*inbox.Delivery
}

// playAll plays events, several at a time, and yields what came of each, in their order. Where one
// is to be played again, none is played ahead.
func (p *player) playAll(ctx context.Context, events []event) iter.Seq2[int, played] {
	ahead := 2 * cap(p.stages) // while what came of the others is written down
	if p.replays() {
		ahead = 1
	}
	return func(yield func(int, played) bool) {
		var coming []<-chan played
		defer func() {
			for _, c := range coming { // their stages are in use until then
				<-c
			}
		}()
		n := 0
		next := func() bool {
			done := <-coming[0]
			coming = coming[1:]
			n++
			return yield(n-1, done)
		}
		for _, e := range events {
			if coming = append(coming, p.play(ctx, e)); len(coming) == ahead && !next() {
				return
			}
		}
		for len(coming) > 0 {
			if !next() {
				return
			}
		}
	}
}

// play begins to play one event, when a stage is free.
func (p *player) play(ctx context.Context, e event) <-chan played {
	out := make(chan played, 1)
	all, none := p.cues(e)
	if len(all) == 0 {
		out <- played{deliveries: []*inbox.Delivery{none}}
		return out
	}
	s := <-p.stages
	go func() {
		defer func() { p.stages <- s }()
		done := played{cues: all}
		for _, c := range all {
			done.deliveries = append(done.deliveries, s.deliver(ctx, c))
		}
		out <- done
	}()
	return out
}

// cues are every target of every rule that matches or, without one, a delivery that says why. In
// place of a target that is a bus of the app are those of the rules on it.
func (p *player) cues(e event) (all []cue, none *inbox.Delivery) {
	matched, why := p.buses.reach(e, p.problem)
	for _, r := range matched {
		for _, t := range r.Targets {
			if p.buses.are(t) {
				continue
			}
			payload, err := t.Payload(e.raw, r.Rule)
			if in, ok := readInput(payload); err == nil && ok {
				p.account = p.account.Next(in.Event, e.hints, in.Watch)
			}
			all = append(all, cue{e, r, t, p.account})
		}
	}
	if why != "" {
		return all, newDelivery(e, result.Result{Outcome: result.Unmatched, Reason: why})
	}
	return all, newDelivery(e, result.Result{Rule: matched[0].label(), Outcome: result.Skipped, Reason: "the rule has no target"})
}

// again plays deliveries again that show more than they did.
func (p *player) again(ctx context.Context, done played, isLast bool) []*inbox.Delivery {
	if !p.replays() {
		return nil
	}
	for n, c := range done.cues {
		p.outage.consider(c, done.deliveries[n])
		p.flood.consider(c, done.deliveries[n])
	}
	s := <-p.stages
	defer func() { p.stages <- s }()
	return append(s.showOutage(ctx, p.outage, isLast), s.showFlood(ctx, p.flood, p.problem)...)
}

// newDelivery makes a delivery of an event with one result.
func newDelivery(e event, r result.Result) *inbox.Delivery {
	whole := result.New()
	r.File, r.EventID, r.DetailType, r.Facts, r.Out = e.file, e.id, e.detailType, whole.Facts, whole.Out
	return &inbox.Delivery{Event: e.raw, Items: []inbox.Item{{Result: r}}}
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
