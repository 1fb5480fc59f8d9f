package extraeye

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/chunks"
	"github.com/extraeye/extraeye/constructs/internal/limits"
	"github.com/extraeye/extraeye/internal/plainjson"
	"github.com/extraeye/extraeye/internal/wire"
)

// rulePattern is the event pattern of a rule.
type rulePattern struct {
	id      string // of the rule
	pattern map[string]any
}

// patternsOf are the patterns alone.
func patternsOf(rules []rulePattern) (all []map[string]any) {
	for _, r := range rules {
		all = append(all, r.pattern)
	}
	return all
}

// packing is the packing of a watch into event patterns.
type packing struct {
	binding.Watch
	rules []rulePattern
}

// pack writes a watch as event patterns, each of which is a rule's, so that a changed name
// changes few of them: which names share a rule follows from the names, not from their order.
//
// The first field is the one that grows, so the others are filled in first and are split
// only if they do not fit beside one value of it.
func pack(scope constructs.IConstruct, w binding.Watch) ([]rulePattern, error) {
	switch {
	case w.Pattern != nil:
		return []rulePattern{{"Rule1", w.Pattern}}, nil
	case len(w.Fields) == 0:
		return []rulePattern{{"Rule1", pattern(w, nil, false)}}, nil
	}
	w.Fields = slices.Clone(w.Fields)
	var chosen [][]binding.Value
	for i, f := range w.Fields {
		f.Values = slices.Clone(f.Values)
		for at, v := range f.Values {
			f.Values[at].Identity = binding.Identity(scope, v.Text)
		}
		w.Fields[i] = f
		chosen = append(chosen, []binding.Value{slices.MaxFunc(f.Values, func(a, b binding.Value) int { return size(a) - size(b) })})
	}
	p := &packing{Watch: w}
	if err := p.fill(len(w.Fields), chosen, ""); err != nil {
		return nil, err
	}
	return p.rules, nil
}

// fill packs the first n fields, the last one first, around what is chosen already. Chosen
// has values for each field. Part is which part of the others it is for.
func (p *packing) fill(n int, chosen [][]binding.Value, part string) error {
	if n == 0 {
		p.rules = append(p.rules, rulePattern{"Rule" + part, pattern(p.Watch, chosen, false)})
		return nil
	}
	field := p.Fields[n-1]
	longest := chosen[n-1][0]
	room := limits.PatternCharacters - (jsonLength(pattern(p.Watch, chosen, true)) - size(longest))
	if size(longest) > room {
		return fmt.Errorf("%s: the event pattern for %s %.100q is longer than the %d characters that EventBridge allows; watch fewer names of other kinds with it", p.Name, strings.Join(field.Members(), "."), longest.Text, limits.PatternCharacters)
	}
	var items []chunks.Item
	for _, v := range field.Values {
		items = append(items, chunks.Item{Key: v.Identity, Size: size(v) + len(",")})
	}
	all := chunks.Cut(items, room+len(","))
	slices.SortFunc(all, func(a, b chunks.Chunk) int { return cmp.Compare(a.ID, b.ID) })
	for _, c := range all {
		chosen := slices.Clone(chosen)
		chosen[n-1] = valuesOf(field, c, len(all) > 1)
		if err := p.fill(n-1, chosen, partOf(n, c, part)); err != nil {
			return err
		}
	}
	return nil
}

// valuesOf are the values of a chunk: as they were given or, if the order in which all were
// given must not matter, in one that is the same at each synthesis. Then those that are known
// only at deployment come last.
func valuesOf(field binding.Field, c chunks.Chunk, sorted bool) (values []binding.Value) {
	for _, i := range c.Items {
		values = append(values, field.Values[i])
	}
	if sorted {
		slices.SortStableFunc(values, func(a, b binding.Value) int {
			return cmp.Or(cmp.Compare(min(a.Longest, 1), min(b.Longest, 1)), strings.Compare(a.Identity, b.Identity))
		})
	}
	return values
}

// partOf adds a chunk of the nth field to the id of a rule.
func partOf(n int, c chunks.Chunk, part string) string {
	switch {
	case n == 1:
		return fmt.Sprint(c.ID, part)
	case c.ID > 1:
		return fmt.Sprint("Part", c.ID, part)
	}
	return part
}

// size is how many characters a value has in a pattern, as long as it can become.
func size(v binding.Value) int { return jsonLength(v.Measured().Pattern()) }

// pattern writes the event pattern with the chosen values; measured, as long as it
// can become.
func pattern(w binding.Watch, chosen [][]binding.Value, measured bool) map[string]any {
	sources := []string{w.Source}
	if !w.NoDrills {
		sources = append(sources, wire.DrillSource)
	}
	p := map[string]any{"source": sources, "detail-type": w.DetailTypes}
	for i, f := range w.Fields {
		putField(p, f, chosen[i], measured)
	}
	return p
}

// putField matches a field with values in a pattern.
func putField(pattern map[string]any, f binding.Field, values []binding.Value, measured bool) {
	var matches []any
	for _, v := range values {
		if measured {
			v = v.Measured()
		}
		matches = append(matches, v.Pattern())
	}
	put(pattern, f.Members(), matches)
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
