package teams

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
)

// literal writes s so that it is shown as it is, with a break for every line. Text
// blocks and facts are Markdown, which Teams reads with two parsers. On desktops a
// backslash escapes any punctuation, as in CommonMark; on phones it escapes only
// [ ] ) * and _, and is shown before everything else. So what both escape is escaped,
// what both read as entities is written as one, and the rest gives way to characters
// that look the same. A line that would begin a list, a heading or a quote begins with
// a no-break space.
//
// https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features
// https://spec.commonmark.org/0.31.2/#backslash-escapes
// https://github.com/microsoft/AdaptiveCards/issues/5590
// https://github.com/microsoft/Teams-AdaptiveCards-Mobile/blob/main/source/shared/cpp/ObjectModel/MarkDownBlockParser.cpp
func literal(s string) string {
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteString("\n\n") // a single one is a space
		}
		text := strings.TrimLeft(line, " \t")
		indent := len(line) - len(text) // as spaces it would be taken away
		if indent == 0 && beginsBlock(text) {
			indent = 1
		}
		b.WriteString(strings.Repeat("\u00A0", indent))
		before := '\n'
		for i, r := range text {
			_, size := utf8.DecodeRuneInString(text[i:])
			b.WriteString(piece(before, r, text[i+size:]))
			before = r
		}
	}
	return b.String()
}

// beginsBlock reports whether a line would be a quote, a heading or an item of a list.
func beginsBlock(line string) bool {
	rest := strings.TrimLeft(line, "0123456789")
	if rest == "" {
		return false
	}
	marks := "-+#"
	if rest != line {
		marks = ".)"
	}
	after, _ := utf8.DecodeRuneInString(rest[1:])
	return line[0] == '>' || strings.IndexByte(marks, rest[0]) >= 0 && !notice.IsWord(after)
}

// written is what is written for the characters that may mean something.
var written = map[rune]string{
	'*': `\*`, '[': `\[`, ']': `\]`, '_': `\_`, '<': "&lt;", '&': "&amp;", '`': "ˋ", '~': "∼", '{': " {", '\\': "∖",
}

// piece writes the character r between the one before it and the rest of its line.
func piece(before, r rune, rest string) string {
	if s := written[r]; s != "" && hasMeaning(before, r, rest) {
		return s
	}
	return notice.Char(r)
}

// hasMeaning reports whether one of the written characters means something where it is.
func hasMeaning(before, r rune, rest string) bool {
	after, _ := utf8.DecodeRuneInString(rest)
	switch r {
	case '_': // not within a word
		return !notice.IsWord(before) || !notice.IsWord(after)
	case '&': // begins an entity
		return after == '#' || notice.IsWord(after)
	case '~': // ends what is struck out
		return !unicode.IsSpace(before)
	case '{': // begins a date
		return before == '{' && (strings.HasPrefix(rest, "DATE(") || strings.HasPrefix(rest, "TIME("))
	case '\\':
		return isEscapable(after)
	}
	return true
}

// isEscapable reports whether a backslash before r could escape it, or whatever follows
// the text.
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
