package extraeye

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/limits"
	"github.com/extraeye/extraeye/internal/wire"
)

// input is what one target of a rule hands the notifier: these sinks, of any of the watches
// whose rule it is. All of them wait for as long.
type input map[*target]bool

// spread puts the sinks that the notifier delivers to into inputs: first those that wait for
// nothing.
func (e *Eye) spread(p plan) (inputs []input, long []*target) {
	waiting := map[int]input{}
	for _, b := range p.watches {
		for _, t := range b.notified() {
			wait := p.waitOf(t)
			if waiting[wait] == nil {
				waiting[wait] = input{}
			}
			waiting[wait][t] = true
		}
	}
	for _, wait := range slices.Sorted(maps.Keys(waiting)) {
		some, tooLong := e.spreadSome(p, waiting[wait])
		inputs, long = append(inputs, some...), append(long, tooLong...)
	}
	return inputs, long
}

// waitOf is for how many seconds events are collected for a sink, zero if they are not. What the
// state machine hands over comes one by one.
func (p *plan) waitOf(t *target) int {
	if t.Grouped == nil || p.match.Waits {
		return 0
	}
	return t.Grouped.WaitSeconds
}

// waitOfInput is that of the sinks of an input.
func (p *plan) waitOfInput(in input) int {
	for t := range in {
		return p.waitOf(t)
	}
	return 0
}

// spreadSome puts sinks into as few inputs as possible: into one, unless it would be too long.
// Then the longest sinks are placed first, each into the first input that has room, so that one
// more sink moves only shorter ones. Long are the sinks that are too long for an input of their
// own; each has one all the same.
func (e *Eye) spreadSome(p plan, all input) (inputs []input, long []*target) {
	alone := map[*target]int{}
	if e.fits(p, all) {
		return []input{all}, nil
	}
	var sinks []*target
	for t := range all {
		sinks = append(sinks, t)
		if alone[t] = e.characters(p, input{t: true}); alone[t] > limits.InputCharacters {
			long = append(long, t)
		}
	}
	slices.SortFunc(sinks, func(a, b *target) int {
		return cmp.Or(cmp.Compare(alone[b], alone[a]), strings.Compare(e.identity(a), e.identity(b)))
	})
	for _, t := range sinks {
		if !slices.ContainsFunc(inputs, func(in input) bool { return e.putInto(in, t, p) }) {
			inputs = append(inputs, input{t: true})
		}
	}
	return inputs, long
}

// putInto adds a sink to an input if it has room.
func (e *Eye) putInto(in input, t *target, p plan) bool {
	in[t] = true
	if !e.fits(p, in) {
		delete(in, t)
		return false
	}
	return true
}

// fits reports whether EventBridge allows an input as long as it can become.
func (e *Eye) fits(p plan, in input) bool { return e.characters(p, in) <= limits.InputCharacters }

// identity is a sink as the template has it: the same each time the app is synthesized.
func (e *Eye) identity(t *target) string { return binding.Identity(e, t.key) }

// template writes what a rule hands the notifier, with the releases that are known by now.
// Watches and sinks are in the order in which the Eye was given them.
func (e *Eye) template(p plan, in input) string {
	var orders []wire.Order
	for _, b := range p.watches {
		for _, over := range p.overs(b) {
			order := wire.Order{Watch: e.watchOf(b), Over: over}
			order.Watch.Only = p.only[b]
			for _, t := range b.notified() {
				switch {
				case !in[t] || p.over(t) != over:
				case t.Wire == nil:
					order.Fleet = true
				default:
					order.Sinks = append(order.Sinks, *t.Wire)
				}
			}
			if len(order.Sinks) > 0 || order.Fleet {
				orders = append(orders, order)
			}
		}
	}
	delivery := wire.Delivery{Order: orders[0], Also: orders[1:]}
	if e.journal != nil {
		delivery.Journal = *e.journal.logGroup.LogGroupName()
	}
	if p.match.Waits {
		delivery.AfterSeconds = p.match.Wire.Lifecycle.AfterSeconds
	}
	text, _ := wire.Template(delivery) // which fails only for an event that is no JSON, and this has none
	return text
}

// over is how many events a sink gets one by one, zero if it always does.
func (p *plan) over(t *target) int {
	if p.waitOf(t) == 0 {
		return 0
	}
	return t.Grouped.Over
}

// overs are those of a watch's sinks.
func (p *plan) overs(b *boundWatch) []int {
	all := map[int]bool{}
	for _, t := range b.notified() {
		all[p.over(t)] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// watchOf is what the notifier gets of a watch.
func (e *Eye) watchOf(b *boundWatch) wire.Watch {
	w := b.Wire
	if b.WithReleases != nil && len(e.releases.known) > 0 {
		w = b.WithReleases(e.releases.wire())
	}
	w.Service = e.service
	return w
}

// characters is how long an input can become.
func (e *Eye) characters(p plan, in input) int {
	return e.checks.measure.Text(e.resolved(e.template(p, in)))
}

// resolved is a text as the template has it.
func (e *Eye) resolved(text string) any {
	if !strings.Contains(text, "${Token[") {
		return text
	}
	return e.checks.stack.Resolve(text)
}

// checkInput checks what a rule hands the notifier for one sink of a watch.
func (e *Eye) checkInput(b *boundWatch, t *target) (problems binding.Problems) {
	p := plan{match: b.Watch, watches: []*boundWatch{{Watch: b.Watch, targets: []*target{t}}}}
	if n := e.characters(p, input{t: true}); n > limits.InputCharacters {
		problems = append(problems, tooLong(b, t, n))
	}
	if revealsSecret(e.resolved(e.template(p, input{t: true}))) {
		problems.Problemf(binding.BadSecret, "the sink %s of %s was given the value of a secret, which everyone who sees the deployed rule could read; give it the secret itself, as a sink.Secret", t.label, b.Name)
	}
	return problems
}

func tooLong(b *boundWatch, t *target, n int) binding.Problem {
	return problemf(binding.TemplateTooLong, "what the notifier gets of %s and the sink %s can have %d characters; EventBridge allows %d, so shorten its lists", b.Name, t.label, n, limits.InputCharacters)[0]
}

// revealsSecret reports whether a resolved input has a dynamic reference to a secret, which
// CloudFormation would replace with the secret's value.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
func revealsSecret(input any) bool {
	text := fmt.Sprint(input)
	return strings.Contains(text, "{{resolve:secretsmanager") || strings.Contains(text, "{{resolve:ssm-secure")
}
