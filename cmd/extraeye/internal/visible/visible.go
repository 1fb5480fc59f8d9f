// Package visible makes the invisible characters of a text visible, such as of a name in an
// event: control characters, characters without a width, and those that change the direction
// of the text. They become escapes, such as \u202e.
package visible

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
)

// Text makes the characters of a text visible. Line feeds and tabs stay, and bytes that
// are not UTF-8 become U+FFFD.
func Text(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	if !strings.ContainsFunc(s, isInvisible) {
		return s
	}
	var out strings.Builder
	before := rune(0)
	for i, r := range s {
		after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		if isInvisible(r) && !notice.IsInEmoji(before, r, after) {
			out.WriteString(escape(r))
		} else {
			out.WriteRune(r)
		}
		before = r
	}
	return out.String()
}

// Line is [Text] in one line: line breaks and tabs become blanks.
func Line(s string) string {
	return Text(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("\n\r\t\u0085\u2028\u2029", r) }), " "))
}

func escape(r rune) string {
	if r > 0xFFFF {
		return fmt.Sprintf(`\u{%x}`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// isInvisible reports whether a character, other than a blank, shows nothing: what gets into
// no notice, and controls.
func isInvisible(r rune) bool {
	if ' ' <= r && r <= '~' { // nearly all of a page
		return false
	}
	const noDots = '\u2800' // a Braille pattern
	return r != '\n' && r != '\t' && (unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) || r == noDots || notice.IsHidden(r))
}
