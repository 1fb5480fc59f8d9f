package notice

import (
	"net/url"
	"strings"
)

// Cut shortens s to at most max characters, the last of them "…" if s was longer.
func Cut(s string, max int) string {
	head := 0 // where an ellipsis still fits
	for i := range s {
		if max--; max == 0 {
			head = i
		}
		if max < 0 {
			return strings.TrimRight(s[:head], " \n") + "…"
		}
	}
	return s
}

// IsWeb reports whether u can be shown as a link: an address on the web with
// nothing hidden in it.
func IsWeb(u string) bool {
	p, err := url.Parse(u)
	return err == nil && (p.Scheme == "https" || p.Scheme == "http") && p.Host != "" && Line(u) == u
}

// Units counts the characters of s as UTF-16 does: whatever a destination counts, it
// is no more than that.
func Units(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xFFFF {
			n++
		}
	}
	return n
}
