package teams

import (
	"strings"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
)

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
		escapeLine(&b, text)
	}
	return b.String()
}

func escapeLine(b *strings.Builder, line string) {
	mark, before := blockMark(line), '\n'
	for i, r := range line {
		_, size := utf8.DecodeRuneInString(line[i:])
		after, _ := utf8.DecodeRuneInString(line[i+size:])
		if i == mark || isMarkup(before, r, after) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		before = r
	}
}

// blockMark returns where the character stands that would make a quote, a heading or
// an item of a list of a line, or -1.
func blockMark(line string) int {
	rest := strings.TrimLeft(line, "0123456789")
	digits := len(line) - len(rest)
	if rest == "" {
		return -1
	}
	marks := "-+#"
	if digits > 0 {
		marks = ".)"
	}
	after, _ := utf8.DecodeRuneInString(rest[1:])
	if digits == 0 && rest[0] == '>' || strings.IndexByte(marks, rest[0]) >= 0 && !notice.IsWord(after) {
		return digits
	}
	return -1
}

// isMarkup reports whether r could be markup between the characters before and after it.
func isMarkup(before, r, after rune) bool {
	switch r {
	case '*', '`', '~', '[', ']', '<', '|':
		return true
	case '_':
		return !notice.IsWord(before) || !notice.IsWord(after)
	case '{':
		return before == '{' || after == '{'
	case '&':
		return after == '#' || notice.IsWord(after)
	case '\\':
		return isEscapable(after)
	}
	return false
}

// isEscapable reports whether a backslash before r could be an escape, or an escape of
// the line break at the end of the text.
func isEscapable(r rune) bool {
	return r == utf8.RuneError || r < utf8.RuneSelf && r != ' ' && !notice.IsWord(r)
}

// link makes a link of a label that is Markdown already. Without the address of a
// web page it is the label.
func link(u, label string) string {
	if u = webURL(u); u == "" {
		return label
	}
	return "[" + label + "](" + strings.NewReplacer("(", "%28", ")", "%29").Replace(u) + ")"
}

// webURL returns u as a link that ends where it should, or "" if it is not the address
// of a web page or is too long.
func webURL(u string) string {
	u = strings.NewReplacer("{", "%7B", "}", "%7D").Replace(notice.EncodeURL(u))
	if len(u) > maxURL {
		return ""
	}
	return u
}
