package event

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Fields is a JSON object whose values are read without trusting their types.
type Fields map[string]json.RawMessage

// Object reads a JSON object; ok is false if raw is anything else.
func Object(raw json.RawMessage) (f Fields, ok bool) {
	err := json.Unmarshal(raw, &f)
	return f, err == nil && f != nil
}

// Text returns a string, number or boolean as text, and "" for anything else.
func (f Fields) Text(key string) string { return text(f[key]) }

func text(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return ""
	}
	switch raw[0] {
	case '"':
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return ""
		}
		return strings.TrimSpace(s)
	case '{', '[', 'n':
		return ""
	default:
		return string(raw)
	}
}

// Texts returns the elements of an array that are text; a lone text is an array of one.
func (f Fields) Texts(key string) []string {
	var elements []json.RawMessage
	if json.Unmarshal(f[key], &elements) != nil {
		elements = []json.RawMessage{f[key]}
	}
	var all []string
	for _, e := range elements {
		if t := text(e); t != "" {
			all = append(all, t)
		}
	}
	return all
}

// Object returns a nested object, nil if there is none.
func (f Fields) Object(key string) Fields {
	o, _ := Object(f[key])
	return o
}

// timeLayouts are the ways in which AWS writes times in events.
var timeLayouts = []string{
	time.RFC3339Nano,
	"2006-01-02T15:04:05.999999999Z0700", // CloudWatch alarms: +0000
	"Mon, 02 Jan 2006 15:04:05 GMT",      // AWS Health; the offset of another zone's name is not known
	time.RFC1123Z,
}

// Time returns a time, the zero time for anything else.
func (f Fields) Time(key string) time.Time {
	s := f.Text(key)
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil && notice.InJSON(t) {
			return t
		}
	}
	return time.Time{}
}

// Objects returns the elements of an array that are objects.
func (f Fields) Objects(key string) []Fields {
	var elements []json.RawMessage
	if json.Unmarshal(f[key], &elements) != nil {
		return nil
	}
	var all []Fields
	for _, e := range elements {
		if o, ok := Object(e); ok {
			all = append(all, o)
		}
	}
	return all
}

// At returns the value at a path as it came; ok is false if there is none.
func (f Fields) At(path []wire.Step) (value json.RawMessage, ok bool) {
	in := f
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
			in, _ = Object(value)
		}
		if value, ok = in[step.Field]; !ok {
			return nil, false
		}
	}
	return value, true
}
