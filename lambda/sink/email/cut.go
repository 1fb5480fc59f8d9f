package email

import (
	"strings"
	"unicode/utf8"
)

// cut shortens s to at most max characters, the last of them "…" if s was longer.
func cut(s string, max int) string {
	if _, left := first(s, max, 1); left > 0 {
		head, _ := first(s, max-1, 1)
		return strings.TrimRight(head, " ") + "…"
	}
	return s
}

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
