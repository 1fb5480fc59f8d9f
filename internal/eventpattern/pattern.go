// Package eventpattern matches events against EventBridge's event patterns, with the
// semantics of the engine that EventBridge itself uses.
//
// The engine is https://github.com/aws/event-ruler; testdata/ruler runs it over this
// package's conformance table and over random pairs of patterns and events. The work of
// matching is bounded: too many combinations are an error. This package knowingly differs
// from the engine in:
//
//   - equals-ignore-case with characters above U+FFFF: the engine matches none of them.
//   - equals-ignore-case with letters whose other case is more than one letter (ß, ŉ, İ):
//     they are compared as they are; the engine also matches the letters of the other
//     case ("SS" for "ß").
//   - A wildcard and, in the list of the same field, equals-ignore-case or a suffix with
//     non-ASCII letters: the engine also matches some values that none of them matches.
//   - A numeric range between two strings in a list, as in ["A", {"numeric": ["<", 1]}, "B"],
//     or beside one in a pattern with $or: the engine does not always match the strings.
//   - cidr with an IPv6 range: the engine also matches IPv4 addresses and numbers; with an
//     IPv4 range, IPv6 addresses and numbers.
//   - A field whose name is empty, if it is an object or inside of one: the engine takes its
//     fields for those around it, or does not match them.
//   - An anything-but with an empty list is refused; the engine accepts it in a list with
//     other values.
//   - Numbers below 2.3e-308 are refused, and not compared with those of an event; the engine
//     refuses some of them.
//   - Numbers that Java, before version 19, does not print in their shortest form (8.41e21):
//     the engine refuses them, and does not compare them.
//   - A name that an object of an event, inside of an array, has twice: the engine takes more
//     of the values for those of one element.
//   - A $or branch with exists: false is never overlooked.
//
// [Pattern.Warnings] names the first four where a pattern has them.
package eventpattern

import (
	"fmt"
	"unicode/utf8"
)

// The bounds of a pattern.
const (
	// maxLength is the API's hard limit; the default quota of an account is 2,048.
	// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
	maxLength = 4096
	// maxCombinations bounds what several $or multiply to, and maxFields the fields in
	// all of these combinations, so that a hostile pattern cannot keep us busy.
	maxCombinations = 1000
	maxFields       = 50_000
)

// Pattern is an event pattern that EventBridge would accept.
type Pattern struct {
	alternatives []alternative // one of them must match; several only with $or
	warnings     []string
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
	c := newCompiler(false)
	if err = c.object(root, nil, false); err != nil {
		c = newCompiler(true)
		if c.object(root, nil, false) != nil {
			return nil, fmt.Errorf("event pattern: %w", err)
		}
	}
	return &Pattern{alternatives: c.finish(), warnings: c.warnings()}, nil
}

// Match reports whether the pattern matches the event. It returns an error if there is
// too much to try.
func (p *Pattern) Match(e *Event) (bool, error) {
	var w work
	for _, a := range p.alternatives {
		if newSearch(e, a.sorted, &w).match() {
			return true, nil
		}
		if err := w.check(p, e); err != nil {
			return false, err
		}
	}
	return false, nil
}

// Warnings returns a line for each place where EventBridge may match other events than
// this package does.
func (p *Pattern) Warnings() []string { return p.warnings }
