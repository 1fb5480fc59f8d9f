package main

import (
	"strings"
	"unicode/utf8"
)

// cells joins the cells of a line.
func cells(texts ...string) string { return strings.TrimRight(strings.Join(texts, gap), " ") }

// pad fills a cell with blanks.
func pad(s string, columns int) string {
	return s + strings.Repeat(" ", max(columns-utf8.RuneCountInString(s), 0))
}

// cutEnd cuts off the end of a text.
func cutEnd(s string, columns int) string {
	runes := []rune(s)
	if len(runes) <= columns {
		return s
	}
	return string(runes[:max(columns-1, 0)]) + "…"
}

// cutMiddle cuts the middle out of a name or a path: its beginning and, even more, its end
// distinguish it from others.
func cutMiddle(s string, columns int) string {
	runes := []rune(s)
	if len(runes) <= columns {
		return s
	}
	room := max(columns-1, 0)
	start := room / 3
	return string(runes[:start]) + "…" + string(runes[len(runes)-(room-start):])
}
