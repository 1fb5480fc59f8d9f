package notice

import "testing"

func TestIsWeb(t *testing.T) {
	for u, want := range map[string]bool{
		"https://example.com/a?b=c#d": true,
		"http://example.com":          true,
		"HTTPS://example.com":         false, // not every recipient takes that
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

func TestEncodeURL(t *testing.T) {
	for u, want := range map[string]string{
		"https://example.com/a?b=c#d":      "https://example.com/a?b=c#d",
		"https://example.com/\"<|>\\^`%41": "https://example.com/%22%3C%7C%3E%5C%5E%60%41",
		"https://example.com/a b":          "https://example.com/a%20b",
		"javascript:alert(1)":              "",
		"":                                 "",
	} {
		if got := EncodeURL(u); got != want {
			t.Errorf("EncodeURL(%q) = %q, want %q", u, got, want)
		}
	}
}
