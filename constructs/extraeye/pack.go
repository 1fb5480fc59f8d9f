package extraeye

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/extraeye/extraeye/internal/binding"
)

// maxPatternLength is the longest event pattern, in characters.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
const maxPatternLength = 2048

// pack writes a watch as event patterns, as few as the limit allows. Values are
// filled in in their order, so that one more name at the end changes one pattern.
//
// The first field is the one that grows, so the others are filled in first and
// are split only if they do not fit beside one value of it.
func pack(w binding.Watch) ([]map[string]any, *binding.Problem) {
	chosen := map[string][]string{}
	for _, f := range w.Detail {
		longest := slices.MaxFunc(f.Values, func(a, b string) int { return jsonLength(measured(f, a)) - jsonLength(measured(f, b)) })
		chosen[f.Key] = []string{longest}
	}
	return fill(w, w.Detail, chosen)
}

// fill packs the fields, the last one first, around what is chosen already.
func fill(w binding.Watch, fields []binding.Field, chosen map[string][]string) ([]map[string]any, *binding.Problem) {
	if len(fields) == 0 {
		return []map[string]any{pattern(w, chosen)}, nil
	}
	field, others := fields[len(fields)-1], fields[:len(fields)-1]
	var patterns []map[string]any
	for rest := field.Values; len(rest) > 0; {
		chosen := maps.Clone(chosen)
		n := 0
		for n < len(rest) && fits(w, chosen, field, rest[:n+1]) {
			n++
		}
		if n == 0 {
			p := binding.Problemf(binding.PatternTooLong, "%s: the event pattern for %s %q is longer than the %d characters that EventBridge allows; watch fewer names of other sorts with it", w.Name, field.Key, rest[0], maxPatternLength)
			return nil, &p
		}
		chosen[field.Key] = rest[:n]
		packed, problem := fill(w, others, chosen)
		if problem != nil {
			return nil, problem
		}
		patterns = append(patterns, packed...)
		rest = rest[n:]
	}
	return patterns, nil
}

// fits reports whether the pattern with these values of a field is short enough.
func fits(w binding.Watch, chosen map[string][]string, field binding.Field, values []string) bool {
	chosen[field.Key] = values
	worst := map[string][]string{}
	for _, f := range w.Detail {
		for _, v := range chosen[f.Key] {
			worst[f.Key] = append(worst[f.Key], measured(f, v))
		}
	}
	return jsonLength(pattern(w, worst)) <= maxPatternLength
}

// measured is what a value is counted as: a token as the longest value it can have.
func measured(f binding.Field, value string) string {
	if binding.IsToken(value) {
		return strings.Repeat("x", f.MaxLength)
	}
	return value
}

func pattern(w binding.Watch, detail map[string][]string) map[string]any {
	return map[string]any{
		"source":      []string{w.Source},
		"detail-type": w.DetailTypes,
		"detail":      detail,
	}
}

// jsonLength is how many characters a value has in the template.
func jsonLength(v any) int {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return maxPatternLength + 1
	}
	return utf8.RuneCount(bytes.TrimSpace(b.Bytes()))
}
