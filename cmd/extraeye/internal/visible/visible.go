// Package visible makes the invisible characters of a text visible, such as of a name in an
// event: control characters, characters without a width, and those that change the direction
// of the text. They become escapes, such as \u202e.
package visible

import (
	"fmt"
	"strings"
	"unicode"
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
	for _, r := range s {
		if isInvisible(r) && !joinsEmoji(before, r) {
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

// isInvisible reports whether a character, other than a blank, shows nothing.
func isInvisible(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r == '\u2800': // a pattern of no dots
		return true
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r): // formats of digits, which are seen
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// Characters that emoji are made with.
const (
	joiner        = '\u200d'
	emojiSelector = '\ufe0f'
)

// joinsEmoji reports whether an invisible character, which comes after another one, is
// part of an emoji.
func joinsEmoji(before, r rune) bool {
	isSymbol := unicode.In(before, unicode.So, unicode.Sk)
	switch r {
	case joiner:
		return isSymbol || before == emojiSelector
	case emojiSelector:
		return isSymbol || strings.ContainsRune("#*0123456789‼⁉", before) || unicode.Is(unicode.Sm, before)
	}
	return false
}
