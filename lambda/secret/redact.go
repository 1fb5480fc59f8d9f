package secret

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Hidden stands where a secret was.
const Hidden = "•••"

// Redact replaces the secrets in text, also where they are escaped as URLs or JSON
// have it.
func Redact(text string, secrets ...string) string {
	var forms []string
	for _, s := range secrets {
		quoted, _ := json.Marshal(s)
		query, path := url.QueryEscape(s), url.PathEscape(s)
		forms = append(forms, s, strings.Trim(string(quoted), `"`), query, path, lowerEscapes(query), lowerEscapes(path))
		if plain, err := url.PathUnescape(s); err == nil {
			forms = append(forms, plain)
		}
	}
	// The longest first: a secret may begin with another.
	slices.SortFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	var pairs []string
	for _, form := range slices.Compact(forms) {
		if form != "" {
			pairs = append(pairs, form, Hidden)
		}
	}
	return strings.NewReplacer(pairs...).Replace(text)
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

// scrub takes the value out of an error's text. What the error is stays.
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
