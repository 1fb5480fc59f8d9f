package eventpattern

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// generator makes patterns, and events for them, at random; a seed makes the same ones
// each time. What it makes is short and from few words, so that much of it matches.
type generator struct{ *rand.Rand }

func newGenerator(seed uint64) generator { return generator{rand.New(rand.NewPCG(seed, 1))} }

func (g generator) chance(p float64) bool           { return g.Float64() < p }
func (g generator) one(of ...string) string         { return of[g.IntN(len(of))] }
func (g generator) call(of ...func() string) string { return of[g.IntN(len(of))]() }

// list is one to three elements.
func (g generator) list(element func() string) string {
	var all []string
	for range 1 + g.IntN(3) {
		all = append(all, element())
	}
	return strings.Join(all, ",")
}

// What patterns and events are made of. The first ones are used most.
var (
	plainWords = []string{"", "a", "A", "ab", "aB", "Ab", "AB", "abc", "abcabc", "b", "ba", "bab", "c", "0", "1"}
	oddWords   = []string{
		"10", "-1", "1.0", "1e1", "true", "null", "é", "É", "e\u0301", "ſ", "s", "S", "K", "k", "\u212a", "σ", "ς", "Σ", "ǆ", "ǅ", "Ǆ",
		"日本", "Ω", "\u2126", "ω", "µ", "μ", "Å", "\u212b", "å", "ı", "I", "i", "*", "a*", `\`, `a\*b`, "a b", " ", "\u0000", "\u007f",
		"\ufeff", "\ufffd", "\u200b", "a.b", "$or", "exists", `a"b`, "/", "a/b", ":", ":::", "a:b", "12:30", "1:2", "1.2.3",
	}
	addresses = []string{
		"10.0.0.1", "10.0.0.255", "10.0.1.0", "192.168.1.1", "0.0.0.0", "255.255.255.255", "10.0.0.01", "010.0.0.1", "10.0.0.256",
		"1.2.3.4.5", "10.0.0.1/32", "::", "::1", "fe80::1", "FE80::1", "2001:db8::1", "2001:DB8:0:0:0:0:0:1", "2001:db8:ffff::",
		"::ffff:10.0.0.1", "::ffff:a00:1", "fe80::1%eth0", "1:2:3:4:5:6:7:8", "::1:2:3:4:5:6:7:8",
	}
	ranges = []string{
		"10.0.0.0/24", "10.0.0.0/8", "10.0.0.1/24", "0.0.0.0/0", "10.0.0.1/31", "192.168.0.0/16", "010.0.0.0/8", "::/1",
		"2001:db8::/32", "2001:db8::/127", "fe80::/10", "FE80::/10", "1:2:3:4:5:6:7:8/64",
	}
	badRanges = []string{
		"", "a/8", "/8", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/32", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.0/08",
		"10.0.0.0/+8", "10.0.0.0/ 8", "10.0.0/8", "256.0.0.0/8", "2001:db8::/128", "2001:db8::/129", "::ffff:10.0.0.0/120", "::ffff:a00:0/104",
	}
	numbers = []string{
		"0", "-0", "0.0", "-0.0", "0e10", "1", "1.0", "1e0", "10e-1", "10", "1e1", "1E1", "1E+1", "100", "-1", "-1.0", "-5", "5", "5.0",
		"5.000000", "5.000001", "5.0000001", "4.999999", "0.1", "0.10", "1e-1", "0.3", "0.30000000000000004", "300", "3.0e2", "300.00", "1.5",
		"15e-1", "2", "3", "-2", "1e9", "5e9", "5000000000", "5000000001", "-5000000000", "1e15", "999999999999999", "0.000001", "1e-7",
	}
	oddNumbers = []string{
		"9007199254740991", "9007199254740993", "9223372036854775807", "9223372036854775808", "123456789012.5", "1e20",
		"100000000000000000000", "1e100", "1e308", "1e309", "-1e309", "1e-400", "3.141592653589793", "3.14159265358979323846",
		"1234567890.123456", "1234567890.1234567", "12345678901234567890", "1e2147483648", "1e99999999999",
	}
	// What EventBridge refuses in most places where a value belongs.
	misplaced = []string{
		`{}`, `[]`, `[[]]`, `[{}]`, `[["a"]]`, `null`, `true`, `1`, `"a"`, `{"a":1}`, `["a",1]`, `[1,"a"]`, `[null]`, `["a",null]`, `[true]`,
		`[""]`, `""`, `{"prefix":""}`, `{"prefix":["a",1]}`, `{"prefix":["ab",""]}`, `{"prefix":["a","a"]}`, `{"suffix":["a","b"]}`,
		`{"wildcard":["a*","*b"]}`, `{"wildcard":"a**"}`, `{"wildcard":"\\"}`, `{"prefix":{"equals-ignore-case":"a"}}`,
		`{"suffix":{"equals-ignore-case":"a"}}`, `{"equals-ignore-case":{"prefix":"a"}}`, `{"equals-ignore-case":["a","b"]}`,
		`{"equals-ignore-case":""}`, `{"equals-ignore-case":"a","prefix":"b"}`, `{"exactly":"a"}`, `{"exactly":1}`, `{"numeric":["=",1]}`,
		`{"cidr":"10.0.0.0/8"}`, `{"exists":true}`, `{"exists":"true"}`, `{"anything-but":"a"}`, `[{"prefix":"a"}]`, `["a","a"]`, `[1,1.0]`,
	}
	operatorNames = []string{
		"prefix", "suffix", "equals-ignore-case", "wildcard", "anything-but", "numeric", "cidr", "exists", "exactly",
		"regex", "Prefix", "not-wildcard", "anything-but-prefix", "in-date-range",
	}
)

