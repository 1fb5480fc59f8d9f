package eventpattern

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// entry is one line of testdata/conformance.json. Its pattern is a JSON value,
// or a string that holds a text that is not.
type entry struct {
	Name    string
	Pattern json.RawMessage
	Event   json.RawMessage
	Match   any
	Ruler   any // what the engine says, where EventBridge is known to be stricter, or this package to differ
}

func conformance(t testing.TB) []entry {
	t.Helper()
	raw, err := os.ReadFile("testdata/conformance.json")
	if err != nil {
		t.Fatal(err)
	}
	var entries []entry
	if err := json.Unmarshal(raw, &entries); err != nil {
		t.Fatal(err)
	}
	if len(entries) < 250 {
		t.Fatalf("%d entries: the table has lost some", len(entries))
	}
	for i, e := range entries {
		var text string
		if json.Unmarshal(e.Pattern, &text) == nil {
			entries[i].Pattern = json.RawMessage(text)
		}
	}
	return entries
}

func TestConformance(t *testing.T) {
	for _, e := range conformance(t) {
		t.Run(e.Name, func(t *testing.T) {
			p, err := Parse(e.Pattern)
			if e.Match == "invalid" {
				if err == nil {
					t.Fatal("the pattern was accepted, want an error")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			event, err := ParseEvent(e.Event)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := p.Match(event); got != e.Match || err != nil {
				t.Errorf("Match = %v, %v, want %v", got, err, e.Match)
			}
			if d, err := p.Explain(event); (d == nil) != e.Match.(bool) || err != nil {
				t.Errorf("Explain = %v, %v, but Match is %v", d, err, e.Match)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	for name, c := range map[string]struct{ pattern, want string }{
		"scalar":           {`{"detail": {"x": 42}}`, "detail.x is 42: it must be an array of values or an object"},
		"empty array":      {`{"a": []}`, "a: an empty array"},
		"empty object":     {`{"detail": {}}`, "detail is an empty object"},
		"unknown operator": {`{"a": [{"regexp": "x"}]}`, `a: "regexp" is not an operator`},
		"exists":           {`{"a": [{"exists": "true"}]}`, `a: exists is "true": it must be true or false`},
		"object":           {`{"a": [{"exists": {"b": 1}}]}`, `a: exists is {"b": …}: it must be true or false`},
		"empty operand":    {`{"a": [{"exists": {}}]}`, `a: exists is {}: it must be true or false`},
		"numeric":          {`{"a": [{"numeric": ["<", "5"]}]}`, `a: numeric: the value of < is "5", it must be a number`},
		"cidr":             {`{"a": [{"cidr": "10.0.0.0/99"}]}`, `a: cidr "10.0.0.0/99": the bits must be 0 to 31`},
		"or":               {`{"detail": {"$or": [{"a": [1]}]}}`, "detail.$or is […]: it must be an array of at least two objects"},
		"reserved":         {`{"$or": [{"prefix": ["a"]}, {"b": [1]}]}`, `"prefix" is an operator`},
		"syntax":           {`{"a": [1}`, "not valid JSON at byte 9"},
		"array":            {`[1]`, "[…] is not an object"},
		"empty":            {``, "not valid JSON"},
		"trailing text":    {`{"a": [1]} x`, "not valid JSON"},
		"too long":         {`{"a": ["` + strings.Repeat("é", 4086) + `"]}`, "4097 characters long, EventBridge allows 4096"},
		"too many stars":   {`{"a": [{"wildcard": "*a*b*c*d*e*"}]}`, `wildcard "*a*b*c*d*e*" has 6 stars`},
		"too many combinations": {
			`{` + strings.Repeat(`"$or": [{"a":[1]},{"b":[1]},{"c":[1]},{"d":[1]}],`, 6) + `"z": [1]}`, "more than 1000 combinations",
		},
		"long value in the message": {`{"a": "` + strings.Repeat("x", 200) + `"}`, "xxx…"},
		"control characters":        {`{"a\u001b[31m": 1}`, "a\uFFFD[31m is 1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(c.pattern))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want %q in it", err, c.want)
			}
		})
	}
}

// TestLargestPatterns shows that a pattern may have as much as EventBridge allows.
func TestLargestPatterns(t *testing.T) {
	for _, pattern := range []string{
		`{"a": ["` + strings.Repeat("é", 4085) + `"]}`,
		`{"a": [{"wildcard": "*a*b*c*d*"}]}`,
	} {
		if _, err := Parse([]byte(pattern)); err != nil {
			t.Error(err)
		}
	}
}

func TestParseEventErrors(t *testing.T) {
	for event, want := range map[string]string{
		"":                            "empty",
		"[]":                          "[] is not an object",
		`"x"`:                         `"x" is not an object`,
		"{":                           "not valid JSON",
		strings.Repeat("[", 1_000_00): "not valid JSON",
	} {
		if _, err := ParseEvent([]byte(event)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseEvent(%.20q): error = %v, want %q in it", event, err, want)
		}
	}
}

func FuzzParseMatch(f *testing.F) {
	for _, e := range conformance(f) {
		f.Add([]byte(e.Pattern), []byte(e.Event))
	}
	f.Fuzz(func(t *testing.T, pattern, event []byte) {
		e, err := ParseEvent(event)
		if err != nil {
			return
		}
		p, err := Parse(pattern)
		if err != nil {
			return
		}
		d, err := p.Explain(e)
		if err != nil {
			return // there is too much to try
		}
		if matched, err := p.Match(e); matched != (d == nil) || err != nil {
			t.Fatalf("Match = %v, %v, Explain = %v", matched, err, d)
		}
		if d != nil && len(d.String()) > 5000 {
			t.Fatalf("an explanation of %d bytes", len(d.String()))
		}
	})
}
