package notice

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line makes one line of s: valid UTF-8 with single spaces, without line breaks,
// control characters or characters that nobody can see.
func Line(s string) string {
	if isLine(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if isControl(r) || isBreak(r) || r == blank {
			return ' '
		}
		return r
	}, visible(s))
	return strings.Join(strings.Fields(s), " ")
}

// Block is [Line] for text of many lines: breaks become \n and spaces are kept.
func Block(s string) string {
	if !isBlock(s) {
		s = strings.Map(func(r rune) rune {
			switch {
			case isBreak(r):
				return '\n'
			case r == '\t':
				return r
			case isControl(r), r == blank:
				return ' '
			}
			return r
		}, strings.ReplaceAll(visible(s), "\r\n", "\n"))
	}
	return strings.Trim(s, "\n")
}

// isLine reports whether s is ASCII that [Line] leaves as it is, as most texts are.
func isLine(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == ' ' && before == ' ' {
			return false
		}
		before = s[i]
	}
	return before != ' ' || s == ""
}

// isBlock reports whether s is ASCII in which [Block] replaces nothing.
func isBlock(s string) bool {
	for i := range len(s) {
		if (s[i] < ' ' || s[i] > '~') && s[i] != '\n' && s[i] != '\t' {
			return false
		}
	}
	return true
}

// IsWord reports whether r is a letter or a digit. A character that formats
// text formats nothing between two of them in most markup.
func IsWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func isBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

func isControl(r rune) bool { return r < ' ' || 0x7F <= r && r <= 0x9F }

// blank is the Braille pattern without dots, which looks like a space.
const blank = '\u2800'

// visible makes valid UTF-8 of s and removes the characters that show nothing, except
// where they make one emoji of two.
func visible(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if !strings.ContainsFunc(s, IsHidden) {
		return s
	}
	var b strings.Builder
	before := ' '
	for i, r := range s {
		if IsHidden(r) {
			after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
			if !IsInEmoji(before, r, after) {
				continue
			}
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

// IsHidden reports whether r shows nothing by itself: the format characters of
// Unicode, which include those that turn the direction of writing, what a font is to
// ignore, and what is not a character at all. The few format characters that are
// drawn around digits stay.
//
// https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
// https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
func IsHidden(r rune) bool {
	if r < 0xAD { // the first of them
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Noncharacter_Code_Point) &&
		!unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

const (
	joiner     = '\u200D' // makes one emoji of two
	textStyle  = '\uFE0E' // shows an emoji without color
	emojiStyle = '\uFE0F' // shows a character as an emoji
	keycap     = '\u20E3' // after a digit, # or * and emojiStyle: a key
)

// IsInEmoji reports whether r, which shows nothing by itself, is part of an emoji
// between the characters before and after it.
//
// https://www.unicode.org/reports/tr51/#Definitions
func IsInEmoji(before, r, after rune) bool {
	switch r {
	case joiner:
		return (isPictograph(before) || before == emojiStyle) && isPictograph(after)
	case textStyle, emojiStyle:
		return isPictograph(before) || after == keycap && strings.ContainsRune("#*0123456789", before)
	}
	return false
}

// isPictograph reports whether r may be an emoji: it is in one of their blocks, or one
// of the few elsewhere.
//
// https://www.unicode.org/Public/emoji/latest/emoji-test.txt
func isPictograph(r rune) bool {
	return 0x1F000 <= r && r <= 0x1FAFF || 0x2190 <= r && r <= 0x2BFF || strings.ContainsRune("©®‼⁉™ℹ〰〽㊗㊙", r)
}
