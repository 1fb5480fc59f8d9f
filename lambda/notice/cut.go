package notice

import (
	"iter"
	"strings"
	"unicode/utf8"
)

// Cut shortens s to at most limit characters, the last of them "…" if s was longer.
func Cut(s string, limit int) string {
	head := 0 // where an ellipsis still fits
	for i := range s {
		if limit--; limit == 0 {
			head = i
		}
		if limit < 0 {
			return strings.TrimRight(s[:head], " \n") + "…"
		}
	}
	return s
}

// CutBefore is s with tail after it: [Cut] shortens s, and s alone, so that both have
// at most limit characters.
func CutBefore(s, tail string, limit int) string {
	return Cut(s, limit-utf8.RuneCountInString(tail)) + tail
}

// CutPieces joins the pieces that a text is escaped to, as many as have at most limit
// [Units] with the "…" after them if there are more, and reports whether that is all.
func CutPieces(pieces iter.Seq[string], limit int) (s string, whole bool) {
	var b strings.Builder
	used, head := 0, 0 // head ends where an ellipsis still fits
	for piece := range pieces {
		if used += Units(piece); used > limit {
			return strings.TrimRight(b.String()[:head], " \n") + "…", false
		}
		b.WriteString(piece)
		if used < limit {
			head = b.Len()
		}
	}
	return b.String(), true
}

// Units counts the characters of s as UTF-16 does. No way in which a destination counts
// results in more.
func Units(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xFFFF {
			n++
		}
	}
	return n
}

// Char is a character as a text, which takes no memory if it is of ASCII.
func Char(r rune) string {
	if 0 <= r && r < utf8.RuneSelf {
		return string([]byte{byte(r)})
	}
	return string(r)
}
