package extraeye

import (
	"slices"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// place plans the rules of one more watch: it shares those of an earlier watch that sees the
// same, or else has rules of its own.
func (e *Eye) place(b *boundWatch) []change {
	for _, s := range e.sets {
		if changes := e.join(s, b); changes != nil {
			return changes
		}
	}
	own := plan{match: b.Watch, patterns: b.patterns, watches: []*boundWatch{b}, raw: []*boundWatch{b}}
	own.inputs, _ = e.spread(own)
	return []change{{nil, own}}
}

// join plans how a watch shares rules, or returns nil if it cannot. A rule that several
// watches share may match more than one of them wants: the notifier then leaves out the rest.
// What gets the raw event would get the rest, too, so it stays with a rule that matches just
// what its watch wants.
func (e *Eye) join(s *rules, b *boundWatch) []change {
	match, ok := united(s.match, b.Watch)
	if !ok {
		return nil
	}
	p := s.plan
	p.match = match
	var apart []change
	wider, fewer := only(s.match, match) != nil, only(b.Watch, match) != nil
	if (wider || fewer) && (len(p.sinks()) == 0 || len(b.notified()) == 0) {
		return nil // they have no look-ups to share
	}
	if wider {
		if p.patterns, ok = e.repacked(s.patterns, match); !ok {
			return nil
		}
		if len(s.natives()) > 0 {
			apart = append(apart, change{nil, plan{match: s.match, patterns: s.patterns, raw: s.raw}})
		}
		p.raw = nil
	}
	switch {
	case !fewer:
		p.raw = append(slices.Clip(p.raw), b)
	case len(b.raw()) > 0:
		apart = append(apart, change{nil, plan{match: b.Watch, patterns: b.patterns, raw: []*boundWatch{b}}})
	}
	p.add(b)
	var long []*target
	if p.inputs, long = e.spread(p); len(long) > 0 || p.rulesOfPattern() < s.rulesOfPattern() {
		return nil
	}
	return append([]change{{s, p}}, apart...)
}

// add adds a watch that the notifier reports for.
func (p *plan) add(b *boundWatch) {
	p.watches = append(slices.Clip(p.watches), b)
	p.only = map[*boundWatch]map[string][]string{}
	for _, w := range p.watches {
		p.only[w] = only(w.Watch, p.match)
	}
}

// repacked packs what shared rules match from now on. It takes at least the rules that there
// are already.
func (e *Eye) repacked(before []rulePattern, match binding.Watch) (after []rulePattern, ok bool) {
	after, err := pack(e, match)
	if err != nil {
		return nil, false
	}
	for _, was := range before {
		if !slices.ContainsFunc(after, func(p rulePattern) bool { return p.id == was.id }) {
			return nil, false
		}
	}
	return after, true
}

// united is what rules match that two watches can share: the same names, and all else the
// same but for the values of one more field.
func united(a, b binding.Watch) (binding.Watch, bool) {
	switch {
	case !sameEvents(a, b):
		return a, false
	case len(a.Fields) == 0 || len(b.Fields) == 0:
		return a, len(a.Fields) == len(b.Fields)
	case !sameValues(a.Fields[0], b.Fields[0]):
		return a, false
	}
	beyondA, beyondB := beyond(a, b), beyond(b, a)
	switch {
	case len(beyondA) == 0:
		return a, choosable(beyondB)
	case len(beyondB) == 0:
		return b, choosable(beyondA)
	case len(beyondA) == 1 && len(beyondB) == 1 && samePlace(beyondA[0], beyondB[0]):
		return withValues(a, beyondB[0]), choosable(beyondA) && choosable(beyondB)
	}
	return a, false
}

// sameEvents reports whether two watches see the same events but for their fields, after the
// same wait.
func sameEvents(a, b binding.Watch) bool {
	return a.Name == b.Name && a.Source == b.Source && slices.Equal(a.DetailTypes, b.DetailTypes) &&
		inJSON(a.Pattern) == inJSON(b.Pattern) &&
		a.Waits == b.Waits && (!a.Waits || *a.Wire.Lifecycle == *b.Wire.Lifecycle)
}

// beyond are the fields of a watch that limit it where another one sees more.
func beyond(w, other binding.Watch) (fields []binding.Field) {
	for _, f := range w.Fields {
		at := slices.IndexFunc(other.Fields, func(o binding.Field) bool { return samePlace(f, o) })
		if at < 0 || !within(other.Fields[at].Values, f.Values) {
			fields = append(fields, f)
		}
	}
	return fields
}

// withValues is a watch that sees further values of one of its fields.
func withValues(w binding.Watch, more binding.Field) binding.Watch {
	w.Fields = slices.Clone(w.Fields)
	for i, f := range w.Fields {
		if !samePlace(f, more) {
			continue
		}
		for _, v := range more.Values {
			if !slices.Contains(f.Values, v) {
				f.Values = append(slices.Clip(f.Values), v)
			}
		}
		w.Fields[i] = f
	}
	return w
}

func samePlace(a, b binding.Field) bool { return a.Path == b.Path && a.Key == b.Key }

// sameValues reports whether two fields match the same, in whichever order.
func sameValues(a, b binding.Field) bool {
	return samePlace(a, b) && within(a.Values, b.Values) && within(b.Values, a.Values)
}

// within reports whether a list has all of some values.
func within(values, list []binding.Value) bool {
	listed := map[binding.Value]bool{}
	for _, v := range list {
		listed[v] = true
	}
	return !slices.ContainsFunc(values, func(v binding.Value) bool { return !listed[v] })
}

// choosable reports whether the notifier can choose by these fields.
func choosable(fields []binding.Field) bool {
	return !slices.ContainsFunc(fields, func(f binding.Field) bool {
		return f.Key != "" || slices.ContainsFunc(f.Values, func(v binding.Value) bool { return v.Prefix })
	})
}

// only is what the notifier has to choose by for a watch whose rules match more; nil: nothing.
func only(w, match binding.Watch) map[string][]string {
	var chosen map[string][]string
	for _, f := range beyond(w, match) {
		if chosen == nil {
			chosen = map[string][]string{}
		}
		for _, v := range f.Values {
			chosen[f.Path] = append(chosen[f.Path], v.Text)
		}
	}
	return chosen
}
