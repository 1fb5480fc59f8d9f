package notice

import "testing"

func TestClean(t *testing.T) {
	tests := []struct{ text, line, block string }{
		{"plain", "plain", "plain"},
		{"  a \t b  ", "a b", "  a \t b  "},
		{"a\r\nb\rc\u2028d", "a b c d", "a\nb\nc\nd"},
		{"\n\na\n\n", "a", "a"},
		{"a\x00b\x1b[31m", "a b [31m", "a b [31m"},
		{"user\u202Etxt.exe\u2066x\u2069", "usertxt.exex", "usertxt.exex"},
		{"\uFEFFa\xff", "a\uFFFD", "a\uFFFD"},
		{"Grüße 你好 👩‍💻", "Grüße 你好 👩‍💻", "Grüße 你好 👩‍💻"},
		{"", "", ""},
	}
	for _, tt := range tests {
		if got := Line(tt.text); got != tt.line {
			t.Errorf("Line(%q) = %q, want %q", tt.text, got, tt.line)
		}
		if got := Block(tt.text); got != tt.block {
			t.Errorf("Block(%q) = %q, want %q", tt.text, got, tt.block)
		}
	}
}
