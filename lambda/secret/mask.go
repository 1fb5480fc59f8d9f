package secret

import (
	"slices"
	"strings"
)

// Mask hides what looks like a secret in a line: the value of what is named like one,
// a key by its form, a password in an address. It cannot find all.
func Mask(text string) string {
	l := line{text, lowerASCII(text)}
	var b strings.Builder
	for i := 0; i < len(text); {
		if start, end := l.secretAt(i); end > start {
			b.WriteString(text[i:start] + Hidden)
			i = end
			continue
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String()
}

// line is a line of text, as it is and in lower case.
type line struct{ text, lower string }

// secretAt finds the secret that begins at i, or whose name or address does. End is
// not after start if there is none.
func (l line) secretAt(i int) (start, end int) {
	for _, recognize := range []func(line, int) (start, end int){byForm, afterBearer, inAddress, byName} {
		if start, end = recognize(l, i); end > start {
			break
		}
	}
	return start, end
}

// secretForms are how secrets begin that are known by themselves: keys of AWS, tokens
// of GitHub, GitLab, Slack and Stripe, and JSON Web Tokens.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
// https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
var secretForms = []string{"AKIA", "ASIA", "ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "xapp-", "sk_live_", "eyJ"}

const (
	// minSecret is how long a value is at least that is known by its beginning.
	minSecret = 12
	// minRandom is how long one is that is known by nothing but its mixture of letters
	// and digits.
	minRandom = 32
	// beforeRandom are the characters that such a one may follow.
	beforeRandom = " =:,\"'("
)

// before is the byte before i, which is a space before the first.
func (l line) before(i int) byte {
	if i == 0 {
		return ' '
	}
	return l.text[i-1]
}

// isWithinWord reports whether i is neither the beginning of a word nor of a part of one.
func (l line) isWithinWord(i int) bool {
	before := l.before(i)
	return inName(before) && before != '-' && before != '_'
}

// byForm recognizes a token at i by its beginning, or by being long and random.
func byForm(l line, i int) (start, end int) {
	if l.isWithinWord(i) {
		return 0, 0
	}
	token := l.text[i : i+span(l.text[i:], inToken)]
	begins := func(form string) bool { return strings.HasPrefix(token, form) }
	if len(token) >= minSecret && slices.ContainsFunc(secretForms, begins) ||
		len(token) >= minRandom && random(token) && strings.IndexByte(beforeRandom, l.before(i)) >= 0 {
		return i, i + len(token)
	}
	return 0, 0
}

// afterBearer recognizes the token in "Bearer TOKEN" at i.
func afterBearer(l line, i int) (start, end int) {
	const bearer = "bearer "
	if l.isWithinWord(i) || !strings.HasPrefix(l.lower[i:], bearer) {
		return 0, 0
	}
	start = i + len(bearer)
	if n := span(l.text[start:], inToken); n >= minSecret {
		return start, start + n
	}
	return 0, 0
}

// inAddress recognizes the password in "://user:password@host" at i.
func inAddress(l line, i int) (start, end int) {
	rest, ok := strings.CutPrefix(l.text[i:], "://")
	if !ok {
		return 0, 0
	}
	authority := rest[:span(rest, func(c byte) bool { return c != '/' && c != ' ' })]
	at := strings.LastIndexByte(authority, '@')
	colon := strings.IndexByte(authority[:max(at, 0)], ':')
	if colon < 0 {
		return 0, 0
	}
	return i + len("://") + colon + 1, i + len("://") + at
}

// secretNames are how the names of secrets begin, in lower case, or are from there to
// their end: a pass is not passed. The value of some is the rest of the line.
var secretNames = []struct {
	name       string
	whole      bool
	restOfLine bool
}{
	{name: "password"}, {name: "passwd"}, {name: "passphrase"}, {name: "pwd"}, {name: "secret"}, {name: "token"},
	{name: "apikey"}, {name: "api-key"}, {name: "accesskey"}, {name: "accountkey"}, {name: "privatekey"}, {name: "_key"},
	{name: "credential"}, {name: "authorization", restOfLine: true}, {name: "cookie", restOfLine: true}, {name: "signature"},
	{name: "pass", whole: true}, {name: "auth", whole: true}, {name: "sig", whole: true},
}

// byName recognizes the value of the secret whose name, or an end of whose name,
// begins at i.
func byName(l line, i int) (start, end int) {
	for _, s := range secretNames {
		if !strings.HasPrefix(l.lower[i:], s.name) {
			continue
		}
		after := i + len(s.name)
		if !s.whole {
			after += span(l.text[after:], inName)
		}
		start, spaced := l.valueAfter(i, after)
		switch {
		case start < 0:
			continue
		case s.restOfLine:
			return start, len(l.text)
		}
		return l.value(start, spaced)
	}
	return 0, 0
}

// valueAfter returns where the value begins of the name from i to end, and whether it
// is spaced apart from its name. It is -1 if there is none: the name is a word of a
// sentence.
func (l line) valueAfter(i, end int) (start int, spaced bool) {
	end += span(l.text[end:], oneOf(`"'\]`))
	sign := end + span(l.text[end:], oneOf(" "))
	word := strings.LastIndexByte(l.text[:i], ' ') + 1
	isFlag := l.text[word] == '-' && sign > end // --password VALUE
	if !isFlag && (sign == len(l.text) || l.text[sign] != '=' && l.text[sign] != ':') {
		return -1, false
	}
	start = sign + span(l.text[sign:], oneOf(`=:> \`))
	return start, !isFlag && l.text[start-1] == ' '
}

// value finds the value that begins at a place: within its quotes, or all that a
// bracket opens, or up to the end of a word; where it is spaced apart from its name,
// up to what closes a part of a sentence.
func (l line) value(at int, spaced bool) (start, end int) {
	rest := l.text[at:]
	switch {
	case rest == "" || rest[0] == '[' || rest[0] == '{':
		return at, len(l.text)
	case rest[0] == '"' || rest[0] == '\'':
		return at + 1, at + endOfQuoted(rest, l.text[at-1] == '\\')
	}
	return at, at + endOfPlain(rest, spaced)
}

// endOfQuoted finds the quote that closes the one that s begins with. All quotes are
// escaped where JSON stands in a text.
func endOfQuoted(s string, escaped bool) int {
	for i := 1; i < len(s); i++ {
		if s[i] == s[0] && (escaped || s[i-1] != '\\') {
			return i
		}
	}
	return len(s)
}

// endOfPlain finds the end of the value that s begins with.
func endOfPlain(s string, spaced bool) int {
	for i := range len(s) {
		isLast := i+1 == len(s) || s[i+1] == ' '
		switch s[i] {
		case '&':
			return i
		case ' ':
			if !spaced {
				return i
			}
		case ',', ';', ':':
			if isLast {
				return i
			}
		}
	}
	return len(s)
}

// random reports whether a token mixes letters and digits as a generated one does, and
// is not a path.
func random(token string) bool {
	return strings.Count(token, "/") < 3 && strings.ContainsAny(token, "0123456789") && strings.ToLower(token) != token && strings.ToUpper(token) != token
}

// span counts the bytes at the beginning of s for which is is true.
func span(s string, is func(byte) bool) int {
	for i := range len(s) {
		if !is(s[i]) {
			return i
		}
	}
	return len(s)
}

// oneOf returns a function that reports whether a byte is one of them.
func oneOf(bytes string) func(byte) bool {
	return func(c byte) bool { return strings.IndexByte(bytes, c) >= 0 }
}

// inName reports whether c may be part of a name.
func inName(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-'
}

// inToken reports whether c may be part of a key or a token, in whichever base64.
func inToken(c byte) bool { return inName(c) || strings.IndexByte(".+/=", c) >= 0 }

// lowerASCII keeps every byte where it is.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
