package eventpattern

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ignoreCase is the operator that also goes inside of prefix, suffix and anything-but.
const ignoreCase = "equals-ignore-case"

// stringTests are the operators that compare with one string: their text in
// explanations, and the test.
var stringTests = map[string]struct {
	text  string
	holds func(s, arg string) bool
}{
	"exactly":              {"%s", func(s, arg string) bool { return s == arg }},
	"prefix":               {"a string starting with %s", strings.HasPrefix},
	"suffix":               {"a string ending with %s", strings.HasSuffix},
	ignoreCase:             {"%s in any case", foldEqual},
	"prefix " + ignoreCase: {"a string starting with %s in any case", foldPrefix},
	"suffix " + ignoreCase: {"a string ending with %s in any case", foldSuffix},
}

// stringWant reads the operators whose argument is one string.
func stringWant(name, arg string) (want, error) {
	switch name {
	case "wildcard":
		pattern, err := parseGlob(arg)
		if err != nil {
			return want{}, err
		}
		return ofString("a string like "+quote(arg), pattern.match), nil
	case "cidr":
		block, err := parseCIDR(arg)
		if err != nil {
			return want{}, err
		}
		return inBlock(block, "an address in "+quote(arg)), nil
	}
	test := stringTests[name]
	return ofString(fmt.Sprintf(test.text, quote(arg)), func(s string) bool { return test.holds(s, arg) }), nil
}

func exactly(text string) want {
	return ofString(quote(text), func(s string) bool { return s == text })
}

// ofString is a want that only a string can satisfy.
func ofString(text string, match func(string) bool) want {
	return want{text: text, match: func(v value) bool { return v.kind == kindString && match(v.text) }}
}

// maxStars is how many wildcards one value may have. EventBridge refuses rules
// that are "too complex" by a formula that it does not publish; six were refused
// when LocalStack recorded the service (content_wildcard_complex_EXC).
//
// https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_patterns.snapshot.json
const maxStars = 5

// glob is a parsed wildcard: literal parts with any text between them.
type glob []string

func parseGlob(text string) (glob, error) {
	var parts glob
	var part strings.Builder
	for i := 0; i < len(text); i++ {
		next := text[min(i+1, len(text)):]
		switch {
		case strings.HasPrefix(text[i:], "**"):
			return nil, fmt.Errorf("wildcard %s has two stars in a row: one is enough", quote(text))
		case text[i] == '*':
			parts = append(parts, part.String())
			part.Reset()
		case text[i] != '\\':
			part.WriteByte(text[i])
		case next != "" && (next[0] == '*' || next[0] == '\\'):
			i++
			part.WriteByte(next[0])
		default:
			return nil, fmt.Errorf(`wildcard %s has a backslash that escapes neither * nor \`, quote(text))
		}
	}
	if len(parts) > maxStars {
		return nil, fmt.Errorf("wildcard %s has %d stars: EventBridge refuses rules that are too complex, use %d at most", quote(text), len(parts), maxStars)
	}
	return append(parts, part.String()), nil
}

func (g glob) match(s string) bool {
	if len(g) == 1 {
		return s == g[0]
	}
	first, last := g[0], g[len(g)-1]
	if len(s) < len(first)+len(last) || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, part := range g[1 : len(g)-1] {
		_, after, found := strings.Cut(s, part)
		if !found {
			return false
		}
		s = after
	}
	return true
}

// foldRune reports whether the event's letter is the pattern's in either case. A letter
// whose other case is more than one letter is compared as it stands.
func foldRune(pattern, event rune) bool {
	if isManyLetters(pattern) {
		return event == pattern
	}
	return event == unicode.ToLower(pattern) || event == unicode.ToUpper(pattern)
}

func foldPrefix(s, pattern string) bool {
	_, ok := foldCut(s, pattern)
	return ok
}

func foldEqual(s, pattern string) bool {
	rest, ok := foldCut(s, pattern)
	return ok && rest == ""
}

// foldCut cuts the pattern off the front of s.
func foldCut(s, pattern string) (string, bool) {
	for _, p := range pattern {
		r, size := utf8.DecodeRuneInString(s)
		if size == 0 || !foldRune(p, r) {
			return "", false
		}
		s = s[size:]
	}
	return s, true
}

func foldSuffix(s, pattern string) bool {
	for pattern != "" {
		p, psize := utf8.DecodeLastRuneInString(pattern)
		r, size := utf8.DecodeLastRuneInString(s)
		if size == 0 || !foldRune(p, r) {
			return false
		}
		pattern, s = pattern[:len(pattern)-psize], s[:len(s)-size]
	}
	return true
}
