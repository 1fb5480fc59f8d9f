package secret

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/lambda/notice"
)

func TestRedact(t *testing.T) {
	for _, tt := range []struct {
		text    string
		secrets []string
		want    string
	}{
		{"nothing", nil, "nothing"},
		{"nothing", []string{""}, "nothing"},
		{"key keychain", []string{"key", "keychain"}, "••• •••"},
		{`"a\"b"`, []string{`a"b`}, `"•••"`},
		{"a/b", []string{"a%2Fb"}, "•••"},
		{"a%2Fb a%2fb", []string{"a/b"}, "••• •••"},
		{`a\/b`, []string{"a/b"}, "•••"},
		{`a\/b`, []string{"a%2Fb"}, "•••"},
		{`a&<b a\u0026\u003cb`, []string{"a&<b"}, "••• •••"},
		{`x\"`, []string{`x"`}, "•••"},
		{`a\"&b a\"\u0026b`, []string{`a"&b`}, "••• •••"},
		{"Basic dXNlcjpwdw==, dXNlcjpwdw", []string{"user:pw"}, "Basic •••, •••"},
		{`Pz8\/ Pz8/ Pz8_`, []string{"???"}, "••• ••• •••"},
	} {
		if got := Redact(tt.text, tt.secrets...); got != tt.want {
			t.Errorf("%q without %q is %q, want %q", tt.text, tt.secrets, got, tt.want)
		}
	}
}

// spellings are ways in which a destination may repeat a secret.
var spellings = map[string]func(string) string{
	"as it is":            func(s string) string { return s },
	"upper case":          strings.ToUpper,
	"lower case":          strings.ToLower,
	"query":               url.QueryEscape,
	"path":                url.PathEscape,
	"escaped twice":       func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"escaped three times": func(s string) string { return url.PathEscape(url.QueryEscape(url.PathEscape(s))) },
	"every byte":          func(s string) string { return strings.ToUpper(spread(hex.EncodeToString([]byte(s)), 2, "%")) },
	"JSON":                func(s string) string { b, _ := json.Marshal(s); return string(b) },
	"JSON in JSON":        func(s string) string { b, _ := json.Marshal(s); b, _ = json.Marshal(string(b)); return string(b) },
	"quoted":              func(s string) string { return fmt.Sprintf("%+q", s) },
	`\u0054`:              func(s string) string { return strings.ReplaceAll(s, "T", `\u0054`) },
	`\x54`:                func(s string) string { return spread(hex.EncodeToString([]byte(s)), 2, `\x`) },
	"HTML":                html.EscapeString,
	"HTML twice":          func(s string) string { return html.EscapeString(html.EscapeString(s)) },
	"numeric entities": func(s string) string {
		return "&#x" + strings.TrimPrefix(spread(hex.EncodeToString([]byte(s)), 2, ";&#x"), ";&#x") + ";"
	},
	"hex":                func(s string) string { return hex.EncodeToString([]byte(s)) },
	"hex with colons":    func(s string) string { return strings.ToUpper(spread(hex.EncodeToString([]byte(s)), 2, ":")) },
	"base64":             func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 for URLs":    func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"base64 of Bearer":   func(s string) string { return base64.StdEncoding.EncodeToString([]byte("Bearer " + s)) },
	"base64 of a user":   func(s string) string { return base64.StdEncoding.EncodeToString([]byte("user:" + s + "\n")) },
	"base64 of a header": func(s string) string { return base64.StdEncoding.EncodeToString([]byte("X-Token: " + s + "!")) },
	"wrapped":            func(s string) string { return spread(s, 10, "\n") },
	"wrapped and quoted": func(s string) string { return spread(s, 10, "\r\n> ") },
	"wrapped base64":     func(s string) string { return spread(base64.StdEncoding.EncodeToString([]byte(s)), 19, "\r\n") },
	"spaced":             func(s string) string { return spread(s, 1, " ") },
	"zero width":         func(s string) string { return spread(s, 5, "\u200B") },
	"bidi":               func(s string) string { return s[:9] + "\u202E" + s[9:] },
	"soft hyphens":       func(s string) string { return spread(s, 3, "\u00AD") },
	"without its end":    func(s string) string { return s[:len(s)-4] + "****" },
	"without its start":  func(s string) string { return "****" + s[4:] },
	"piece":              func(s string) string { return s[6 : 6+12] },
	"in three pieces":    func(s string) string { return s[20:] + " " + s[:20] },
}

