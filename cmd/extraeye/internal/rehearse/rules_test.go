package rehearse

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
)

// readPatterns makes an app with a rule for each pattern, and reads the rules.
func readPatterns(t *testing.T, patterns ...string) (rules []rule, problems, notes []string) {
	t.Helper()
	var resources []string
	for n, p := range patterns {
		resources = append(resources, fmt.Sprintf(`"Rule%d":{"Type":"AWS::Events::Rule","Properties":{"EventPattern":%s}}`, n+1, p))
	}
	app, err := assembly.Read(write(t, map[string]string{
		"manifest.json": `{"version":"54.0.0","artifacts":{"S":{"type":"aws:cloudformation:stack","properties":{"templateFile":"S.json"}}}}`,
		"S.json":        `{"Resources":{` + strings.Join(resources, ",") + `}}`,
	}), assembly.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rules = readRules(app, func(err error) { problems = append(problems, err.Error()) }, func(note string) { notes = append(notes, note) })
	return rules, problems, notes
}

// Patterns that EventBridge would refuse are problems; those that it may treat differently
// are noted.
func TestReadRules(t *testing.T) {
	rules, problems, notes := readPatterns(t,
		`{"source":["aws.ec2"]}`, `{"source":[{"numeric":[">",5e-324]}]}`,
		`{"detail":{"name":[{"equals-ignore-case":"😀"}]}}`, `{"detail":{"name":[{"wildcard":"*a"},{"suffix":"ß"}]}}`)
	if len(rules) != 3 {
		t.Errorf("%d rules", len(rules))
	}
	if len(problems) != 1 || !strings.HasPrefix(problems[0], "EventBridge would refuse the rule Rule2 of stack S: event pattern: source: numeric: 5e-324 is too long or too small") {
		t.Errorf("problems %q", problems)
	}
	want := []string{
		`note: the rule Rule3: detail.name: EventBridge may treat equals-ignore-case "😀" differently: its engine does not match characters above U+FFFF`,
		`note: the rule Rule4: detail.name: EventBridge may treat a wildcard beside a suffix with non-ASCII letters differently: its engine also matches values that neither of them matches`,
	}
	if !slices.Equal(notes, want) {
		t.Errorf("notes %q, want %q", notes, want)
	}
}

// An event that takes too much work to match with one rule is a problem, and is matched
// with the others.
func TestMatchingIsBounded(t *testing.T) {
	items := strings.TrimSuffix(strings.Repeat(`{"a":"1","z":"1"},`, 100), ",")
	e, err := newEvent("large.json", []byte(`{"source":"s","detail-type":"d","detail":{"a":[`+items+`],"a.b":[`+items+`],"a.b.b":[`+items+`],"a.b.b.b":[`+items+`]}}`))
	if err != nil {
		t.Fatal(err)
	}
	large := `{"detail":{"a":{"a":["1"],"z":["2"]},"a.b":{"a":["1"],"z":["1"]},"a.b.b":{"a":["1"],"z":["1"]},"a.b.b.b":{"a":["1"],"z":["1"]}}}`
	want := "the rule Rule1 was not matched with the event large.json: event pattern: more than 500000 combinations of the elements of arrays to try"
	for _, other := range []string{"s", "t"} {
		rules, _, _ := readPatterns(t, large, `{"source":["`+other+`"]}`)
		var problems []string
		matched, why := matching(rules, e, func(err error) { problems = append(problems, err.Error()) })
		if len(problems) != 1 || !strings.HasPrefix(problems[0], want) {
			t.Errorf("problems %q, want %q", problems, want)
		}
		if other == "s" && (len(matched) != 1 || matched[0].LogicalID != "Rule2") {
			t.Errorf("the other rule does not match: %v", matched)
		}
		if other == "t" && (len(matched) != 0 || !strings.HasPrefix(why, want)) {
			t.Errorf("matched %v, %s", matched, why)
		}
	}
}
