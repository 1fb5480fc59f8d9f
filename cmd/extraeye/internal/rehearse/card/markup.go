package card

import (
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// dialect is a markup language.
type dialect struct {
	marks []mark
	// token reads a link, a mention or the like at the start of the text, and returns
	// its length there; 0 if there is none.
	token func(d dialect, s string) (html string, length int)
	// plain makes HTML of text without marks.
	plain func(s string) string
}

// mark is written before and after a text. Of two that begin with the same character,
// the longer comes first.
type mark struct{ mark, tag string }

// write writes the text as HTML. Within marks there are only others, so it recurses no
// deeper than there are kinds of them.
func (d dialect) write(b *strings.Builder, s string) {
	start := 0
	for i := 0; i < len(s); {
		if html, length := d.token(d, s[i:]); length > 0 {
			b.WriteString(d.plain(s[start:i]) + html)
			i += length
			start = i
			continue
		}
		if m, inner, ok := d.marked(s, i); ok {
			b.WriteString(d.plain(s[start:i]) + "<" + m.tag + ">")
			if m.tag == "code" {
				b.WriteString(d.plain(inner))
			} else {
				d.write(b, inner)
			}
			b.WriteString("</" + m.tag + ">")
			i += len(inner) + 2*len(m.mark)
			start = i
			continue
		}
		i++
	}
	b.WriteString(d.plain(s[start:]))
}

// marked returns the text that is marked up at i: within one line, with no space
// at its ends, and no letter or digit outside of the marks.
func (d dialect) marked(s string, i int) (m mark, inner string, ok bool) {
	for _, m := range d.marks {
		rest, found := strings.CutPrefix(s[i:], m.mark)
		if !found || endsWord(s[:i]) {
			continue
		}
		line, _, _ := strings.Cut(rest, "\n")
		for from := 0; ; {
			n := strings.Index(line[from:], m.mark)
			if n < 0 {
				break
			}
			n += from
			from = n + len(m.mark)
			if inner = line[:n]; inner != "" && strings.TrimSpace(inner) == inner && !startsWord(line[from:]) {
				return m, inner, true
			}
		}
	}
	return mark{}, "", false
}

func endsWord(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func startsWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// link is a link, or only its label for a URL that a browser should not open.
func link(url, label string) string {
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") && !strings.HasPrefix(url, "mailto:") {
		return label
	}
	return `<a href="` + template.HTMLEscapeString(url) + `" target="_blank" rel="noopener">` + label + `</a>`
}
