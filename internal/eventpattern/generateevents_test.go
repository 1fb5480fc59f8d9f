package eventpattern

import (
	"strconv"
	"strings"
)

// pair makes a pattern, and an event that often matches it.
func (g generator) pair() (pattern, event string) {
	pattern = g.pattern(g.IntN(4))
	root, err := parseNode([]byte(pattern))
	if err != nil {
		panic(err) // also an invalid pattern is valid JSON
	}
	if g.chance(0.8) {
		return pattern, g.related(root)
	}
	return pattern, g.event(3)
}

func (g generator) event(depth int) string {
	members := map[string]string{}
	for range 1 + g.IntN(4) {
		members[g.name()] = g.value(depth)
	}
	return g.object(members)
}

// value is a value with others nested in it as deep as that.
func (g generator) value(depth int) string {
	switch {
	case depth > 0 && g.chance(0.35):
		return g.event(depth - 1)
	case depth > 0 && g.chance(0.3):
		return "[" + g.list(func() string { return g.value(depth - 1) }) + "]"
	case g.chance(oddly):
		return g.one("{}", "[]", "[[]]", "[{}]")
	}
	return g.call(g.number, g.literal, g.text, g.text, g.text, g.text)
}

// related makes an event of a pattern's own fields and values.
func (g generator) related(pattern node) string {
	members := map[string]string{}
	g.relate(pattern, members)
	if g.chance(0.2) {
		members[g.name()] = g.value(1)
	}
	return g.object(members)
}

func (g generator) relate(pattern node, members map[string]string) {
	for _, m := range pattern.members {
		switch {
		case m.name == "$or" && m.value.kind == kindArray:
			for _, branch := range m.value.items {
				if g.chance(0.6) {
					g.relate(branch, members)
				}
			}
		case m.value.kind == kindObject:
			members[m.name] = g.among(g.related(m.value), func() string { return g.related(m.value) })
			if g.chance(differently) {
				members[m.name] = g.twice(m.value)
			}
		case len(m.value.items) > 0:
			if v := g.satisfying(m.value.items[g.IntN(len(m.value.items))]); v != "" {
				members[m.name] = g.among(v, func() string { return g.value(1) })
			}
		}
	}
}

// twice is an element of an array that has the names of a pattern's object twice.
func (g generator) twice(pattern node) string {
	first, second := g.related(pattern), g.related(pattern)
	if first == "{}" || second == "{}" {
		return first
	}
	return "[" + strings.TrimSuffix(first, "}") + "," + strings.TrimPrefix(second, "{") + "]"
}

// among is the value, sometimes as an element of an array.
func (g generator) among(value string, other func() string) string {
	switch {
	case g.chance(0.8):
		return value
	case g.chance(0.5):
		return "[" + value + "," + g.call(other, func() string { return g.value(1) }) + "]"
	}
	return "[" + other() + "," + value + "]"
}

// satisfying is a value that an element of a pattern may match, or nothing for a field
// that must be absent.
func (g generator) satisfying(want node) string {
	switch want.kind {
	case kindString:
		return g.quoted(g.changed(want.text))
	case kindNumber:
		return g.respelled(want.text)
	case kindLiteral:
		return want.text
	case kindArray: // of values, or of an operator and a number
		if len(want.items) == 0 {
			return "[]"
		}
		return g.satisfying(want.items[len(want.items)-1])
	}
	if len(want.members) == 0 {
		return "{}"
	}
	return g.satisfyingOperator(want.members[0].name, want.members[0].value)
}

func (g generator) satisfyingOperator(name string, argument node) string {
	switch {
	case name == "exists" && argument.text == "false":
		return g.one("", "", g.value(1))
	case name == "exists":
		return g.value(1)
	case name == "wildcard" && argument.kind == kindString:
		between := g.one("", "a", "ab", "b", "abc", "*")
		return g.quoted(strings.NewReplacer(`\*`, "*", `\\`, `\`, "*", between).Replace(argument.text))
	case name == "cidr":
		address, _, _ := strings.Cut(argument.text, "/")
		return g.quoted(g.one(address, g.one(addresses...)))
	case name == "numeric":
		return g.call(g.number, func() string { return g.satisfying(argument) })
	case name == "anything-but":
		return g.call(func() string { return g.satisfying(argument) }, func() string { return g.value(0) }, func() string { return g.value(0) })
	}
	return g.satisfying(argument)
}

// changed is a string as it is, or nearly.
func (g generator) changed(s string) string {
	switch g.IntN(7) {
	case 0:
		return strings.ToUpper(s)
	case 1:
		return strings.ToLower(s)
	case 2:
		return s + g.word()
	case 3:
		return g.word() + s
	}
	return s
}

// respelled is the same number, or nearly.
func (g generator) respelled(number string) string {
	f, exact := parseNumber(number)
	if !exact || g.chance(0.5) {
		return number
	}
	return g.one(strconv.FormatFloat(f, 'e', -1, 64), strconv.FormatFloat(f, 'f', -1, 64), strconv.FormatFloat(f, 'f', 3, 64),
		strconv.FormatFloat(f+1e-6, 'f', 6, 64), strconv.FormatFloat(f-1, 'g', -1, 64), strconv.FormatFloat(f+1, 'g', -1, 64))
}
