package notice

import "testing"

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
	} {
		if got := Cut(tt.text, tt.max); got != tt.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", tt.text, tt.max, got, tt.want)
		}
	}
}

func TestIsWeb(t *testing.T) {
	for u, want := range map[string]bool{
		"https://example.com/a?b=c#d": true,
		"http://example.com":          true,
		"HTTPS://example.com":         true,
		"":                            false,
		"javascript:alert(1)":         false,
		"data:text/html,x":            false,
		"//example.com":               false,
		"https:///path":               false,
		"https://example.com/\u202Ex": false,
		"https://example.com/a\nb":    false,
		" https://example.com":        false,
		"https://exa mple.com":        false,
		"mailto:someone@example.com":  false,
	} {
		if got := IsWeb(u); got != want {
			t.Errorf("IsWeb(%q) = %v, want %v", u, got, want)
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
