package eventpattern

import (
	"fmt"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// asked is a pattern and an event, and what this package says of them.
type asked struct {
	pattern, given node
	parsed         *Pattern // nil if the pattern is invalid
	err            error    // why it is
	event          *Event
	engine         string // what the engine says, if it was asked
}

// ask returns the verdict true, false or invalid.
func ask(pattern, event string) (a asked, verdict string, err error) {
	if a.pattern, err = parseNode([]byte(pattern)); err != nil {
		return a, "", err
	}
	if a.given, err = parseNode([]byte(event)); err != nil {
		return a, "", err
	}
	if a.event, err = ParseEvent([]byte(event)); err != nil {
		return a, "", err
	}
	if a.parsed, a.err = Parse([]byte(pattern)); a.err != nil {
		return a, "invalid", nil //nolint:nilerr // an invalid pattern is an answer
	}
	matched, err := a.parsed.Match(a.event)
	return a, strconv.FormatBool(matched), err
}

// difference is an item of the list in the package comment.
type difference struct {
	begins string
	has    func(asked) bool // whether it explains why the engine says something else
	fixed  int              // the first version of Java whose engine does not differ, if it depends on that
}

var differences = []difference{
	{"equals-ignore-case with characters above", warns("characters above U+FFFF"), 0},
	{"equals-ignore-case with letters whose other case", warns("several letters as the other case of one"), 0},
	{"A wildcard and, in the list of the same field,", warns("neither of them matches"), 0},
	{"A numeric range between two strings", warns("a numeric range be"), 0},
	{"cidr with an IPv6 range", asked.hasRangeOfOtherKind, 0},
	{"A field whose name is empty", func(a asked) bool { return hasEmptyName(a.pattern, false) }, 0},
	{"An anything-but with an empty list", hasEmptyExclusion, 0},
	{"Numbers below 2.3e-308", withNumber(isSubnormal), 0},
	{"Numbers that Java, before version 19,", withNumber(isPrintedLonger), 19},
	{"A name that an object of an event, inside of an array,", func(a asked) bool { return hasNameTwice(a.given, false) }, 0},
	{"A $or branch with exists: false", func(a asked) bool { return a.engine != "true" && hasAbsenceInOr(a.pattern, false) }, 0},
}

// warns is for what Pattern.Warnings names.
func warns(of string) func(asked) bool {
	return func(a asked) bool {
		return a.parsed != nil && slices.ContainsFunc(a.parsed.Warnings(), func(w string) bool { return strings.Contains(w, of) })
	}
}

func hasEmptyExclusion(a asked) bool {
	found := false
	a.pattern.values(func(n node) {
		for _, m := range n.members {
			if m.name == "anything-but" {
				m.value.values(func(arg node) { found = found || arg.kind == kindArray && len(arg.items) == 0 })
			}
		}
	})
	return found && a.parsed == nil
}

// values calls f for all values in n.
func (n node) values(f func(node)) {
	f(n)
	for _, m := range n.members {
		m.value.values(f)
	}
	for _, item := range n.items {
		item.values(f)
	}
}

// hasRangeOfOtherKind reports whether a field of the pattern has a range of addresses of one
// kind, and this field of the event a number or an address of the other kind.
func (a asked) hasRangeOfOtherKind() bool {
	found := false
	a.pattern.fields(nil, func(name string, items []node) {
		values := a.event.fields[name]
		found = found || values != nil && slices.ContainsFunc(items, func(item node) bool {
			if len(item.members) != 1 || item.members[0].name != "cidr" {
				return false
			}
			block, err := parseCIDR(item.members[0].value.text)
			return err == nil && slices.ContainsFunc(values.all, func(v value) bool {
				ip, ok := parseAddr(v.text)
				return v.kind == kindNumber || ok && ip.Is4() != block.Addr().Is4()
			})
		})
	})
	return found && a.parsed != nil && a.engine != "false"
}

// fields calls f for the lists of all fields.
func (n node) fields(at path, f func(name string, items []node)) {
	for _, m := range n.members {
		switch m.value.kind {
		case kindObject:
			m.value.fields(at.to(m.name), f)
		case kindArray:
			f(at.to(m.name).name(), m.value.items)
			for _, branch := range m.value.items { // of $or; operators have no lists of objects
				branch.fields(at, f)
			}
		}
	}
}

func hasEmptyName(n node, inside bool) bool {
	return slices.ContainsFunc(n.members, func(m member) bool {
		return m.name == "" && (inside || m.value.kind == kindObject) || hasEmptyName(m.value, inside || m.name != "$or")
	}) || slices.ContainsFunc(n.items, func(item node) bool { return hasEmptyName(item, inside) })
}

func hasNameTwice(n node, inside bool) bool {
	names := map[string]bool{}
	for _, m := range n.members {
		names[m.name] = true
	}
	return inside && len(names) < len(n.members) ||
		slices.ContainsFunc(n.members, func(m member) bool { return hasNameTwice(m.value, inside) }) ||
		slices.ContainsFunc(n.items, func(item node) bool { return hasNameTwice(item, true) })
}

func hasAbsenceInOr(n node, inside bool) bool {
	return slices.ContainsFunc(n.members, func(m member) bool {
		return inside && m.name == "exists" && m.value.text == "false" || hasAbsenceInOr(m.value, inside || m.name == "$or")
	}) || slices.ContainsFunc(n.items, func(item node) bool { return hasAbsenceInOr(item, inside) })
}

// withNumber reports whether the pattern or the event has such a number.
func withNumber(are func(float64) bool) func(asked) bool {
	return func(a asked) bool {
		found := false
		find := func(n node) {
			f, err := strconv.ParseFloat(n.text, 64)
			found = found || n.kind == kindNumber && err == nil && f != 0 && are(math.Abs(f))
		}
		a.pattern.values(find)
		a.given.values(find)
		return found
	}
}

func isSubnormal(f float64) bool { return f < minNumber }

// isPrintedLonger is about the numbers of which Java, before version 19, may print more
// digits than it needs: it is the very large and the very small ones.
//
// https://bugs.openjdk.org/browse/JDK-4511638
func isPrintedLonger(f float64) bool { return f < 1e-12 || f > 1e21 }

// The package comment and the table of differences have the same list.
func TestDifferencesAreDocumented(t *testing.T) {
	listed := documentedDifferences(t)
	for _, d := range differences {
		if !slices.ContainsFunc(listed, func(item string) bool { return strings.HasPrefix(item, d.begins) }) {
			t.Errorf("the package comment has no item %q", d.begins)
		}
	}
	if len(listed) != len(differences) {
		t.Errorf("%d items in the package comment, %d in the table", len(listed), len(differences))
	}
}

// documentedDifferences are the items of the list in the package comment.
func documentedDifferences(t *testing.T) []string {
	file, err := parser.ParseFile(token.NewFileSet(), "pattern.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	var items []string
	var p comment.Parser
	for _, block := range p.Parse(file.Doc.Text()).Content {
		list, ok := block.(*comment.List)
		if !ok {
			continue
		}
		for _, item := range list.Items {
			items = append(items, fmt.Sprint(item.Content[0].(*comment.Paragraph).Text[0]))
		}
	}
	return items
}

// Random patterns are found to match, or are explained, and mostly have none of the
// differences.
func TestRandomPairs(t *testing.T) {
	const n = 5000
	g := newGenerator(1)
	different := 0
	for range n {
		pattern, event := g.pair()
		a, verdict, err := ask(pattern, event)
		if err != nil {
			t.Fatalf("%s\n%s\n%v", pattern, event, err)
		}
		if slices.ContainsFunc(differences, func(d difference) bool { return d.has(a) }) {
			different++
		}
		if a.parsed == nil {
			continue
		}
		if why, err := a.parsed.Explain(a.event); err != nil || (why == nil) != (verdict == "true") {
			t.Errorf("%s\n%s\nExplain = %v, %v, but Match is %s", pattern, event, why, err, verdict)
		}
	}
	if t.Logf("%d of %d pairs may differ from the engine", different, n); different > n/3 {
		t.Error("too little is left to compare")
	}
}
