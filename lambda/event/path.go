package event

import (
	"bytes"
	"encoding/json"

	"github.com/extraeye/extraeye/internal/wire"
)

// at returns the value at a path, as it came.
func (f fields) at(path []wire.Step) (json.RawMessage, bool) {
	var value json.RawMessage
	in, ok := f, true
	for i, step := range path {
		if step.Index >= 0 {
			var elements []json.RawMessage
			if json.Unmarshal(value, &elements) != nil || step.Index >= len(elements) {
				return nil, false
			}
			value = elements[step.Index]
			continue
		}
		if i > 0 {
			in, _ = object(value)
		}
		if value, ok = in[step.Field]; !ok {
			return nil, false
		}
	}
	return value, true
}

// written is a value for people: a text as it is, anything else as compact JSON.
func written(value json.RawMessage) string {
	var s string
	if bytes.HasPrefix(value, []byte(`"`)) && json.Unmarshal(value, &s) == nil {
		return s
	}
	var b bytes.Buffer
	if json.Compact(&b, value) != nil {
		return string(value)
	}
	return b.String()
}
