package assembly

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// The bounds of what a template may resolve to, so that a hostile one ends.
const (
	maxSteps = 2_000_000
	maxText  = 1 << 20
)

// noValue is AWS::NoValue: it removes the property or the element that it is.
type noValue struct{}

// eval resolves the intrinsic functions of a value.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
func (t *template) eval(v any) any {
	if t.loader.steps++; t.loader.steps > maxSteps {
		t.note("the templates are too large or too entangled to be resolved in full")
		return "unresolved-too-large"
	}
	switch v := v.(type) {
	case []any:
		out := make([]any, 0, len(v))
		for _, item := range v {
			if e := t.eval(item); e != (any)(noValue{}) {
				out = append(out, e)
			}
		}
		return out
	case map[string]any:
		if len(v) == 1 {
			for name, arg := range v {
				if name == "Ref" || strings.HasPrefix(name, "Fn::") {
					return bounded(t, t.intrinsic(name, arg))
				}
			}
		}
		out := make(map[string]any, len(v))
		for name, item := range v {
			if e := t.eval(item); e != (any)(noValue{}) {
				out[name] = e
			}
		}
		return out
	}
	return v
}

// bounded replaces a text that has grown too long.
func bounded(t *template, v any) any {
	if s, ok := v.(string); ok && len(s) > maxText {
		return t.unresolved("text", "it is longer than %d bytes", maxText)
	}
	return v
}

func (t *template) intrinsic(name string, arg any) any {
	switch name {
	case "Ref":
		return t.ref(text(arg))
	case "Fn::GetAtt":
		return t.getAtt(arg)
	case "Fn::Sub":
		return t.sub(arg)
	case "Fn::If":
		if a, ok := arg.([]any); ok && len(a) == 3 {
			if t.condition(text(a[0])) {
				return t.eval(a[1])
			}
			return t.eval(a[2])
		}
		return t.unresolved(name, "it needs a condition and two values")
	case "Fn::ImportValue":
		return t.importValue(t.text(arg))
	case "Fn::GetStackOutput":
		return t.stackOutput(t.eval(arg))
	case "Fn::FindInMap":
		return t.findInMap(arg)
	case "Fn::GetAZs":
		region := orElse(t.text(arg), t.Region)
		return []any{region + "a", region + "b", region + "c"}
	case "Fn::Base64":
		return base64.StdEncoding.EncodeToString([]byte(t.text(arg)))
	case "Fn::ToJsonString":
		return marshal(t.eval(arg))
	}
	args, _ := t.eval(arg).([]any)
	switch {
	case name == "Fn::Length":
		return json.Number(strconv.Itoa(len(args)))
	case len(args) != 2:
	case name == "Fn::Join":
		items, _ := args[1].([]any)
		parts, size := make([]string, len(items)), 0
		for i, item := range items {
			parts[i] = text(item)
			if size += len(parts[i]) + len(text(args[0])); size > maxText {
				return t.unresolved(name, "it is longer than %d bytes", maxText)
			}
		}
		return strings.Join(parts, text(args[0]))
	case name == "Fn::Split" && text(args[0]) != "":
		var out []any
		for part := range strings.SplitSeq(text(args[1]), text(args[0])) {
			out = append(out, part)
		}
		return out
	case name == "Fn::Select":
		items, _ := args[1].([]any)
		if i, err := strconv.Atoi(text(args[0])); err == nil && i >= 0 && i < len(items) {
			return items[i]
		}
		return t.unresolved(name, "there is no element %s in %s", text(args[0]), marshal(args[1]))
	}
	return t.unresolved(name, "it cannot be resolved before the deployment")
}

// sub resolves "…${Name}…" with or without its own map of values.
func (t *template) sub(arg any) any {
	format, ok := arg.(string)
	var own map[string]any
	if a, isList := arg.([]any); isList && len(a) == 2 {
		format, ok = a[0].(string)
		own, _ = a[1].(map[string]any)
	}
	if !ok {
		return t.unresolved("Fn::Sub", "it needs a text")
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(format, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			out.WriteString(format)
			return out.String()
		}
		out.WriteString(before)
		value, isOwn := own[name]
		switch {
		case strings.HasPrefix(name, "!"):
			out.WriteString("${" + name[1:] + "}")
		case isOwn:
			out.WriteString(t.text(value))
		case strings.Contains(name, ".") && !strings.Contains(name, "::"):
			out.WriteString(text(t.getAtt(name)))
		default:
			out.WriteString(text(t.ref(name)))
		}
		if out.Len() > maxText {
			return t.unresolved("Fn::Sub", "it is longer than %d bytes", maxText)
		}
		format = after
	}
}

func (t *template) findInMap(arg any) any {
	a, _ := arg.([]any)
	if len(a) < 3 {
		return t.unresolved("Fn::FindInMap", "it needs a map and two keys")
	}
	names := []string{t.text(a[0]), t.text(a[1]), t.text(a[2])}
	outer, _ := t.mappings[names[0]].(map[string]any)
	inner, _ := outer[names[1]].(map[string]any)
	if v, ok := inner[names[2]]; ok {
		return v
	}
	if len(a) > 3 {
		if options, ok := a[3].(map[string]any); ok && options["DefaultValue"] != nil {
			return t.eval(options["DefaultValue"])
		}
	}
	return t.unresolved("Fn::FindInMap", "there is no %s", strings.Join(names, "."))
}

// once resolves a thing at most once, and finds circles.
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
	t.note("%s is left open: %s; give it a value with -resolve if a rule needs it", what, fmt.Sprintf(format, args...))
	return "unresolved-" + what
}

func (t *template) note(format string, args ...any) {
	t.loader.note("stack %s: "+format, append([]any{t.Name}, args...)...)
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
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return ""
	}
	return strings.TrimSuffix(out.String(), "\n")
}
