package samples

import (
	"maps"
	"slices"
	"strings"
)

// candidates returns the names with which the pattern may match an event, the
// likeliest first: those that each alternative asks for where the event has a
// placeholder. From one turn to the next, other ones come first.
func candidates(event any, asked []alternative, turn int) []names {
	var all []names
	for _, a := range asked {
		if a.mayFit(event) {
			all = append(all, a.candidates(event, turn)...)
		}
	}
	if len(asked) > 1 {
		return fromTurn(all, turn) // each turn begins with the next alternative
	}
	return all
}

// candidates returns the names that one alternative asks for.
func (a alternative) candidates(event any, turn int) []names {
	var choices [][]names // of each condition
	most := 1
	for _, c := range a {
		if choice := c.names(event); len(choice) > 0 {
			choices = append(choices, fromTurn(choice, turn)) // each turn begins with the next name
			most = max(most, len(choice))
		}
	}
	var all []names
	for i := range most {
		candidate := names{}
		for _, choice := range choices {
			maps.Copy(candidate, choice[i%len(choice)]) // a short choice starts over
		}
		all = append(all, candidate)
	}
	return all
}

// fromTurn returns the list from the element whose turn it is, and then those before
// that one.
func fromTurn(list []names, turn int) []names {
	if len(list) == 0 {
		return nil
	}
	first := turn % len(list)
	return slices.Concat(list[first:], list[:first])
}

// mayFit reports whether the event is of a source and a detail-type that are asked
// for; no name changes these.
func (a alternative) mayFit(event any) bool {
	for _, c := range a {
		if path := strings.Join(c.path, "."); path == "source" || path == "detail-type" {
			found := texts(event, c.path)
			if len(found) != 1 || !c.accepts(found[0]) {
				return false
			}
		}
	}
	return true
}

// names returns the names that the condition asks for, by the placeholders at its path:
// where the event has "service:sample-service" and "service:web" is asked for, the
// service is web.
func (c condition) names(event any) []names {
	var all []names
	for _, have := range texts(event, c.path) {
		form := formOf(have)
		if form == nil {
			continue
		}
		for _, want := range c.wants {
			for _, example := range examples(want) {
				if n := form.read(example); n != nil {
					all = append(all, n)
					break
				}
			}
		}
	}
	return all
}
