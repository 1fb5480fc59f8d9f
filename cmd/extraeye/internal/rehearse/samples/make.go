package samples

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// Make makes an event up that the pattern matches: one with just the fields that it
// asks for, and with something at each of the paths as far as the pattern leaves
// room. It reports false for a pattern for which it can think of no event.
func Make(eventPattern json.RawMessage, paths [][]wire.Step, at Setting) (Sample, bool) {
	asked, err := alternatives(eventPattern)
	if err != nil {
		return Sample{}, false
	}
	now := at.Now.Truncate(time.Second)
	for _, alternative := range asked {
		event, ok := alternative.event()
		for name, value := range map[string]any{
			"version": "0", "id": newID("3e3c153a-8339-4e30-8c35-687ebef853fe", string(eventPattern)),
			"source": "some.service", "detail-type": "Something Happened", "account": at.Account, "region": at.Region,
			"time": now.UTC().Format(time.RFC3339), "resources": []any{}, "detail": map[string]any{},
		} {
			event = grow(event, []wire.Step{{Field: name, Index: -1}}, value)
		}
		if !ok || !matches(eventPattern, event) {
			continue
		}
		for _, path := range paths {
			if grown := grow(event, path, "some "+nameOf(path)); matches(eventPattern, grown) {
				event = grown
			}
		}
		raw, err := json.Marshal(event)
		name, _ := event.(map[string]any)["detail-type"].(string)
		return Sample{Name: "made-up-" + strings.Trim(unfit.ReplaceAllString(strings.ToLower(name), "-"), "-"), Event: raw, Time: now}, err == nil
	}
	return Sample{}, false
}

// unfit is what names of samples do not have.
var unfit = regexp.MustCompile(`[^a-z0-9]+`)

// event has a value for each of the leaves. It reports whether one was found for all.
func (a leaves) event() (event any, ok bool) {
	event = map[string]any{}
	for _, l := range a {
		var path []wire.Step
		for _, name := range l.path {
			path = append(path, wire.Step{Field: name, Index: -1})
		}
		if len(l.path) == 1 && l.path[0] == "resources" { // which is an array in every event
			path = append(path, wire.Step{})
		}
		value, found := l.value()
		switch {
		case found:
			event = grow(event, path, value)
		case !matches(map[string]any{"x": l.wants}, map[string]any{"y": 0}): // nor may it be missing
			return event, false
		}
	}
	return event, true
}

// value returns a value that the leaf accepts.
func (l leaf) value() (any, bool) {
	var thoughtOf []any
	for _, want := range l.wants {
		thoughtOf = append(thoughtOf, examples(want)...)
	}
	// What must only exist, or is ruled out, may be any of these.
	thoughtOf = append(thoughtOf, "some "+l.path[len(l.path)-1], "something else", 1, 0.5, true)
	i := slices.IndexFunc(thoughtOf, l.accepts)
	if i < 0 {
		return nil, false
	}
	return thoughtOf[i], true
}

// grow returns a value with something at a path where there was nothing.
func grow(value any, path []wire.Step, something any) any {
	if len(path) == 0 {
		if value == nil {
			return something
		}
		return value
	}
	step := path[0]
	if step.Index < 0 {
		object, ok := value.(map[string]any)
		if !ok && value != nil {
			return value
		}
		grown := map[string]any{}
		maps.Copy(grown, object)
		grown[step.Field] = grow(object[step.Field], path[1:], something)
		return grown
	}
	list, ok := value.([]any)
	if !ok && value != nil || step.Index > len(list) {
		return value
	}
	grown := slices.Clone(list)
	if step.Index == len(list) {
		grown = append(grown, nil)
	}
	grown[step.Index] = grow(grown[step.Index], path[1:], something)
	return grown
}

// nameOf is the last field of a path.
func nameOf(path []wire.Step) string {
	for _, step := range slices.Backward(path) {
		if step.Index < 0 {
			return step.Field
		}
	}
	return "value"
}
