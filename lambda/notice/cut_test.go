package notice

import (
	"strings"
	"testing"
)

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		text string
		max  int
		want string
	}{
		{"", 5, ""},
		{"abcde", 5, "abcde"},
		{"abcdef", 5, "abcd…"},
		{"ab  cdef", 5, "ab…"},
		{"äöüßé", 5, "äöüßé"},
		{"äöüßéè", 5, "äöüß…"},
		{"日本語日本語", 3, "日本…"},
		{"ab", 1, "…"},
		{"abc", 3, "abc"},
		{"👩\u200d💻x", 1, "…"},
	} {
		if got := Cut(tt.text, tt.max); got != tt.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", tt.text, tt.max, got, tt.want)
		}
	}
}

func TestCutBefore(t *testing.T) {
	for _, tt := range []struct {
		text, tail string
		max        int
		want       string
	}{
		{"abc", "(d)", 6, "abc(d)"},
		{"abcd", "(d)", 6, "ab…(d)"},
		{"äöüß", "ß", 4, "äö…ß"},
		{"abc", "(d)", 2, "…(d)"},
	} {
		if got := CutBefore(tt.text, tt.tail, tt.max); got != tt.want {
			t.Errorf("CutBefore(%q, %q, %d) = %q, want %q", tt.text, tt.tail, tt.max, got, tt.want)
		}
	}
}

func TestCutPieces(t *testing.T) {
	for _, tt := range []struct {
		pieces string
		max    int
		want   string
		whole  bool
	}{
		{"", 3, "", true},
		{"&amp; a", 6, "&amp;a", true},
		{"&amp; a b", 6, "&amp;…", false},
		{"a &amp; b", 6, "a…", false},
		{"a 👍 b", 4, "a👍b", true},
		{"a 👍 b", 3, "a…", false},
		{"&amp;", 4, "…", false},
	} {
		got, whole := CutPieces(strings.FieldsSeq(tt.pieces), tt.max)
		if got != tt.want || whole != tt.whole {
			t.Errorf("CutPieces(%q, %d) = %q, %v, want %q", tt.pieces, tt.max, got, whole, tt.want)
		}
	}
}

func TestUnits(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "größe": 5, "日本": 2, "👍": 2, "👩\u200d💻": 5} {
		if got := Units(s); got != want {
			t.Errorf("Units(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestChar(t *testing.T) {
	for _, r := range []rune{-1, 0, 'a', '~', 0x7F, 0x80, 'ü', '€', '😀', 0xD800, 0x10FFFF, 0x110000} {
		if got := Char(r); got != string(r) {
			t.Errorf("%U is %q", r, got)
		}
	}
	if n := testing.AllocsPerRun(10, func() { Char('a') }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
