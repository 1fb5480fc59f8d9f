package eventpattern

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// list repeats an element of an array.
func list(element string, n int) string {
	return "[" + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + "]"
}

// nested wraps a value into so many arrays.
func nested(value string, depth int) string {
	return strings.Repeat("[", depth) + value + strings.Repeat("]", depth)
}

// dotted is a pattern and an event whose names have dots: the fields lie in several arrays,
// and the element of one array does not limit the choice in another.
func dotted(arrays, elements int) (pattern, event string) {
	var fields, members []string
	for name, n := "a", 0; n < arrays; n++ {
		z := "1"
		if n == 0 {
			z = "2" // which no element has
		}
		fields = append(fields, fmt.Sprintf(`%q: {"a": ["1"], "z": [%q]}`, name, z))
		members = append(members, fmt.Sprintf(`%q: %s`, name, list(`{"a":"1","z":"1"}`, elements)))
		name += ".b"
	}
	return "{" + strings.Join(fields, ",") + "}", "{" + strings.Join(members, ",") + "}"
}

const tenBranches = `"$or":[{"c":[1]},{"d":[1]},{"e":[1]},{"f":[1]},{"g":[1]},{"h":[1]},{"i":[1]},{"j":[1]},{"k":[1]},{"l":[1]}]`

// No pattern and no event takes many seconds or hundreds of megabytes: one that would is an
// error that says what is too large.
func TestWorkIsBounded(t *testing.T) {
	dottedPattern, dottedEvent := dotted(4, 30)
	thousandAlternatives := `{"p":{` + tenBranches + `},"q":{` + tenBranches + `},"r":{` + tenBranches + `}`
	for name, c := range map[string]struct{ pattern, event, want string }{
		"names with dots":         {dottedPattern, dottedEvent, "more than 500000 combinations of the elements of arrays to try (1 alternatives, 4 arrays in the event)"},
		"alternatives × elements": {thousandAlternatives + `,"a":{"x":["1"],"y":["2"]}}`, `{"a":` + list(`{"x":"1","y":"1"}`, 3000) + `}`, "more than 500000 combinations"},
		"alternatives × values": {
			thousandAlternatives + `,"a":["` + strings.Repeat(`v","`, 100) + `w"]}`, `{"a":` + list(`"x"`, 50_000) + `}`,
			"more than 20000000 comparisons with the values of the event (1000 alternatives)",
		},
		"alternatives × a long text": {
			thousandAlternatives + `,"a":[{"wildcard":"*a*b*c*"},{"equals-ignore-case":"` + strings.Repeat("x", 1000) + `"}]}`,
			`{"a":"` + strings.Repeat("x", 1_000_000) + `"}`, "more than 20000000 comparisons",
		},
		"fields × alternatives": {
			`{"p":{` + tenBranches + `},"q":{` + tenBranches + `},"r":{` + tenBranches + `},` + manyFields(200) + `}`, `{}`,
			"its $or make combinations of more than 50000 fields in all",
		},
		"long names":        {`{"x":[1]}`, `{"` + strings.Repeat("n", 500_000) + `": {` + manyMembers(40_000) + `}}`, "the names on the way to its values are longer than"},
		"long nested names": {`{"x":[1]}`, strings.Repeat(`{"`+strings.Repeat("n", 1000)+`":`, 900) + "1" + strings.Repeat("}", 900), "the names on the way to its values are longer than"},
		"deep arrays":       {`{"x":[1]}`, `{"x":` + nested(list(`{"y":1}`, 100_000), 990) + `}`, "its arrays have too many elements that are nested too deeply"},
		"deep empty arrays": {`{"x":[1]}`, `{"x":` + nested(list(`{}`, 300_000), 990) + `}`, "its arrays have too many elements that are nested too deeply"},
		"too deep":          {`{"x":[1]}`, `{"x":` + nested("1", 1000) + `}`, "objects and arrays are nested more than 1000 deep"},
	} {
		t.Run(name, func(t *testing.T) {
			took, allocated, err := measure(c.pattern, c.event)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			t.Logf("%v, %d MB", took, allocated>>20)
			if limit := 5 * time.Second; took > limit { // far more than it takes, for slow machines
				t.Errorf("took %v", took)
			}
			if allocated > 400<<20 {
				t.Errorf("allocated %d MB", allocated>>20)
			}
		})
	}
}

// measure explains an event, and says how long it took and how many bytes were allocated,
// most of which are free again.
func measure(pattern, event string) (took time.Duration, allocated uint64, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	err = func() error {
		p, err := Parse([]byte(pattern))
		if err != nil {
			return err
		}
		e, err := ParseEvent([]byte(event))
		if err != nil {
			return err
		}
		_, err = p.Explain(e)
		return err
	}()
	took = time.Since(start)
	runtime.ReadMemStats(&after)
	return took, after.TotalAlloc - before.TotalAlloc, err
}

func manyFields(n int) string {
	var fields []string
	for i := range n {
		fields = append(fields, fmt.Sprintf(`"%d":[1]`, i))
	}
	return strings.Join(fields, ",")
}

func manyMembers(n int) string {
	var members []string
	for i := range n {
		members = append(members, fmt.Sprintf(`"%d":1`, i))
	}
	return strings.Join(members, ",")
}

// The bounds are beyond what EventBridge's largest events, of 1 MB, need: arrays whose
// elements all match the first field, and a last field that never does.
func TestLargeEvents(t *testing.T) {
	p, err := Parse([]byte(`{"a": {"x": ["1"], "y": ["2"]}, "b": ["1"], "c": ["1"], "d": {"z": ["1"], "zz": ["3"]}}`))
	if err != nil {
		t.Fatal(err)
	}
	n := 50_000
	if testing.Short() {
		n = 10_000
	}
	e, err := ParseEvent(fmt.Appendf(nil, `{"a": %s, "b": %s, "c": %s, "d": %s}`,
		list(`{"x":"1","y":"2"}`, n), list(`"1"`, n), list(`"1"`, n), list(`{"z":"1","zz":"2"}`, n)))
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if matched, err := p.Match(e); matched || err != nil {
		t.Errorf("got %v, %v", matched, err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	if _, err := p.Explain(e); err != nil {
		t.Error(err)
	}
}
