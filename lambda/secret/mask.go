package secret

import (
	"slices"
	"strings"
)

// How the names of secrets begin or end, in lower case. Those in wholeNames only end so:
// a pass is not passed.
var (
	secretNames = []string{"password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "api-key", "accesskey", "accountkey", "privatekey", "_key", "credential", "authorization", "cookie", "signature"}
	wholeNames  = []string{"pass", "auth", "sig"}
	allNames    = slices.Concat(secretNames, wholeNames)
)

// secretValues are how secrets begin that are known by themselves: keys of AWS, tokens
// of GitHub, GitLab, Slack and Stripe, and JSON Web Tokens.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
// https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
var secretValues = []string{"AKIA", "ASIA", "ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "xapp-", "sk_live_", "eyJ"}

const (
	// minSecret is how long a value is at least that is known by its beginning.
	minSecret = 12
	// minRandom is how long one is that is known by nothing but its mixture of letters
	// and digits.
	minRandom = 32
)

// Mask hides what looks like a secret in a line: the value of what is named like one,
// a key by its form, a password in an address. It cannot know all.
func Mask(line string) string {
	lower := lowerASCII(line)
	var b strings.Builder
	for i := 0; i < len(line); {
		if start, end := secretAt(line, lower, i); end > start {
			b.WriteString(line[i:start] + Hidden)
			i = end
			continue
		}
		b.WriteByte(line[i])
		i++
	}
	return b.String()
}

// secretAt finds the value of a secret whose name, or whose value, begins at i.
func secretAt(line, lower string, i int) (start, end int) {
	before := byte(' ')
	if i > 0 {
		before = line[i-1]
	}
	if before == '-' || before == '_' || !inName(before) {
		n := span(line[i:], inToken)
		known := slices.ContainsFunc(secretValues, func(begin string) bool { return strings.HasPrefix(line[i:], begin) })
		if known && n >= minSecret || n >= minRandom && random(line[i:i+n]) && strings.IndexByte(" =:,\"'(", before) >= 0 {
			return i, i + n
		}
		if value, ok := strings.CutPrefix(lower[i:], "bearer "); ok {
			if n := span(value, inToken); n >= minSecret {
				return len(line) - len(value), len(line) - len(value) + n
			}
		}
	}
	if rest, ok := strings.CutPrefix(line[i:], "://"); ok { // //user:password@host
		user := rest[:span(rest, func(c byte) bool { return c != '/' && c != ' ' })]
		if at := strings.LastIndexByte(user, '@'); at > 0 {
			if colon := strings.IndexByte(user[:at], ':'); colon >= 0 {
				return i + len("://") + colon + 1, i + len("://") + at
			}
		}
	}
	for n, name := range allNames {
		if !strings.HasPrefix(lower[i:], name) {
			continue
		}
		at := i + len(name)
		if n < len(secretNames) {
			at += span(line[at:], inName)
		}
		at += span(line[at:], func(c byte) bool { return c == '"' || c == '\'' || c == '\\' || c == ']' })
		word := strings.LastIndexByte(line[:i], ' ') + 1
		flag := line[word] == '-' && strings.HasPrefix(line[at:], " ") // --password VALUE
		sign := at + span(line[at:], func(c byte) bool { return c == ' ' })
		if !flag && (sign == len(line) || line[sign] != '=' && line[sign] != ':') {
			continue
		}
		at = sign + span(line[sign:], func(c byte) bool { return strings.IndexByte("=:> \\", c) >= 0 })
		if name == "authorization" || name == "cookie" {
			return at, len(line)
		}
		return endOfValue(line, at, !flag && line[at-1] == ' ')
	}
	return 0, 0
}

// endOfValue finds the end of the value that begins at a place: its closing quote, or a space;
// where the name and the value are spaced apart, what closes a part of a sentence.
func endOfValue(line string, at int, spaced bool) (start, end int) {
	rest := line[at:]
	if rest != "" && strings.IndexByte("[{", rest[0]) >= 0 {
		return at, len(line)
	}
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
		escaped := line[at-1] == '\\' // as JSON in a text has it
		for i := 1; i < len(rest); i++ {
			if rest[i] == rest[0] && (escaped || rest[i-1] != '\\') {
				return at + 1, at + i
			}
		}
		return at + 1, len(line)
	}
	for i := range len(rest) {
		switch next := rest[i+1:]; {
		case rest[i] == '&', rest[i] == ' ' && !spaced,
			strings.IndexByte(",;:", rest[i]) >= 0 && (next == "" || next[0] == ' '):
			return at, at + i
		}
	}
	return at, len(line)
}

// random reports whether a token mixes letters and digits as a generated one does, and
// is no path.
func random(token string) bool {
	return strings.Count(token, "/") < 3 && strings.ContainsAny(token, "0123456789") && strings.ToLower(token) != token && strings.ToUpper(token) != token
}

// span counts the bytes at the beginning of s that are of a sort.
func span(s string, is func(byte) bool) int {
	for i := range len(s) {
		if !is(s[i]) {
			return i
		}
	}
	return len(s)
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
