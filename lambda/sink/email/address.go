package email

import (
	"mime"
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

func addresses(list []string) []string {
	var out []string
	for _, a := range list {
		out = append(out, address(a))
	}
	return out
}

// address makes one line of a mail address, in ASCII, as SES requires. The text before
// the angle brackets is the display name, with or without quotes.
//
// https://docs.aws.amazon.com/ses/latest/APIReference/API_Destination.html
func address(a string) string {
	a = notice.Line(a)
	bracket := strings.LastIndex(a, "<")
	if bracket < 0 {
		return a
	}
	name := unquote(strings.TrimSpace(a[:bracket]))
	if name == "" {
		return a[bracket:]
	}
	return phrase(name) + " " + a[bracket:]
}

// unquote returns what a quoted string means; any other text is what it is.
func unquote(s string) string {
	inner, ok := strings.CutPrefix(s, `"`)
	if !ok || !strings.HasSuffix(inner, `"`) {
		return s
	}
	var b strings.Builder
	escaped := false
	for _, r := range strings.TrimSuffix(inner, `"`) {
		if escaped = r == '\\' && !escaped; !escaped {
			b.WriteRune(r)
		}
	}
	return b.String()
}

const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	// atoms are the characters of a name that needs no quotes, and spaces.
	//
	// https://www.rfc-editor.org/rfc/rfc5322#section-3.2.3
	atoms = letters + "!#$%&'*+-/=?^_`{|}~ "
	// inQ are those that the Q encoding leaves as they are in a name, and spaces. To
	// readers, any other may mean the end of the name.
	//
	// https://www.rfc-editor.org/rfc/rfc2047#section-5 (3)
	inQ = letters + "!*+-/ "
)

// phrase writes a display name: quoted, or encoded where it has more than ASCII.
func phrase(name string) string {
	var ascii strings.Builder
	for _, r := range name {
		if r < 0x80 {
			ascii.WriteRune(r)
		}
	}
	switch {
	case ascii.Len() == len(name) && hasOnly(name, atoms):
		return name
	case ascii.Len() == len(name):
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
	case hasOnly(ascii.String(), inQ):
		return mime.QEncoding.Encode("utf-8", name)
	default:
		return mime.BEncoding.Encode("utf-8", name)
	}
}

// hasOnly reports whether s has no other characters than the given ones.
func hasOnly(s, characters string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune(characters, r) })
}
