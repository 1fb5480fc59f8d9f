package extraeye

import (
	"fmt"
	"slices"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// boundWatch is a watch with its sinks, bound: all that rules are written from. With any
// Problems, nothing is written.
type boundWatch struct {
	binding.Watch
	patterns []rulePattern // that match what it sees, and nothing else
	targets  []*target
}

// target is a sink, bound.
type target struct {
	binding.Sink
	label string // of messages
	key   string // the same for two targets that deliver to the same place
	// reported is set once it is reported that what the notifier gets is too long.
	reported bool
}

// notified are the targets that the notifier delivers to.
func (b *boundWatch) notified() []*target {
	return b.which(func(t *target) bool { return t.Native == nil })
}

// raw are the targets that rules deliver the event to as it is.
func (b *boundWatch) raw() []*target { return b.which(func(t *target) bool { return t.Native != nil }) }

func (b *boundWatch) which(is func(*target) bool) (all []*target) {
	for _, t := range b.targets {
		if is(t) {
			all = append(all, t)
		}
	}
	return all
}

// bindWatch binds a watch and its sinks, and checks all of it.
func (e *Eye) bindWatch(w watch.Watch, sinks []sink.Sink) *boundWatch {
	b := &boundWatch{Watch: w.Bind(e)}
	b.NoDrills = e.noDrills
	if e.fleet {
		e.bindTeams(b)
	} else {
		e.bindSinks(b, sinks)
	}
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
		t := &target{Sink: s.Bind(e)}
		kinds[t.Name]++
		t.label = fmt.Sprint(t.Name, kinds[t.Name])
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
		if at := slices.IndexFunc(b.targets, func(other *target) bool { return other.key == t.key }); at >= 0 {
			b.Problemf(binding.DuplicateSink, "the sink %s of %s is the same as %s, and would get everything twice; remove it", t.label, b.Name, b.targets[at].label)
		}
		b.targets = append(b.targets, t)
	}
}

// checkDelivered notes what is delivered to which sink, and reports what is delivered
// there already.
func (e *Eye) checkDelivered(b *boundWatch) {
	key := func(t *target) string { return inJSON([]any{patternsOf(b.patterns), b.Wire, t.key}) }
	if i := slices.IndexFunc(b.targets, func(t *target) bool { return e.delivered[key(t)] }); i >= 0 {
		b.Problemf(binding.DuplicateWatch, "an earlier watch of this Eye reports the same as this %s to %s; remove one", b.Name, b.targets[i].label)
		return
	}
	for _, t := range b.targets {
		e.delivered[key(t)] = true
	}
}
