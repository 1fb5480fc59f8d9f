package eventpattern

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

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
		switch c := text[i]; {
		case c == '*' && i+1 < len(text) && text[i+1] == '*':
			return nil, fmt.Errorf("wildcard %s has two stars in a row: one is enough", quote(text))
		case c == '*':
			parts = append(parts, part.String())
			part.Reset()
		case c == '\\' && i+1 < len(text) && (text[i+1] == '*' || text[i+1] == '\\'):
			i++
			part.WriteByte(text[i])
		case c == '\\':
			return nil, fmt.Errorf(`wildcard %s has a backslash that escapes neither * nor \`, quote(text))
		default:
			part.WriteByte(c)
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

// foldRune reports whether the event's letter is the pattern's in either case.
func foldRune(pattern, event rune) bool {
	return event == unicode.ToLower(pattern) || event == unicode.ToUpper(pattern)
}

func foldPrefix(pattern, s string) bool {
	_, ok := foldCut(pattern, s)
	return ok
}

func foldEqual(pattern, s string) bool {
	rest, ok := foldCut(pattern, s)
	return ok && rest == ""
}

// foldCut cuts the pattern off the front of s.
func foldCut(pattern, s string) (string, bool) {
	for _, p := range pattern {
		r, size := utf8.DecodeRuneInString(s)
		if size == 0 || !foldRune(p, r) {
			return "", false
		}
		s = s[size:]
	}
	return s, true
}

func foldSuffix(pattern, s string) bool {
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

// address is what the engine takes for an IP address.
var address = regexp.MustCompile(`^([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*)$`)

func parseAddr(text string) (netip.Addr, bool) {
	if !address.MatchString(text) {
		return netip.Addr{}, false
	}
	ip, err := netip.ParseAddr(text)
	return ip.Unmap(), err == nil
}

func parseCIDR(text string) (netip.Prefix, error) {
	host, bits, found := strings.Cut(text, "/")
	n, err := strconv.Atoi(bits)
	ip, ok := parseAddr(host)
	switch {
	case !found || err != nil:
		return netip.Prefix{}, fmt.Errorf("cidr %s: it must be an address, one slash and a number of bits", quote(text))
	case !ok:
		return netip.Prefix{}, fmt.Errorf("cidr %s: %s is not an IP address", quote(text), quote(host))
	case n < 0 || n >= ip.BitLen():
		return netip.Prefix{}, fmt.Errorf("cidr %s: the bits must be 0 to %d", quote(text), ip.BitLen()-1)
	}
	return netip.PrefixFrom(ip, n).Masked(), nil
}

func cidrWant(prefix netip.Prefix, text string) want {
	return ofString(text, func(s string) bool {
		ip, ok := parseAddr(s)
		return ok && prefix.Contains(ip)
	})
}
