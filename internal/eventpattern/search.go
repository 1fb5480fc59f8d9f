package eventpattern

import (
	"encoding/binary"
	"fmt"
	"iter"
	"slices"
)

// The bounds of one Match or Explain. The largest event of EventBridge needs far less, and
// a hostile one takes about a second and 100 MB.
const (
	// maxStates bounds the combinations of array elements that are tried.
	maxStates = 500_000
	// maxComparisons bounds the comparisons of a value with what a field may be. A
	// comparison with a long text counts as several.
	maxComparisons = 20_000_000
	comparedAtOnce = 8 // bytes of a text
)

// work is what one Match or Explain has done so far.
type work struct{ states, comparisons int }

// check returns an error once the work is too much.
func (w *work) check(p *Pattern, e *Event) error {
	switch {
	case w.states > maxStates:
		return fmt.Errorf("event pattern: more than %d combinations of the elements of arrays to try (%d alternatives, %d arrays in the event): use fewer alternatives, or a smaller event",
			maxStates, len(p.alternatives), e.arrays)
	case w.comparisons > maxComparisons:
		return fmt.Errorf("event pattern: more than %d comparisons with the values of the event (%d alternatives): use fewer alternatives, or a smaller event",
			maxComparisons, len(p.alternatives))
	}
	return nil
}

func (w *work) tooMuch() bool { return w.states > maxStates || w.comparisons > maxComparisons }

// search looks for values that satisfy all fields at once. Two values in
// different elements of one array do not go together.
type search struct {
	event   *Event
	fields  []field // by path, as the engine sorts them
	work    *work
	failed  map[string]bool
	lastUse map[int]int // by array: the last field with values in it
	deepest int         // how many fields were satisfied at once
}

func newSearch(e *Event, fields []field, w *work) *search {
	return &search{event: e, fields: fields, work: w, failed: map[string]bool{}, lastUse: map[int]int{}}
}

// match reports whether all fields are satisfied. With too much work it is false.
func (s *search) match() bool { return s.from(0, nil) }

// from matches the fields from i on; places are the elements chosen so far.
func (s *search) from(i int, places []place) bool {
	s.deepest = max(s.deepest, i)
	if i == len(s.fields) {
		return true
	}
	places = s.relevant(i, places)
	if s.work.states += 1 + len(places); s.work.tooMuch() {
		return false
	}
	state := stateOf(i, places)
	if s.failed[state] {
		return false
	}
	if s.choose(i, places) {
		return true
	}
	s.failed[state] = true
	return false
}

// choose tries all values of the field i, and the fields after it with each.
func (s *search) choose(i int, places []place) bool {
	f := s.fields[i]
	found := false
	for v := range s.candidates(f.path, places) {
		found = true
		if f.accepts(v, s.work) && s.from(i+1, s.together(places, v.places)) {
			return true
		}
		if s.work.tooMuch() {
			return false
		}
	}
	return !found && f.mayBeAbsent() && s.from(i+1, places)
}

// stateOf spells a state of the search.
func stateOf(i int, places []place) string {
	state := binary.AppendVarint(nil, int64(i))
	for _, p := range places {
		state = binary.AppendVarint(state, int64(p.array))
		state = binary.AppendVarint(state, int64(p.index))
	}
	return string(state)
}

// relevant drops the places in arrays that have no values of later fields, so that choices
// that make no difference are tried once.
func (s *search) relevant(i int, places []place) []place {
	return slices.DeleteFunc(slices.Clone(places), func(p place) bool { return s.lastField(p.array) < i })
}

// lastField returns the index of the last field that has values in the array.
func (s *search) lastField(array int) int {
	last, known := s.lastUse[array]
	if !known {
		last = len(s.fields) - 1
		for last >= 0 && !s.event.lies(s.fields[last].path, array) {
			last--
		}
		s.lastUse[array] = last
	}
	return last
}

// candidates are the values of a path that go together with the places: those in the innermost
// element that has some. The places are in the order of the arrays, and an array comes before those
// inside, so that whatever lies in that element lies in those around it.
func (s *search) candidates(path string, places []place) iter.Seq[value] {
	vs := s.event.fields[path]
	if vs == nil {
		return slices.Values([]value(nil))
	}
	for _, p := range slices.Backward(places) {
		if vs.arrays[p.array] {
			return vs.in(p)
		}
	}
	return slices.Values(vs.all)
}

// in are the values in one element of an array.
func (vs *values) in(p place) iter.Seq[value] {
	return func(yield func(value) bool) {
		for _, i := range vs.byPlace[p] {
			if !yield(vs.all[i]) {
				return
			}
		}
	}
}

// together adds the places of b to those of a, in the order of the arrays.
func (s *search) together(a, b []place) []place {
	s.work.comparisons += len(a) + len(b)
	out := append(slices.Clone(a), b...)
	slices.SortFunc(out, func(x, y place) int { return x.array - y.array })
	return slices.Compact(out)
}

// accepts reports whether the field's value may be v.
func (f field) accepts(v value, w *work) bool {
	w.comparisons += len(f.wants) * (1 + len(v.text)/comparedAtOnce)
	return !w.tooMuch() && slices.ContainsFunc(f.wants, func(w want) bool { return !w.absent && w.match(v) })
}

// mayBeAbsent reports whether an event without the field is accepted.
func (f field) mayBeAbsent() bool {
	return slices.ContainsFunc(f.wants, func(w want) bool { return w.absent })
}

// acceptsAny reports whether the field matches by itself, whatever the others need.
func (f field) acceptsAny(e *Event, w *work) bool {
	vs := e.fields[f.path]
	if vs == nil {
		return f.mayBeAbsent()
	}
	return slices.ContainsFunc(vs.all, func(v value) bool { return f.accepts(v, w) })
}
