package samples

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/extraeye/extraeye/internal/eventpattern"
)

// condition is a field of an event pattern and what its value may be.
type condition struct {
	path  []string
	wants []any
}

// alternative is a set of conditions that must all hold.
type alternative []condition

// maxAlternatives bounds what several $or multiply to.
const maxAlternatives = 100

// alternatives reads an event pattern: one alternative, or one for each branch of
// its $or.
func alternatives(eventPattern json.RawMessage) ([]alternative, error) {
	d := json.NewDecoder(bytes.NewReader(eventPattern))
	d.UseNumber()
	var root map[string]any
	if err := d.Decode(&root); err != nil {
		return nil, fmt.Errorf("read the event pattern: %w", err)
	}
	return expand(nil, root), nil
}

func expand(path []string, object map[string]any) []alternative {
	all := []alternative{nil}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		here := append(slices.Clone(path), name)
		var branches []alternative
		switch member := object[name].(type) {
		case map[string]any:
			branches = expand(here, member)
		case []any:
			if branches = expandOr(path, name, member); branches == nil {
				branches = []alternative{{{here, member}}}
			}
		}
		var product []alternative
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
func expandOr(path []string, name string, list []any) []alternative {
	if name != "$or" || len(list) < 2 {
		return nil
	}
	var branches []alternative
	for _, item := range list {
		object, ok := item.(map[string]any)
		if !ok {
			return nil
		}
		branches = append(branches, expand(path, object)...)
	}
	return branches
}

// accepts reports whether the field's value may be this one.
func (c condition) accepts(value any) bool {
	return matches(map[string]any{"x": c.wants}, map[string]any{"x": value})
}

// acceptsNothing reports whether the field may be missing.
func (c condition) acceptsNothing() bool {
	return matches(map[string]any{"x": c.wants}, map[string]any{"y": 0})
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
	if err != nil {
		return false
	}
	matched, err := p.Match(e)
	return err == nil && matched
}
