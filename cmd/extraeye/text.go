package main

import (
	"strings"
	"unicode/utf8"
)

// cells joins the cells of a line.
func cells(texts ...string) string { return strings.TrimRight(strings.Join(texts, gap), " ") }

// pad fills a cell up with blanks.
func pad(s string, columns int) string {
	return s + strings.Repeat(" ", max(columns-utf8.RuneCountInString(s), 0))
}

// cutEnd cuts a text that begins with what matters.
func cutEnd(s string, columns int) string {
	runes := []rune(s)
	if len(runes) <= columns {
		return s
	}
	return string(runes[:max(columns-1, 0)]) + "…"
}

// cutMiddle cuts a name or a path, of which the beginning and, even more, the end tell it
// from others.
func cutMiddle(s string, columns int) string {
	runes := []rune(s)
	if len(runes) <= columns {
		return s
	}
	room := max(columns-1, 0)
	start := room / 3
	return string(runes[:start]) + "…" + string(runes[len(runes)-(room-start):])
}