// What this package knowingly does otherwise than the engine is made of these, now and then.
var (
	differentWords  = []string{"😀", "a😀", "\U00010400", "\U00010428", "ß", "ẞ", "ss", "SS", "İ", "ŉ", "ﬀ"}
	differentRanges = []string{"::/0", "0.0.0.0/1", "10.0.0.0/0", "255.255.255.255/1"}
	// The engine of a Java before version 19 refuses the last two.
	differentNumbers = []string{"5e-324", "1e-310", "2.2250738585072014e-308", "8.41e21", "2e-44"}
)

const (
	oddly       = 0.02  // how often something is odd
	differently = 0.004 // how often something is known to be different
)

func (g generator) word() string {
	switch {
	case g.chance(differently):
		return g.one(differentWords...)
	case g.chance(0.1):
		return g.one(addresses...)
	case g.Float64() < 0.1:
		return g.one(plainWords...) + g.one(oddWords...)
	case g.chance(0.3):
		return g.one(oddWords...)
	}
	return g.one(plainWords...)
}

func (g generator) number() string {
	switch {
	case g.chance(differently):
		return g.one(differentNumbers...)
	case g.chance(0.02):
		return g.one(oddNumbers...)
	case g.chance(0.6):
		return g.one(numbers...)
	case g.chance(0.5):
		return strconv.Itoa(g.IntN(7) - 3)
	}
	return strconv.FormatFloat((g.Float64()-0.5)*10, 'f', g.IntN(8), 64)
}

