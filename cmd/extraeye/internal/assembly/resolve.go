package assembly

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/extraeye/extraeye/internal/plainjson"
)

// The bounds of what a template may resolve to, so that a hostile one cannot keep us busy.
const (
	maxSteps = 2_000_000
	maxText  = 1 << 20
)

// noValue is AWS::NoValue: it removes the property or the element that it is.
type noValue struct{}

// eval resolves the intrinsic functions of a value.
func (t *template) eval(v any) any {
	if t.loader.steps++; t.loader.steps > maxSteps {
		t.notef("the templates are too large or too entangled to be resolved in full")
		return "unresolved-too-large"
	}
	switch v := v.(type) {
	case []any:
		return t.evalList(v)
	case map[string]any:
		if name, arg, ok := intrinsicCall(v); ok {
			return bounded(t, t.intrinsic(name, arg))
		}
		return t.evalMap(v)
	}
	return v
}

func (t *template) evalList(list []any) []any {
	out := make([]any, 0, len(list))
	for _, item := range list {
		if e := t.eval(item); e != (any)(noValue{}) {
			out = append(out, e)
		}
	}
	return out
}

func (t *template) evalMap(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for name, item := range m {
		if e := t.eval(item); e != (any)(noValue{}) {
			out[name] = e
		}
	}
	return out
}

// intrinsicCall reads {"Ref": …} and {"Fn::…": …}.
func intrinsicCall(m map[string]any) (name string, arg any, ok bool) {
	if len(m) == 1 {
		for name, arg := range m {
			return name, arg, name == "Ref" || strings.HasPrefix(name, "Fn::")
		}
	}
	return "", nil, false
}

// bounded replaces a text that has grown too long.
func bounded(t *template, v any) any {
	if s, ok := v.(string); ok && len(s) > maxText {
		return t.unresolved("text", "it is longer than %d bytes", maxText)
	}
	return v
}

// once resolves a thing at most once, and finds cycles.
func (t *template) once(key string, resolve func() any) any {
	if v, ok := t.known[key]; ok {
		return v
	}
	if t.busy[key] {
		return t.unresolved("circle", "%s depends on itself", key)
	}
	t.busy[key] = true
	t.known[key] = resolve()
	delete(t.busy, key)
	return t.known[key]
}

// unresolved is the placeholder for what cannot be known, with a note.
func (t *template) unresolved(what, format string, args ...any) string {
	t.notef("%s is left open: %s; give it a value with -resolve if a rule needs it", what, fmt.Sprintf(format, args...))
	return "unresolved-" + what
}

func (t *template) notef(format string, args ...any) {
	t.loader.notef("stack %s: "+format, append([]any{t.Name}, args...)...)
}

// text resolves a value and shows it as a string.
func (t *template) text(v any) string { return text(t.eval(v)) }

// text shows a resolved value as CloudFormation puts it in a string.
func text(v any) string {
	switch v := v.(type) {
	case nil, noValue:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return marshal(v)
}

func marshal(v any) string {
	raw, err := plainjson.Marshal(v)
	if err != nil {
		return ""
	}
	return string(raw)
}
