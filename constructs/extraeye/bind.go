package extraeye

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/limits"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

// boundWatch is a watch with its sinks, bound: all that its rules are written from. With
// any Problems, nothing is written.
type boundWatch struct {
	binding.Watch
	id       string // of the scope
	patterns []rulePattern
	targets  []target
	scope    constructs.Construct // of the rules; nil as long as they are not written
}

// rules is how many rules the watch needs: one for every pattern and every five targets.
func (b *boundWatch) rules() int {
	return len(b.patterns) * parts(len(b.targets), limits.TargetsOfRule)
}

// target is a sink, bound, as rules have it.
type target struct {
	binding.Sink
	id  string
	key string // the same for two targets that deliver to the same place
}

// bindWatch binds a watch and its sinks, and checks all of it.
func (e *Eye) bindWatch(w watch.Watch, sinks []sink.Sink) *boundWatch {
	b := &boundWatch{Watch: w.Bind(e)}
	b.id = e.nextID(b.Name)
	e.bindSinks(b, sinks)
	if len(b.Problems) > 0 {
		return b
	}
	patterns, err := pack(e, b.Watch)
	if err != nil {
		b.Problemf(binding.PatternTooLong, "%v", err)
		return b
	}
	b.patterns = patterns
	e.checkDelivered(b)
	return b
}

// nextID is the id of one more watch of a kind.
func (e *Eye) nextID(kind string) string {
	if e.watches[kind]++; e.watches[kind] > 1 {
		return kind + fmt.Sprint(e.watches[kind])
	}
	return kind
}

// bindSinks binds the sinks of a watch.
func (e *Eye) bindSinks(b *boundWatch, sinks []sink.Sink) {
	if len(sinks) == 0 {
		b.Problemf(binding.NoSinks, "%s has no sinks; set EyeProps.Sinks, or name sinks in Watch", b.Name)
	}
	kinds := map[string]int{}
	for i, s := range sinks {
		if s == nil {
			b.Problemf(binding.NilSink, "Sinks[%d] of %s is nil; remove it", i, b.Name)
			continue
		}
		t := target{Sink: s.Bind(e)}
		kinds[t.Name]++
		t.id = fmt.Sprint(t.Name, kinds[t.Name])
		if len(t.Problems) > 0 {
			b.Problems = append(b.Problems, t.Problems...)
			continue
		}
		if t.Native != nil {
			t.key = inJSON(t.Native.ARN)
		} else {
			t.key = inJSON(t.Wire)
			b.Problems = append(b.Problems, e.checkInput(b, t)...)
		}
		if at := slices.IndexFunc(b.targets, func(other target) bool { return other.key == t.key }); at >= 0 {
			b.Problemf(binding.DuplicateSink, "the sink %s of %s is the same as %s, and would get everything twice; remove it", t.id, b.Name, b.targets[at].id)
		}
		b.targets = append(b.targets, t)
	}
}

// checkDelivered notes what is delivered to which sink, and reports what is delivered
// there already.
func (e *Eye) checkDelivered(b *boundWatch) {
	key := func(t target) string { return inJSON([]any{patternsOf(b.patterns), b.Wire, t.key}) }
	if i := slices.IndexFunc(b.targets, func(t target) bool { return e.delivered[key(t)] }); i >= 0 {
		b.Problemf(binding.DuplicateWatch, "an earlier watch of this Eye reports the same as this %s to %s; remove one", b.Name, b.targets[i].id)
		return
	}
	for _, t := range b.targets {
		e.delivered[key(t)] = true
	}
}

// forNotifier reports whether any target is delivered by the notifier.
func forNotifier(targets []target) bool {
	return slices.ContainsFunc(targets, func(t target) bool { return t.Native == nil })
}

// input is what a rule hands the notifier for a target, with the releases that are known
// by now.
func (e *Eye) input(b *boundWatch, t target) (string, error) {
	w := b.Wire
	if b.WithReleases != nil && len(e.releases.known) > 0 {
		w = b.WithReleases(e.releases.wire())
	}
	w.Service = e.service
	d := wire.Delivery{Order: wire.Order{Watch: w, Sinks: []wire.Sink{*t.Wire}}}
	if w.Lifecycle != nil {
		d.AfterSeconds = w.Lifecycle.AfterSeconds
	}
	return wire.Template(d)
}

// checkInput checks what a rule hands the notifier.
func (e *Eye) checkInput(b *boundWatch, t target) (problems binding.Problems) {
	input, err := e.input(b, t)
	resolved := any(input)
	if strings.Contains(input, "${Token[") {
		resolved = e.checks.stack.Resolve(input)
	}
	if n := e.checks.measure.Text(resolved); err != nil || n > limits.InputCharacters {
		problems.Problemf(binding.TemplateTooLong, "what the notifier gets of %s and the sink %s can have %d characters; EventBridge allows %d, so shorten its lists", b.Name, t.id, n, limits.InputCharacters)
	}
	if revealsSecret(resolved) {
		problems.Problemf(binding.BadSecret, "the sink %s of %s was given the value of a secret, which everyone who sees the deployed rule could read; give it the secret itself, as a sink.Secret", t.id, b.Name)
	}
	return problems
}

// revealsSecret reports whether a resolved input has a dynamic reference to a secret, which
// CloudFormation would replace with the secret's value.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
func revealsSecret(input any) bool {
	text := fmt.Sprint(input)
	return strings.Contains(text, "{{resolve:secretsmanager") || strings.Contains(text, "{{resolve:ssm-secure")
}
