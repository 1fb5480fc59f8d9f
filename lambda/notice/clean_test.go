package notice

import (
	"strings"
	"testing"
	"unicode"
)

func TestClean(t *testing.T) {
	tests := []struct{ text, line, block string }{
		{"plain", "plain", "plain"},
		{"  a \t b  ", "a b", "  a \t b  "},
		{" a", "a", " a"}, {"a ", "a", "a "}, {"a  b", "a b", "a  b"}, {" ", "", " "}, {"\n", "", ""}, {"\t", "", "\t"},
		{"a~\x7fb\x1fc", "a~ b c", "a~ b c"},
		{"a\r\nb\rc\u2028d", "a b c d", "a\nb\nc\nd"},
		{"\n\na\n\n", "a", "a"},
		{"a\x00b\x1b[31m", "a b [31m", "a b [31m"},
		{"user\u202Etxt.exe\u2066x\u2069", "usertxt.exex", "usertxt.exex"},
		{"\uFEFFa\xff", "a\uFFFD", "a\uFFFD"},
		{"Grüße 你好 👩‍💻", "Grüße 你好 👩‍💻", "Grüße 你好 👩‍💻"},
		{"shop\u200B-pro\u00ADd\u2060 \u3164\u115F\u1160\uFFA0x", "shop-prod x", "shop-prod x"},
		{"a\U000E0041\U000E007Fb\U000E0100c\u180Ed\u034Fe\uFDD0f", "abcdef", "abcdef"},
		{"a\u2800b", "a b", "a b"},
		{"\u0600\u0661 of \u06DD", "\u0600\u0661 of \u06DD", "\u0600\u0661 of \u06DD"}, // drawn around digits
		{"👩‍💻 👨‍⚕️ 🏳️‍🌈 ❤️‍🔥 1️⃣ ⚠️ ℹ️ ☎︎ 👍🏽", "👩‍💻 👨‍⚕️ 🏳️‍🌈 ❤️‍🔥 1️⃣ ⚠️ ℹ️ ☎︎ 👍🏽", "👩‍💻 👨‍⚕️ 🏳️‍🌈 ❤️‍🔥 1️⃣ ⚠️ ℹ️ ☎︎ 👍🏽"},
		{"a\u200Db 👩\u200Db a\u200D💻 1\uFE0F2 a\uFE0F ⚠\uFE0F\uFE0F\uFE0E", "ab 👩b a💻 12 a ⚠\uFE0F", "ab 👩b a💻 12 a ⚠\uFE0F"},
		{"👩\u200D\u200B\u202E💻", "👩💻", "👩💻"},
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

// TestNothingInvisible puts every character that shows nothing between two that do.
func TestNothingInvisible(t *testing.T) {
	hidden := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.In(r, unicode.Cf, unicode.Bidi_Control, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) ||
			unicode.Is(unicode.Prepended_Concatenation_Mark, r) {
			continue
		}
		hidden++
		if line, block := Line("a"+string(r)+"b"), Block("a"+string(r)+"b"); line != "ab" || block != "ab" {
			t.Errorf("%U: Line leaves %+q, Block %+q", r, line, block)
		}
	}
	if hidden < 4000 {
		t.Errorf("tried only %d characters", hidden)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\u200D👩\u200D💻\uFE0F\u202E\r\n1\uFE0F\u20E3")
	f.Fuzz(func(t *testing.T, s string) {
		line, block := Line(s), Block(s)
		if Line(line) != line || Block(block) != block || Line(block) != line {
			t.Errorf("%+q is cleaned to %+q and %+q, which are not clean", s, line, block)
		}
		if strings.ContainsFunc(line, isControl) {
			t.Errorf("%+q has a control character", line)
		}
	})
}
