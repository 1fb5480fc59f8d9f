package evidence

import (
	"strings"

	"github.com/extraeye/extraeye/lambda/secret"
)

// secretNames are how the names of secrets begin or end, in lower case.
var secretNames = []string{"password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "api_key", "api-key", "access_key", "accesskey", "credential", "authorization"}

// secretValues are how secrets begin that are known by themselves: keys of AWS, tokens
// of GitHub and Slack, and JSON Web Tokens.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
// https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
var secretValues = []string{"AKIA", "ASIA", "ghp_", "gho_", "ghs_", "github_pat_", "xoxb-", "xoxp-", "eyJ"}

// minSecret is how long a value is at least that is known by its beginning.
const minSecret = 12

// mask hides what looks like a secret in a line: the value of what is named like one,
// a key by its form, a password in an address. It cannot know all.
func mask(line string) string {
	lower := lowerASCII(line)
	var b strings.Builder
	for i := 0; i < len(line); {
		if start, end := secretAt(line, lower, i); end > start {
			b.WriteString(line[i:start] + secret.Hidden)
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
	for _, begin := range secretValues {
		if strings.HasPrefix(line[i:], begin) {
			if n := span(line[i:], inToken); n >= minSecret {
				return i, i + n
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
	for _, name := range secretNames {
		if !strings.HasPrefix(lower[i:], name) {
			continue
		}
		at := i + len(name)
		at += span(line[at:], inName)
		at += span(line[at:], func(c byte) bool { return c == '"' || c == '\'' || c == '\\' })
		word := strings.LastIndexByte(line[:i], ' ') + 1
		flag := line[word] == '-' && strings.HasPrefix(line[at:], " ") // --password VALUE
		at += span(line[at:], func(c byte) bool { return c == ' ' })
		if !flag && (at == len(line) || line[at] != '=' && line[at] != ':') {
			continue
		}
		at += span(line[at:], func(c byte) bool { return c == '=' || c == ':' || c == ' ' || c == '\\' })
		switch {
		case name == "authorization":
			return at, len(line)
		case at < len(line) && (line[at] == '"' || line[at] == '\''):
			quote := line[at]
			return at + 1, at + 1 + span(line[at+1:], func(c byte) bool { return c != quote })
		default:
			return at, at + span(line[at:], func(c byte) bool { return !strings.ContainsRune(" ,;&\"'", rune(c)) })
		}
	}
	return 0, 0
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
