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

// Make makes up an event that the pattern matches: one with just the fields that it
// asks for, and with something at each of the paths that the pattern allows. It
// reports false for a pattern for which it finds no event.
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
		return Sample{Name: "made-up-" + strings.Trim(notInNames.ReplaceAllString(strings.ToLower(name), "-"), "-"), Event: raw, Time: now}, err == nil
	}
	return Sample{}, false
}

// notInNames are the characters that names of samples do not have.
var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// event makes an event for which all conditions hold. It reports false if it has no
// value for one of them.
func (a alternative) event() (event any, ok bool) {
	event = map[string]any{}
	for _, c := range a {
		value, found := c.value()
		switch {
		case found:
			event = grow(event, c.steps(), value)
		case !c.acceptsNothing():
			return event, false
		}
	}
	return event, true
}

// steps is the path of the condition's value in an event.
func (c condition) steps() []wire.Step {
	var path []wire.Step
	for _, name := range c.path {
		path = append(path, wire.Step{Field: name, Index: -1})
	}
	if len(c.path) == 1 && c.path[0] == "resources" { // which is an array in every event
		path = append(path, wire.Step{})
	}
	return path
}

// value returns a value that the condition accepts.
func (c condition) value() (any, bool) {
	var tries []any
	for _, want := range c.wants {
		tries = append(tries, examples(want)...)
	}
	// Where any value will do, or all but some, it is one of these.
	tries = append(tries, "some "+c.path[len(c.path)-1], "something else", 1, 0.5, true)
	i := slices.IndexFunc(tries, c.accepts)
	if i < 0 {
		return nil, false
	}
	return tries[i], true
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
