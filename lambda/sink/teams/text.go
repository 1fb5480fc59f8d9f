package teams

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
)

// some is s, or a dash in the place of nothing to see.
func some(s string) string {
	if strings.TrimSpace(s) == "" {
		return "–"
	}
	return s
}

// literal writes s so that Markdown shows it as it is: with a backslash before
// whatever could mean something, and a break for every line. The text blocks and
// facts of cards are Markdown as CommonMark has it, and have dates as {{DATE(…)}}.
//
// https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features
// https://spec.commonmark.org/0.31.2/#backslash-escapes
func literal(s string) string {
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteString("\n\n") // a single one is a space
		}
		text := strings.TrimLeft(line, " \t")
		b.WriteString(strings.Repeat("\u00A0", len(line)-len(text))) // spaces would be taken away
		digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
		before := '\n'
		for j, r := range text {
			_, size := utf8.DecodeRuneInString(text[j:])
			after, _ := utf8.DecodeRuneInString(text[j+size:])
			first := j == 0 && (r == '>' || strings.ContainsRune("-+#", r) && !word(after)) ||
				j == digits && j > 0 && (r == '.' || r == ')') && !word(after)
			if first || means(before, r, after) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
			before = r
		}
	}
	return b.String()
}

// means reports whether r could be markup between the characters before and after it.
func means(before, r, after rune) bool {
	switch r {
	case '*', '`', '~', '[', ']', '<', '|':
		return true
	case '_':
		return !word(before) || !word(after)
	case '{':
		return before == '{' || after == '{'
	case '&':
		return after == '#' || word(after)
	case '\\':
		return after == utf8.RuneError || after < 0x80 && !word(after) && after != ' '
	}
	return false
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// link makes a link of a label that is Markdown already. Without the address of a
// web page it is the label.
func link(u, label string) string {
	if u = webURL(u); u == "" {
		return label
	}
	return "[" + label + "](" + strings.NewReplacer("(", "%28", ")", "%29").Replace(u) + ")"
}

// webURL returns u, or "" if it is not the address of a web page or is too long.
// What no URL may have is encoded: some of it would end the URL in Markdown.
//
// https://www.rfc-editor.org/rfc/rfc3986#section-2
func webURL(u string) string {
	if !notice.IsWeb(u) {
		return ""
	}
	u = strings.NewReplacer(" ", "%20", `"`, "%22", "<", "%3C", ">", "%3E", "|", "%7C", `\`, "%5C", "^", "%5E", "`", "%60", "{", "%7B", "}", "%7D").Replace(u)
	if len(u) > maxURL {
		return ""
	}
	return u
}
