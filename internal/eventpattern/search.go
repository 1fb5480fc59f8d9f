package eventpattern

import (
	"fmt"
	"slices"
)

// search looks for values that satisfy all fields at once. Two values in
// different elements of one array do not go together.
type search struct {
	event  *Event
	fields []field // by path, as the engine sorts them
	failed map[string]bool
}

func newSearch(e *Event, fields []field) *search {
	return &search{event: e, fields: fields, failed: map[string]bool{}}
}

func (s *search) match() bool { return s.from(0, nil) }

// from matches the fields from i on; places are the elements chosen so far.
func (s *search) from(i int, places []place) bool {
	if i == len(s.fields) {
		return true
	}
	places = s.relevant(i, places)
	state := fmt.Sprint(i, places)
	if s.failed[state] {
		return false
	}
	f := s.fields[i]
	candidates := s.candidates(f.path, places)
	if len(candidates) == 0 && slices.ContainsFunc(f.wants, func(w want) bool { return w.absent }) && s.from(i+1, places) {
		return true
	}
	for _, v := range candidates {
		if f.accepts(v) && s.from(i+1, together(places, v.places)) {
			return true
		}
	}
	s.failed[state] = true
	return false
}

// relevant drops the places in arrays that no later field lies in, so that
// choices that make no difference are tried once.
func (s *search) relevant(i int, places []place) []place {
	return slices.DeleteFunc(slices.Clone(places), func(p place) bool {
		return !slices.ContainsFunc(s.fields[i:], func(f field) bool {
			vs := s.event.fields[f.path]
			return vs != nil && vs.arrays[p.array]
		})
	})
}

// candidates are the values of a path that go together with the places.
func (s *search) candidates(path string, places []place) []value {
	vs := s.event.fields[path]
	if vs == nil {
		return nil
	}
	for _, p := range slices.Backward(places) {
		if !vs.arrays[p.array] {
			continue
		}
		var out []value
		for _, i := range vs.byPlace[p] {
			if consistent(places, vs.all[i].places) {
				out = append(out, vs.all[i])
			}
		}
		return out
	}
	return vs.all
}

func consistent(a, b []place) bool {
	for _, x := range a {
		for _, y := range b {
			if x.array == y.array && x.index != y.index {
				return false
			}
		}
	}
	return true
}

// together adds the places of b to those of a, in one order.
func together(a, b []place) []place {
	out := append(slices.Clone(a), b...)
	slices.SortFunc(out, func(x, y place) int { return x.array - y.array })
	return slices.Compact(out)
}

// accepts reports whether the field's value may be v.
func (f field) accepts(v value) bool {
	return slices.ContainsFunc(f.wants, func(w want) bool { return !w.absent && w.match(v) })
}
