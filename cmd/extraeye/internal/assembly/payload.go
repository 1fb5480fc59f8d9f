package assembly

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The limits of a target's input.
//
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html
const (
	maxInput     = 8192 // characters of Input and of a template
	maxVariables = 100
	maxPayload   = 16 << 20 // ours: a template can repeat a large event
)

// Payload returns what EventBridge would give the target for an event that the
// rule matched. What EventBridge would refuse when the rule is made, or drop when
// the event comes, is an error that says so.
//
// Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
// and what LocalStack recorded from the real service:
// https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_inputs.snapshot.json
func (t Target) Payload(event []byte, rule Rule) ([]byte, error) {
	out, err := t.payload(event, rule)
	if err != nil {
		return nil, fmt.Errorf("target %s of rule %s: %w", t.ID, cmp.Or(rule.Path, rule.LogicalID), err)
	}
	return out, nil
}

func (t Target) payload(event []byte, rule Rule) ([]byte, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(event, &fields); err != nil || fields == nil {
		return nil, errors.New("the event is not a JSON object")
	}
	if t.inputs() > 1 {
		return nil, errors.New("only one of Input, InputPath and InputTransformer may be given: EventBridge refuses the target")
	}
	switch {
	case t.Input != nil:
		if n := utf8.RuneCountInString(*t.Input); n > maxInput {
			return nil, fmt.Errorf("the input is %d characters long, EventBridge allows %d", n, maxInput)
		}
		return []byte(*t.Input), nil
	case t.InputPath != "":
		return atInputPath(event, t.InputPath)
	case t.Transformer != nil:
		return t.Transformer.apply(event, fields, rule)
	}
	return event, nil
}

// inputs counts the kinds of input that the target has.
func (t Target) inputs() int {
	n := 0
	for _, given := range []bool{t.Input != nil, t.InputPath != "", t.Transformer != nil} {
		if given {
			n++
		}
	}
	return n
}

func atInputPath(event []byte, path string) ([]byte, error) {
	v, err := lookUp(event, path)
	if err != nil {
		return nil, fmt.Errorf("input path: %w", err)
	}
	if v == nil {
		return nil, fmt.Errorf("the event has nothing at the input path %s: what EventBridge does then is not documented, do not rely on it", path)
	}
	return v, nil
}

// lookUp returns the compact JSON at a path of the event, nil when there is
// nothing. Paths are written in dot notation; with a * the result is an array.
func lookUp(event []byte, path string) (json.RawMessage, error) {
	rest, ok := strings.CutPrefix(path, "$")
	if !ok {
		return nil, fmt.Errorf("%q must begin with $", path)
	}
	found, many := []json.RawMessage{event}, false
	for rest != "" {
		var step string
		var err error
		if step, rest, err = cutStep(rest); err != nil {
			return nil, fmt.Errorf("%q: %w", path, err)
		}
		many = many || strings.Trim(step, "[]") == "*"
		var next []json.RawMessage
		for _, v := range found {
			next = append(next, descend(v, step)...)
		}
		found = next
	}
	if many {
		all, err := json.Marshal(found)
		if len(found) == 0 {
			all = []byte("[]")
		}
		return all, err
	}
	if len(found) == 0 {
		return nil, nil
	}
	var out bytes.Buffer
	err := json.Compact(&out, found[0])
	return out.Bytes(), err
}

// cutStep cuts ".name", ".*", "[0]" or "[*]" off a path.
func cutStep(path string) (step, rest string, err error) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/"
	if path[0] == '[' {
		step, rest, found := strings.Cut(path, "]")
		if inner := step[1:]; !found || inner == "" || inner != "*" && strings.Trim(inner, "0123456789") != "" {
			return "", "", errors.New("brackets must hold a number or *: EventBridge wants dot notation, as $.detail.state or $.resources[0]")
		}
		return step + "]", rest, nil
	}
	if path[0] != '.' {
		return "", "", fmt.Errorf("%q is out of place", path[:1])
	}
	path = path[1:]
	if strings.HasPrefix(path, "*") {
		return "*", path[1:], nil
	}
	n := len(path) - len(strings.TrimLeft(path, letters))
	if n == 0 {
		return "", "", errors.New("EventBridge's paths have only names of letters, digits, -, _ and /, array indices and *")
	}
	return path[:n], path[n:], nil
}
