package email

import (
	"unicode/utf8"
)

// first returns the beginning of s, at most chars characters on at most lines
// lines, and how many characters come after it.
func first(s string, chars, lines int) (head string, left int) {
	for i, r := range s {
		if r == '\n' {
			lines--
		}
		if chars == 0 || lines == 0 {
			return s[:i], utf8.RuneCountInString(s[i:])
		}
		chars--
	}
	return s, 0
}
