package secret

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

// Hidden replaces a secret.
const Hidden = "•••"

// Redact replaces the secrets in a text. A secret is found as it is and as URLs, JSON,
// HTML and base64 have it. Of a secret, and of a part of a URL, that has eight letters
// and digits, any eight of them in a row are found too, whatever is between them, in
// either case, escaped several times, in hexadecimal digits, and in the base64 of a
// longer text. Another encoding, or fewer characters, may be shown.
func Redact(text string, secrets ...string) string {
	var exact []string
	var found needles
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		for _, p := range parts(secret) {
			spellings := []string{p.text}
			if plain, err := url.PathUnescape(p.text); err == nil && plain != p.text {
				spellings = append(spellings, plain)
			}
			for _, s := range spellings {
				exact = append(exact, forms(s)...)
				if p.isSecret {
					found.add(s)
				}
			}
		}
	}
	return found.hide(replace(text, exact))
}

// replace hides each of the forms.
func replace(text string, forms []string) string {
	// The longest first: a secret may begin with another.
	slices.SortFunc(forms, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	var pairs []string
	for _, form := range slices.Compact(forms) {
		pairs = append(pairs, form, Hidden)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// forms returns s as it is, and as URLs, JSON and base64 have it. JSON may escape
// what HTML has a meaning for, and any slash.
func forms(s string) []string {
	query, path := url.QueryEscape(s), url.PathEscape(s)
	all := []string{s, query, path, lowerEscapes(query), lowerEscapes(path)}
	html, _ := json.Marshal(s)
	for _, quoted := range []string{string(html), string(notice.JSON(s))} {
		all = append(all, quoted[1:len(quoted)-1])
	}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		all = append(all, encoding.EncodeToString([]byte(s)))
	}
	for _, form := range all {
		all = append(all, strings.ReplaceAll(form, "/", `\/`))
	}
	return all
}

// lowerEscapes writes the digits of %2F as some programs do: %2f.
func lowerEscapes(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i:i+3], strings.ToLower(s[i:i+3]))
		}
	}
	return string(b)
}

// scrub removes the value from an error's text. The error stays what it is.
func scrub(err error, value string) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if clean := Redact(text, value); clean != text {
		return &scrubbed{clean, err}
	}
	return err
}

type scrubbed struct {
	text string
	err  error
}

func (e *scrubbed) Error() string { return e.text }
func (e *scrubbed) Unwrap() error { return e.err }
