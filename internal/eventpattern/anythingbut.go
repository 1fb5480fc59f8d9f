package eventpattern

import (
	"errors"
	"fmt"
	"slices"
)

// anythingBut reads every form of anything-but: a value or a list of values, or
// an operator with a string or a list of strings.
func (c *compiler) anythingBut(arg node) (want, error) {
	name, arg, err := c.exclusion(arg)
	if err != nil {
		return want{}, err
	}
	items := []node{arg}
	if arg.kind == kindArray {
		items = arg.items
	}
	if len(items) == 0 {
		return want{}, errors.New("anything-but has an empty list: give it a value")
	}
	var excluded []want
	var texts []string
	for _, item := range items {
		if item.kind != items[0].kind {
			return want{}, errors.New("anything-but mixes strings and numbers: use one or the other")
		}
		w, err := excludedValue(name, item)
		if err != nil {
			return want{}, err
		}
		excluded, texts = append(excluded, w), append(texts, w.text)
	}
	return want{text: "anything but " + either(texts), match: func(v value) bool {
		return !slices.ContainsFunc(excluded, func(w want) bool { return w.match(v) })
	}}, nil
}

// exclusion returns the operator inside of anything-but and its argument; a value
// alone, or a list of values, is of the operator exactly.
func (c *compiler) exclusion(arg node) (name string, inner node, err error) {
	if arg.kind != kindObject {
		return "exactly", arg, nil
	}
	if name, inner, err = only(arg); err != nil {
		return "", node{}, fmt.Errorf("anything-but: %w", err)
	}
	switch name {
	case ignoreCase:
	case "prefix", "suffix", "wildcard":
		if c.orIsField && (name == "wildcard" || inner.kind == kindArray) {
			return "", node{}, fmt.Errorf("anything-but: %s is not supported beside a field called $or", name)
		}
	default:
		return "", node{}, fmt.Errorf("anything-but has %s: only prefix, suffix, wildcard and equals-ignore-case are allowed", quote(name))
	}
	return name, inner, nil
}

// excludedValue reads one value of anything-but.
func excludedValue(name string, item node) (want, error) {
	switch {
	case item.kind == kindString && item.text == "" && (name == "prefix" || name == "suffix"):
		return want{}, fmt.Errorf("anything-but has an empty %s: it would match nothing", name)
	case item.kind == kindString:
		w, err := stringWant(name, item.text)
		if err != nil {
			return want{}, fmt.Errorf("anything-but: %w", err)
		}
		return w, nil
	case name != "exactly":
		return want{}, fmt.Errorf("anything-but has %s for %s: only strings are allowed", item, name)
	case item.kind == kindNumber:
		return excludedNumber(item)
	}
	return want{}, fmt.Errorf("anything-but has %s: only strings and numbers are allowed", item)
}

func excludedNumber(item node) (want, error) {
	f, exact := parseNumber(item.text)
	if !exact {
		return want{}, fmt.Errorf("anything-but has the number %s: it is too long or too small to be compared", item)
	}
	return want{text: item.text, match: func(v value) bool { return v.comparable && v.number == f }}, nil
}
