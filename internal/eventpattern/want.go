package eventpattern

import (
	"errors"
	"fmt"
	"net/netip"
)

// want is one of the values that a field of a pattern allows.
type want struct {
	text   string             // for explanations: "a string starting with …"
	absent bool               // the field must not be there; match is not used
	match  func(v value) bool // the value is there
}

// want reads one element of a field's array: a value, or an operator.
func (c *compiler) want(n node) (want, error) {
	switch n.kind {
	case kindObject:
		return c.operator(n)
	case kindArray:
		return want{}, errors.New("an array inside of the array: only strings, numbers, true, false, null and operators are allowed")
	case kindString:
		return plainString(n.text), nil
	case kindNumber:
		return plainNumber(n.text), nil
	default:
		return want{text: n.text, match: func(v value) bool { return v.kind == kindLiteral && v.text == n.text }}, nil
	}
}

// plainString is a string without an operator. The engine compares what looks like
// an address as an address.
func plainString(text string) want {
	if ip, ok := parseAddr(text); ok {
		return inBlock(netip.PrefixFrom(ip, ip.BitLen()), quote(text))
	}
	return exactly(text)
}

func plainNumber(text string) want {
	f, exact := parseNumber(text)
	return want{text: shorten(text), match: func(v value) bool {
		return v.kind == kindNumber && (exact && v.comparable && v.number == f || v.text == text)
	}}
}

// operators read the argument of an operator, by the operator's name.
var operators = map[string]func(c *compiler, arg node) (want, error){
	"exists":             func(_ *compiler, arg node) (want, error) { return exists(arg) },
	"numeric":            func(_ *compiler, arg node) (want, error) { return numeric(arg) },
	"anything-but":       (*compiler).anythingBut,
	"prefix":             func(_ *compiler, arg node) (want, error) { return affix("prefix", arg) },
	"suffix":             func(_ *compiler, arg node) (want, error) { return affix("suffix", arg) },
	"exactly":            func(_ *compiler, arg node) (want, error) { return oneString("exactly", arg) },
	"equals-ignore-case": func(_ *compiler, arg node) (want, error) { return oneString("equals-ignore-case", arg) },
	"wildcard":           func(_ *compiler, arg node) (want, error) { return oneString("wildcard", arg) },
	"cidr":               func(_ *compiler, arg node) (want, error) { return oneString("cidr", arg) },
}

// operator reads {"prefix": …} and the like.
func (c *compiler) operator(n node) (want, error) {
	name, arg, err := only(n)
	if err != nil {
		return want{}, err
	}
	read := operators[name]
	if read == nil {
		return want{}, fmt.Errorf("%s is not an operator of EventBridge (operators are written in lower case)", quote(name))
	}
	return read(c, arg)
}

// only returns the one member of an operator's object.
func only(n node) (string, node, error) {
	if len(n.members) != 1 {
		return "", node{}, fmt.Errorf("an operator must have exactly one key, this one has %d", len(n.members))
	}
	return n.members[0].name, n.members[0].value, nil
}

func exists(arg node) (want, error) {
	switch {
	case arg.kind == kindLiteral && arg.text == "true":
		return want{text: "any value", match: func(value) bool { return true }}, nil
	case arg.kind == kindLiteral && arg.text == "false":
		return want{text: "no such field", absent: true}, nil
	}
	return want{}, fmt.Errorf("exists is %s: it must be true or false", arg)
}

// affix reads the argument of prefix or suffix: a string, or
// {"equals-ignore-case": "…"}.
func affix(name string, arg node) (want, error) {
	if arg.kind != kindObject {
		return oneString(name, arg)
	}
	inner, text, err := only(arg)
	if err != nil {
		return want{}, fmt.Errorf("%s: %w", name, err)
	}
	if inner != ignoreCase || text.kind != kindString {
		return want{}, fmt.Errorf("%s has %s: only equals-ignore-case with a string is allowed", name, arg)
	}
	return stringWant(name+" "+ignoreCase, text.text)
}

// oneString reads an argument that must be a string.
func oneString(name string, arg node) (want, error) {
	if arg.kind != kindString {
		return want{}, fmt.Errorf("%s is %s: it must be a string", name, arg)
	}
	return stringWant(name, arg.text)
}
