// Package eventpattern matches events against EventBridge's event patterns, with the
// semantics of the engine that EventBridge itself uses.
//
// The engine is https://github.com/aws/event-ruler; testdata/ruler runs it over
// this package's conformance table. Known differences: letters whose other case is
// more than one letter (ß, ŉ) are compared as they stand, an IPv6 address is never
// in an IPv4 range, and a $or branch with exists: false is never overlooked.
package eventpattern

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// The bounds of a pattern.
const (
	// maxLength is the API's hard limit; the default quota of an account is 2,048.
	// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
	maxLength = 4096
	// maxCombinations bounds what several $or multiply to, so that a hostile
	// pattern cannot keep us busy.
	maxCombinations = 1000
)

// Pattern is an event pattern that EventBridge would accept.
type Pattern struct {
	alternatives []alternative // one of them must match; several only with $or
}

// alternative is a set of fields that must all match.
type alternative struct {
	fields []field // as written: the order in which people read them
	sorted []field // by path: the order in which the engine matches them
}

// field is one leaf of a pattern: a path and what its value may be.
type field struct {
	path  string
	wants []want
}

// Parse reads an event pattern. What EventBridge's PutRule would refuse is an
// error that names the path and the value.
func Parse(raw []byte) (*Pattern, error) {
	if n := utf8.RuneCount(raw); n > maxLength {
		return nil, fmt.Errorf("event pattern: %d characters long, EventBridge allows %d: split it into several rules", n, maxLength)
	}
	root, err := parseNode(raw)
	if err != nil {
		return nil, fmt.Errorf("event pattern: %w", err)
	}
	if root.kind != kindObject {
		return nil, fmt.Errorf("event pattern: %s is not an object", root)
	}
	// Like the engine: a $or that is not one (a single alternative, an operator's
	// name inside) is tried again as an ordinary field of that name.
	c := compiler{alternatives: []map[string]*compiled{{}}}
	if err = c.object(root, "", false); err != nil {
		c = compiler{alternatives: []map[string]*compiled{{}}, orIsField: true}
		if c.object(root, "", false) != nil {
			return nil, fmt.Errorf("event pattern: %w", err)
		}
	}
	return &Pattern{alternatives: c.finish()}, nil
}

// Match reports whether the pattern matches the event.
func (p *Pattern) Match(e *Event) bool {
	return slices.ContainsFunc(p.alternatives, func(a alternative) bool {
		return newSearch(e, a.sorted).match()
	})
}

// Event is an event, read once and matched against many patterns.
type Event struct {
	fields     map[string]*values
	containers map[string]string // objects and empty arrays, for explanations
	arrays     int
}

// ParseEvent reads an event: a JSON object.
func ParseEvent(raw []byte) (*Event, error) {
	if len(raw) == 0 {
		return nil, errors.New("event: it is empty")
	}
	root, err := parseNode(raw)
	if err != nil {
		return nil, fmt.Errorf("event: %w", err)
	}
	if root.kind != kindObject {
		return nil, fmt.Errorf("event: %s is not an object", root)
	}
	e := &Event{fields: map[string]*values{}, containers: map[string]string{}}
	e.object(root, "", true, nil)
	return e, nil
}
