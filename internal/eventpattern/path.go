package eventpattern

import (
	"slices"
	"strings"
)

// path is where something stands in a pattern: the names on the way to it.
type path []string

func (p path) to(name string) path { return append(slices.Clip(p), name) }

// name is what the engine knows a field by.
func (p path) name() string { return strings.Join(p, ".") }

// String names the path in a message.
func (p path) String() string {
	if len(p) == 0 {
		return "the pattern"
	}
	return printable(p.name())
}
