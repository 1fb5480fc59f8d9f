package samples

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/internal/eventpattern"
)

// leaf is a field of an event pattern and what its value may be.
type leaf struct {
	path  []string
	wants []any
}

// leaves are fields that must all match.
type leaves []leaf

// maxAlternatives bounds what several $or multiply to.
const maxAlternatives = 100

// alternatives reads an event pattern: one set of leaves, or one for each branch
// of its $or.
func alternatives(eventPattern json.RawMessage) ([]leaves, error) {
	d := json.NewDecoder(bytes.NewReader(eventPattern))
	d.UseNumber()
	var root map[string]any
	if err := d.Decode(&root); err != nil {
		return nil, fmt.Errorf("read the event pattern: %w", err)
	}
	return expand(nil, root), nil
}

func expand(path []string, object map[string]any) []leaves {
	all := []leaves{nil}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		here := append(slices.Clone(path), name)
		var branches []leaves
		switch member := object[name].(type) {
		case map[string]any:
			branches = expand(here, member)
		case []any:
			if branches = expandOr(path, name, member); branches == nil {
				branches = []leaves{{{here, member}}}
			}
		}
		var product []leaves
		for _, branch := range branches {
			for _, before := range all {
				if len(product) < maxAlternatives {
					product = append(product, slices.Concat(before, branch))
				}
			}
		}
		all = product
	}
	return all
}

// expandOr returns the branches of a $or, nil for every other field.
func expandOr(path []string, name string, list []any) []leaves {
	if name != "$or" || len(list) < 2 {
		return nil
	}
	var branches []leaves
	for _, item := range list {
		object, ok := item.(map[string]any)
		if !ok {
			return nil
		}
		branches = append(branches, expand(path, object)...)
	}
	return branches
}

// accepts reports whether the leaf's value may be this one.
func (l leaf) accepts(value any) bool {
	return matches(map[string]any{"x": l.wants}, map[string]any{"x": value})
}

func matches(eventPattern, event any) bool {
	raw, err := json.Marshal(eventPattern)
	if err != nil {
		return false
	}
	p, err := eventpattern.Parse(raw)
	if err != nil {
		return false
	}
	if raw, err = json.Marshal(event); err != nil {
		return false
	}
	e, err := eventpattern.ParseEvent(raw)
	return err == nil && p.Match(e)
}

// examples returns values that one element of a leaf's array may mean; what it only
// rules out has none.
func examples(want any) []any {
	operator, ok := want.(map[string]any)
	if !ok {
		return []any{want}
	}
	for name, arg := range operator {
		text, isText := arg.(string)
		if inner, isObject := arg.(map[string]any); isObject {
			text, isText = inner["equals-ignore-case"].(string)
		}
		switch {
		case name == "numeric":
			return numbers(arg)
		case !isText:
		case name == "prefix":
			if strings.HasSuffix(text, "/") { // of ARNs
				return []any{text + "some-service", text}
			}
			return []any{text + "production", text + "/production", text}
		case name == "suffix":
			return []any{"some" + text, text}
		case name == "wildcard":
			return []any{unescape.Replace(text)}
		case name == "equals-ignore-case":
			return []any{text}
		case name == "cidr":
			address, _, _ := strings.Cut(text, "/")
			return []any{address}
		}
	}
	return nil
}

// unescape turns a wildcard into a text that it matches.
var unescape = strings.NewReplacer(`\*`, `*`, `\\`, `\`, `*`, `production`)

// numbers returns numbers at, and on both sides of, the bounds of a range.
func numbers(bounds any) []any {
	var all []any
	list, _ := bounds.([]any)
	sum := 0.0
	for _, item := range list {
		if number, ok := item.(json.Number); ok {
			f, _ := number.Float64()
			all = append(all, number, f+1, f-1)
			sum += f
		}
	}
	return append(all, sum/2) // between two bounds
}