// quoted spells a string in JSON, sometimes with every letter escaped.
func (g generator) quoted(s string) string {
	if g.chance(0.95) {
		return inJSON(s)
	}
	var b strings.Builder
	for _, r := range s {
		if r > 0xffff {
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04X`, 0xd800+r>>10, 0xdc00+r&0x3ff)
			continue
		}
		fmt.Fprintf(&b, `\u%04x`, r)
	}
	return `"` + b.String() + `"`
}

func inJSON(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always can
	}
	return string(raw)
}

func (g generator) text() string { return g.quoted(g.word()) }

// glob is the argument of wildcard: short parts and stars, some of them escaped.
func (g generator) glob() string {
	parts := []string{}
	for range 1 + g.IntN(5) {
		switch last := len(parts) - 1; {
		case g.chance(oddly):
			parts = append(parts, g.one(`\*`, `\\`, `\a`, `**`, `\`, "?", "é"))
		case g.chance(0.5) && (last < 0 || parts[last] != "*"):
			parts = append(parts, "*")
		default:
			parts = append(parts, g.one("a", "b", "ab", "abc", "A", "c", "10."))
		}
	}
	return g.quoted(strings.Join(parts, ""))
}

func (g generator) operator(name, argument string) string {
	return "{" + inJSON(name) + ":" + argument + "}"
}

// element is one element of a field's array.
func (g generator) element() string {
	if g.chance(oddly / 4) {
		return g.operator(g.one(operatorNames...), g.one(misplaced...))
	}
	return g.call(g.text, g.text, g.number, g.literal, g.affix, g.affix, g.affixInAnyCase,
		func() string { return g.operator(ignoreCase, g.text()) },
		func() string { return g.operator("wildcard", g.glob()) },
		func() string { return g.operator("exactly", g.text()) },
		func() string { return g.operator("exists", g.one("true", "false")) },
		g.anythingBut, g.anythingBut, g.numeric, g.numeric, g.cidr)
}

func (g generator) literal() string { return g.one("true", "false", "null") }
func (g generator) affix() string   { return g.operator(g.one("prefix", "suffix"), g.text()) }
func (g generator) affixInAnyCase() string {
	return g.operator(g.one("prefix", "suffix"), g.operator(ignoreCase, g.text()))
}

func (g generator) anythingBut() string {
	argument := func() string {
		name, one := g.one("prefix", "suffix", "wildcard", ignoreCase), g.text
		if name == "wildcard" {
			one = g.glob
		}
		return g.operator(name, g.call(one, func() string { return "[" + g.list(one) + "]" }))
	}
	switch {
	case g.chance(differently):
		return g.operator("anything-but", g.operator(g.one("prefix", "suffix", "wildcard", ignoreCase), "[]"))
	case g.chance(oddly):
		return g.operator("anything-but", g.one(misplaced...))
	}
	return g.operator("anything-but", g.call(g.text, g.number, argument, argument,
		func() string { return "[" + g.list(g.text) + "]" }, func() string { return "[" + g.list(g.number) + "]" }))
}

func (g generator) numeric() string {
	sign := func() string {
		if g.chance(oddly / 4) {
			return inJSON(g.one("==", "!=", "", "≤"))
		}
		return inJSON(g.one("=", "<", "<=", ">", ">="))
	}
	if g.chance(0.5) {
		return g.operator("numeric", "["+sign()+","+g.number()+"]")
	}
	bounds := []string{g.number(), g.number()}
	if !g.chance(oddly) {
		slices.SortFunc(bounds, func(a, b string) int {
			x, _ := parseNumber(a)
			y, _ := parseNumber(b)
			return int(min(max(x-y, -1), 1))
		})
	}
	lower, upper := inJSON(g.one(">", ">=")), inJSON(g.one("<", "<="))
	if g.chance(oddly) {
		lower, upper = sign(), sign()
	}
	return g.operator("numeric", "["+lower+","+bounds[0]+","+upper+","+bounds[1]+"]")
}

func (g generator) cidr() string {
	switch {
	case g.chance(differently):
		return g.operator("cidr", g.quoted(g.one(differentRanges...)))
	case g.chance(oddly):
		return g.operator("cidr", g.quoted(g.one(badRanges...)))
	}
	return g.operator("cidr", g.quoted(g.one(ranges...)))
}

// name is the name of a field.
func (g generator) name() string {
	switch {
	case g.chance(differently):
		return ""
	case g.chance(oddly):
		return g.one("a.b", "b.a", "é", "x y", "$or", "prefix", "exists", "detail")
	}
	return g.one("a", "b", "c", "d")
}

// pattern is an object of a pattern with objects nested in it as deep as that.
func (g generator) pattern(depth int) string {
	members := map[string]string{}
	for range 1 + g.IntN(3) {
		name := g.name()
		switch {
		case depth > 0 && g.chance(0.4):
			members[name] = g.pattern(depth - 1)
		case depth > 0 && g.chance(0.2):
			members["$or"] = g.or(depth - 1)
		case g.chance(oddly / 2):
			members[name] = g.one(misplaced...)
		default:
			members[name] = "[" + g.list(g.element) + "]"
		}
	}
	return g.object(members)
}

func (g generator) or(depth int) string {
	var branches []string
	for range 2 + g.IntN(2) {
		branches = append(branches, g.pattern(depth))
	}
	if g.chance(oddly) {
		branches = branches[:1]
	}
	return "[" + strings.Join(branches, ",") + "]"
}

// object spells an object, its members in random order and sometimes one of them twice.
func (g generator) object(members map[string]string) string {
	var all []string
	for name, value := range members {
		all = append(all, inJSON(name)+":"+value)
	}
	slices.Sort(all) // a map has no order, and a seed always makes the same
	g.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if g.chance(oddly/4) && len(all) > 0 {
		all = append(all, all[0])
	}
	return "{" + strings.Join(all, ",") + "}"
}
