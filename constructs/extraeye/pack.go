package extraeye

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/limits"
	"github.com/extraeye/extraeye/internal/plainjson"
)

// pack writes a watch as event patterns, as few as the limit allows. Values are
// filled in in their order, so that one more name at the end changes one pattern.
//
// The first field is the one that grows, so the others are filled in first and
// are split only if they do not fit beside one value of it.
func pack(w binding.Watch) ([]map[string]any, error) {
	if w.Pattern != nil {
		return []map[string]any{w.Pattern}, nil
	}
	var chosen [][]binding.Value
	for _, f := range w.Fields {
		longest := slices.MaxFunc(f.Values, func(a, b binding.Value) int {
			return jsonLength(a.Measured().Pattern()) - jsonLength(b.Measured().Pattern())
		})
		chosen = append(chosen, []binding.Value{longest})
	}
	return fill(w, len(w.Fields), chosen)
}

// fill packs the first n fields, the last one first, around what is chosen already. Chosen
// has values for each field.
func fill(w binding.Watch, n int, chosen [][]binding.Value) ([]map[string]any, error) {
	if n == 0 {
		return []map[string]any{pattern(w, chosen, false)}, nil
	}
	field := w.Fields[n-1]
	var patterns []map[string]any
	for rest := field.Values; len(rest) > 0; {
		chosen := slices.Clone(chosen)
		fitting := 0
		for fitting < len(rest) && fits(w, chosen, n-1, rest[:fitting+1]) {
			fitting++
		}
		if fitting == 0 {
			return nil, fmt.Errorf("%s: the event pattern for %s %.100q is longer than the %d characters that EventBridge allows; watch fewer names of other kinds with it", w.Name, strings.Join(field.Members(), "."), rest[0].Text, limits.PatternCharacters)
		}
		chosen[n-1] = rest[:fitting]
		packed, err := fill(w, n-1, chosen)
		if err != nil {
			return nil, err
		}
		patterns = append(patterns, packed...)
		rest = rest[fitting:]
	}
	return patterns, nil
}

// fits reports whether the pattern with these values of a field is short enough.
func fits(w binding.Watch, chosen [][]binding.Value, field int, values []binding.Value) bool {
	chosen[field] = values
	return jsonLength(pattern(w, chosen, true)) <= limits.PatternCharacters
}

// pattern writes the event pattern with the chosen values; measured, as long as it
// can become.
func pattern(w binding.Watch, chosen [][]binding.Value, measured bool) map[string]any {
	p := map[string]any{"source": []string{w.Source}, "detail-type": w.DetailTypes}
	for i, f := range w.Fields {
		var matches []any
		for _, v := range chosen[i] {
			if measured {
				v = v.Measured()
			}
			matches = append(matches, v.Pattern())
		}
		put(p, f.Members(), matches)
	}
	return p
}

// put sets a field of an object by its path.
func put(object map[string]any, path []string, value any) {
	if len(path) == 1 {
		object[path[0]] = value
		return
	}
	inner, ok := object[path[0]].(map[string]any)
	if !ok {
		inner = map[string]any{}
		object[path[0]] = inner
	}
	put(inner, path[1:], value)
}

// jsonLength is how many characters a value has in the template.
func jsonLength(v any) int { return utf8.RuneCountInString(inJSON(v)) }

// inJSON writes plain data as in the template, and what cannot be JSON as Go does.
func inJSON(v any) string {
	text, err := plainjson.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}