// spread puts between before each piece of s.
func spread(s string, size int, between string) string {
	var b strings.Builder
	for len(s) > 0 {
		n := min(size, len(s))
		b.WriteString(between + s[:n])
		s = s[n:]
	}
	return b.String()
}

// TestEverySpelling shows that secrets stay hidden however they are repeated, and that
// the text around them stays.
func TestEverySpelling(t *testing.T) {
	const token = "xoxb-THISisTHEsecret/TOKEN+1234567890&q=z9"
	const hook = "https://hooks.example.com/services/T00/B00/" + "xoxb-THISisTHEsecret%2FTOKEN+1234567890&q=z9" + "?sig=xoxb-THISisTHEsecret%2FTOKEN%2B1234567890%26q%3Dz9"
	for name, spell := range spellings {
		for _, secret := range []string{token, hook} {
			spelled := spell(token)
			text := "no: " + spelled + " :no"
			got := Redact(text, secret)
			// Not even a part of what was repeated may be left, except that base64 begins and
			// ends with what was around the secret.
			if strings.HasPrefix(name, "base64 of") {
				spelled = spelled[16 : len(spelled)-4]
			}
			for i := 0; i+10 <= len(spelled); i++ {
				if part := spelled[i : i+10]; strings.Contains(got, part) {
					t.Errorf("%s: %q became %q, which has %q", name, text, got, part)
					break
				}
			}
			if !strings.HasPrefix(got, "no: ") || !strings.HasSuffix(got, ":no") || !strings.Contains(got, Hidden) {
				t.Errorf("%s: %q became %q", name, text, got)
			}
		}
	}
}

// TestErrorsStayReadable shows that what errors say of themselves, and what destinations
// say, is not mistaken for a part of a secret.
func TestErrorsStayReadable(t *testing.T) {
	secrets := []string{
		"https://prod-12.westeurope.logic.azure.com:443/workflows/0123456789abcdef0123456789abcdef/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abc-DEF_ghi012345678901234567890123456789",
		"https://default0123456789abcdef0123456789abcd.ef.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/0123456789abcdef0123456789abcdef/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abc-DEF_ghi012345678901234567890123456789",
		"https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnopqrstuvwx",
		"xoxb-12345678901-abcdefghijklmnop", "R0UT1NGK3Y0123456789abcdefghijkl", "0123456789abcdef0123456789abcdef",
		"NRAK-0123456789ABCDEFGHIJKLMNOPQ", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "glsa_0123456789abcdefghijABCDEFGHIJ_01234567",
	}
	for _, text := range []string{
		`post to the Teams workflow: prod-12.westeurope.logic.azure.com:443: HTTP 404 Not Found: The workflow could not be found.: put the URL of a workflow of "Post to a channel when a webhook request is received", with its sig, into the secret`,
		"post by webhook: hooks.slack.com: HTTP 404 Not Found: no_service: add a new webhook to the app, and put its URL into the secret",
		"post to #some-service: slack.com: HTTP 200: invalid_auth: put the bot token (xoxb-…) of the app, as it is installed now, into the secret",
		"events.pagerduty.com: HTTP 400 Bad Request: Length of 'routing_key' is incorrect (should be 32 characters)",
		"api.newrelic.com: HTTP 200: Bad API Key or no API Key provided, BAD_API_KEY",
		"the webhook's signing key is not base64, with or without whsec_ before it; store one that is: the credential is wrong",
		"2026-06-30 20:17:56 UTC arn:aws:secretsmanager:eu-west-1:210987654321:secret:sinks-AbCdEf 8f7e6d5c-4b3a-2918-0716-f5e4d3c2b1a0",
	} {
		if got := Redact(text, secrets...); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("%2F\\u00", "&#x", "s%e\\c&amp;ret-0123456789")
	f.Fuzz(func(t *testing.T, before, after, secret string) {
		got := Redact(before+secret+after, secret)
		if letters := lettersOf(secret).text; len(letters) >= run && strings.Contains(strings.ToLower(notice.Line(got)), strings.ToLower(secret)) {
			t.Errorf("%q hides nothing of %q", got, secret)
		}
	})
}
