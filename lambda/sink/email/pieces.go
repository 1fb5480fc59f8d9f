package email

import (
	"html"
	"iter"
	"unicode"
	"unicode/utf8"
)

// How many characters fit side by side into each place of the mail, where it is as wide
// as it gets.
const (
	widestText  = 48
	widestCode  = 72
	widestLabel = 14
)

// outlookBreak is a line break that only Outlook for Windows sees. It breaks no word by
// itself: whatever the style, a long one would make its table, and so the mail, as
// wide as the word is.
//
// https://www.caniemail.com/features/css-overflow-wrap
// https://www.caniemail.com/features/html-wbr
const outlookBreak = "<!--[if mso]><br /><![endif]-->"

// pieces yields the characters of s, escaped, with the position of each. Between the words
// there may be spaces and line breaks; a word longer than most characters is broken for
// Outlook.
func pieces(s string, most int) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		length := 0 // of the word so far
		for i, r := range s {
			piece := escaped(s[i:], r)
			if length++; unicode.IsSpace(r) {
				length = 0
			} else if length > most {
				piece, length = outlookBreak+piece, 1
			}
			if !yield(i, piece) {
				return
			}
		}
	}
}

// escaped is the character that s begins with, escaped. Most are a part of s.
func escaped(s string, r rune) string {
	switch r {
	case utf8.RuneError:
		return string(utf8.RuneError)
	case '<', '>', '&', '\'', '"':
		return html.EscapeString(string(r))
	default:
		return s[:utf8.RuneLen(r)]
	}
}
