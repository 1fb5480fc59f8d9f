package samples

import (
	"encoding/json"
	"strings"
)

// examples returns values that one element of a condition accepts. What the element
// only excludes has none.
func examples(want any) []any {
	operator, ok := want.(map[string]any)
	if !ok {
		return []any{want}
	}
	for name, arg := range operator { // there is one
		if name == "numeric" {
			return numbers(arg)
		}
		text, isText := stringArgument(arg)
		if example := stringExamples[name]; isText && example != nil {
			return example(text)
		}
	}
	return nil
}

// stringArgument reads the argument of an operator: a string, or one in any case.
func stringArgument(arg any) (text string, ok bool) {
	if inner, isObject := arg.(map[string]any); isObject {
		arg = inner["equals-ignore-case"]
	}
	text, ok = arg.(string)
	return text, ok
}

// stringExamples are texts that the operators of strings match.
var stringExamples = map[string]func(arg string) []any{
	"prefix": func(arg string) []any {
		switch {
		case strings.HasSuffix(arg, "/") && strings.Contains(arg, ":service-deployment/"):
			return []any{arg + someDeployment, arg}
		case strings.HasSuffix(arg, "/"): // of other ARNs
			return []any{arg + "some-service", arg}
		}
		return []any{arg + "production", arg + "/production", arg}
	},
	"suffix":             func(arg string) []any { return []any{"some" + arg, arg} },
	"wildcard":           func(arg string) []any { return []any{unescape.Replace(arg)} },
	"equals-ignore-case": func(arg string) []any { return []any{arg} },
	"cidr": func(arg string) []any {
		address, _, _ := strings.Cut(arg, "/")
		return []any{address}
	},
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
