package eventpattern

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

// want is one of the things that a field's value may be.
type want struct {
	text   string             // in words, for explanations
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
		// The engine compares what looks like an address as an address.
		if ip, ok := parseAddr(n.text); ok {
			return cidrWant(netip.PrefixFrom(ip, ip.BitLen()), quote(n.text)), nil
		}
		return exactly(n.text), nil
	case kindNumber:
		f, comparable := parseNumber(n.text)
		return want{text: shorten(n.text), match: func(v value) bool {
			return v.kind == kindNumber && (comparable && v.comparable && v.number == f || v.text == n.text)
		}}, nil
	default:
		return want{text: n.text, match: func(v value) bool { return v.kind == kindWord && v.text == n.text }}, nil
	}
}

// operator reads {"prefix": …} and the like.
func (c *compiler) operator(n node) (want, error) {
	name, arg, err := only(n)
	if err != nil {
		return want{}, err
	}
	switch name {
	case "exists":
		switch {
		case arg.kind == kindWord && arg.text == "true":
			return want{text: "any value", match: func(value) bool { return true }}, nil
		case arg.kind == kindWord && arg.text == "false":
			return want{text: "no such field", absent: true}, nil
		}
		return want{}, fmt.Errorf("exists is %s: it must be true or false", arg)
	case "anything-but":
		return c.anythingBut(arg)
	case "numeric":
		return numeric(arg)
	case "prefix", "suffix":
		if arg.kind != kindObject {
			break
		}
		inner, text, err := only(arg)
		if err != nil {
			return want{}, fmt.Errorf("%s: %w", name, err)
		}
		if inner != "equals-ignore-case" || text.kind != kindString {
			return want{}, fmt.Errorf("%s has %s: only equals-ignore-case with a string is allowed", name, arg)
		}
		return stringWant(name+" "+inner, text.text)
	}
	switch name {
	case "exactly", "prefix", "suffix", "equals-ignore-case", "wildcard", "cidr":
		if arg.kind != kindString {
			return want{}, fmt.Errorf("%s is %s: it must be a string", name, arg)
		}
		return stringWant(name, arg.text)
	}
	return want{}, fmt.Errorf("%s is not an operator of EventBridge (operators are written in lower case)", quote(name))
}

// only returns the one member of an operator's object.
func only(n node) (string, node, error) {
	if len(n.members) != 1 {
		return "", node{}, fmt.Errorf("an operator must have exactly one key, this one has %d", len(n.members))
	}
	return n.members[0].name, n.members[0].value, nil
}

func exactly(text string) want {
	return ofString(quote(text), func(s string) bool { return s == text })
}

// ofString is a want that only a string can satisfy.
func ofString(text string, match func(string) bool) want {
	return want{text: text, match: func(v value) bool { return v.kind == kindString && match(v.text) }}
}

// stringWant reads the operators whose argument is one string.
func stringWant(name, arg string) (want, error) {
	q := quote(arg)
	switch name {
	case "exactly":
		return exactly(arg), nil
	case "prefix":
		return ofString("a string starting with "+q, func(s string) bool { return strings.HasPrefix(s, arg) }), nil
	case "suffix":
		return ofString("a string ending with "+q, func(s string) bool { return strings.HasSuffix(s, arg) }), nil
	case "equals-ignore-case":
		return ofString(q+" in any case", func(s string) bool { return foldEqual(arg, s) }), nil
	case "prefix equals-ignore-case":
		return ofString("a string starting with "+q+" in any case", func(s string) bool { return foldPrefix(arg, s) }), nil
	case "suffix equals-ignore-case":
		return ofString("a string ending with "+q+" in any case", func(s string) bool { return foldSuffix(arg, s) }), nil
	case "wildcard":
		glob, err := parseGlob(arg)
		if err != nil {
			return want{}, err
		}
		return ofString("a string like "+q, glob.match), nil
	default: // cidr
		prefix, err := parseCIDR(arg)
		if err != nil {
			return want{}, err
		}
		return cidrWant(prefix, "an address in "+q), nil
	}
}

// anythingBut reads every form of anything-but: a value or a list of values, or
// an operator with a string or a list of strings.
func (c *compiler) anythingBut(arg node) (want, error) {
	name := "exactly"
	if arg.kind == kindObject {
		var err error
		if name, arg, err = only(arg); err != nil {
			return want{}, fmt.Errorf("anything-but: %w", err)
		}
		switch name {
		case "equals-ignore-case":
		case "prefix", "suffix", "wildcard":
			if c.orIsField && (name == "wildcard" || arg.kind == kindArray) {
				return want{}, fmt.Errorf("anything-but: %s is not supported beside a field called $or", name)
			}
		default:
			return want{}, fmt.Errorf("anything-but has %s: only prefix, suffix, wildcard and equals-ignore-case are allowed", quote(name))
		}
	}
	items := []node{arg}
	if arg.kind == kindArray {
		items = arg.items
	}
	var but []want
	var texts []string
	for _, item := range items {
		var w want
		var err error
		switch {
		case item.kind != items[0].kind:
			return want{}, errors.New("anything-but mixes strings and numbers: use one or the other")
		case item.kind == kindString && item.text == "" && (name == "prefix" || name == "suffix"):
			return want{}, fmt.Errorf("anything-but has an empty %s: it would match nothing", name)
		case item.kind == kindString:
			w, err = stringWant(name, item.text)
		case item.kind == kindNumber && name == "exactly":
			f, comparable := parseNumber(item.text)
			if !comparable {
				return want{}, fmt.Errorf("anything-but has the number %s: too long to be compared", item)
			}
			w = want{text: item.text, match: func(v value) bool { return v.comparable && v.number == f }}
		case name == "exactly":
			return want{}, fmt.Errorf("anything-but has %s: only strings and numbers are allowed", item)
		default:
			return want{}, fmt.Errorf("anything-but has %s for %s: only strings are allowed", item, name)
		}
		if err != nil {
			return want{}, fmt.Errorf("anything-but: %w", err)
		}
		but, texts = append(but, w), append(texts, w.text)
	}
	if len(but) == 0 {
		return want{}, errors.New("anything-but has an empty list: give it a value")
	}
	return want{text: "anything but " + either(texts), match: func(v value) bool {
		for _, w := range but {
			if w.match(v) {
				return false
			}
		}
		return true
	}}, nil
}
