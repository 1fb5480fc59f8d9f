package notice

import (
	"strings"
	"unicode"
)

// Line makes one line of s: valid UTF-8 without control characters, line breaks
// or marks that turn the direction of writing, single spaces.
func Line(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case isControl(r), isBreak(r):
			return ' '
		case isHidden(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

// Block is [Line] for text of many lines: breaks become \n and spaces are kept.
func Block(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case isBreak(r):
			return '\n'
		case r == '\t':
			return r
		case isControl(r):
			return ' '
		case isHidden(r):
			return -1
		}
		return r
	}, s)
	return strings.Trim(s, "\n")
}

// IsWord reports whether r is a letter or a digit. What formats text and stands
// between two of them formats nothing in most markup.
func IsWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func isBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

func isControl(r rune) bool { return r < ' ' || 0x7F <= r && r <= 0x9F }

// isHidden reports whether r is a mark that shows nothing but changes how its
// neighbors are shown: the direction marks, overrides and isolates of Unicode's
// bidirectional algorithm, the byte order mark, interlinear annotations and what
// is not a character at all.
//
// https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
func isHidden(r rune) bool {
	switch r {
	case '\u061C', '\u200E', '\u200F', '\uFEFF':
		return true
	}
	return '\u202A' <= r && r <= '\u202E' || '\u2066' <= r && r <= '\u2069' || '\uFFF9' <= r && r <= '\uFFFB' ||
		r == '\uFFFE' || r == '\uFFFF'
}
