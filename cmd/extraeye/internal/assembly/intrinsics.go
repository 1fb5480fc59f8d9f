package assembly

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
)

// intrinsics resolve the intrinsic functions, by name. They are set in init because
// they get back to this table through eval.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
var intrinsics map[string]func(t *template, arg any) any

func init() {
	intrinsics = map[string]func(t *template, arg any) any{
		"Ref":                func(t *template, arg any) any { return t.ref(text(arg)) },
		"Fn::GetAtt":         (*template).getAtt,
		"Fn::Sub":            (*template).sub,
		"Fn::If":             (*template).choose,
		"Fn::ImportValue":    func(t *template, arg any) any { return t.importValue(t.text(arg)) },
		"Fn::GetStackOutput": func(t *template, arg any) any { return t.stackOutput(t.eval(arg)) },
		"Fn::FindInMap":      (*template).findInMap,
		"Fn::GetAZs":         (*template).zones,
		"Fn::Base64":         func(t *template, arg any) any { return base64.StdEncoding.EncodeToString([]byte(t.text(arg))) },
		"Fn::ToJsonString":   func(t *template, arg any) any { return marshal(t.eval(arg)) },
		"Fn::Length":         (*template).length,
		"Fn::Join":           withPair("Fn::Join", (*template).join),
		"Fn::Split":          withPair("Fn::Split", (*template).split),
		"Fn::Select":         withPair("Fn::Select", (*template).pick),
	}
}

func (t *template) intrinsic(name string, arg any) any {
	if resolve := intrinsics[name]; resolve != nil {
		return resolve(t, arg)
	}
	t.eval(arg) // for the notes about what is in it
	return t.unresolved(name, notBefore)
}

const notBefore = "it cannot be resolved before the deployment"

// withPair is a function of two arguments, the first of which is a text.
func withPair(name string, resolve func(t *template, first string, second any) any) func(t *template, arg any) any {
	return func(t *template, arg any) any {
		args, _ := t.eval(arg).([]any)
		if len(args) != 2 {
			return t.unresolved(name, notBefore)
		}
		return resolve(t, text(args[0]), args[1])
	}
}

func (t *template) choose(arg any) any {
	a, ok := arg.([]any)
	if !ok || len(a) != 3 {
		return t.unresolved("Fn::If", "it needs a condition and two values")
	}
	if t.condition(text(a[0])) {
		return t.eval(a[1])
	}
	return t.eval(a[2])
}

func (t *template) zones(arg any) any {
	region := cmp.Or(t.text(arg), t.Region)
	return []any{region + "a", region + "b", region + "c"}
}

func (t *template) length(arg any) any {
	list, _ := t.eval(arg).([]any)
	return json.Number(strconv.Itoa(len(list)))
}

func (t *template) join(separator string, list any) any {
	items, _ := list.([]any)
	parts, size := make([]string, len(items)), 0
	for i, item := range items {
		parts[i] = text(item)
		if size += len(parts[i]) + len(separator); size > maxText {
			return t.unresolved("Fn::Join", "it is longer than %d bytes", maxText)
		}
	}
	return strings.Join(parts, separator)
}

func (t *template) split(separator string, value any) any {
	if separator == "" {
		return t.unresolved("Fn::Split", notBefore)
	}
	var out []any
	for part := range strings.SplitSeq(text(value), separator) {
		out = append(out, part)
	}
	return out
}

// pick resolves Fn::Select.
func (t *template) pick(index string, list any) any {
	items, _ := list.([]any)
	if i, err := strconv.Atoi(index); err == nil && i >= 0 && i < len(items) {
		return items[i]
	}
	return t.unresolved("Fn::Select", "there is no element %s in %s", index, marshal(list))
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
		out.WriteString(before + t.substitute(name, own))
		if out.Len() > maxText {
			return t.unresolved("Fn::Sub", "it is longer than %d bytes", maxText)
		}
		format = after
	}
}

// substitute returns the text for ${name}.
func (t *template) substitute(name string, own map[string]any) string {
	literal, isLiteral := strings.CutPrefix(name, "!")
	value, isOwn := own[name]
	switch {
	case isLiteral:
		return "${" + literal + "}"
	case isOwn:
		return t.text(value)
	case strings.Contains(name, ".") && !strings.Contains(name, "::"):
		return text(t.getAtt(name))
	}
	return text(t.ref(name))
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
