package visible

import "testing"

func TestText(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"plain", "Grüße, 世界\n\tא", "Grüße, 世界\n\tא"},
		{"direction", "some-\u202eecivres\u202c-\u2066x\u2069\u200e\u200f\u061c", `some-\u202eecivres\u202c-\u2066x\u2069\u200e\u200f\u061c`},
		{"no width", "pro\u200bd\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e\u3164\u115f\uffa0\u2800", `pro\u200bd\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e\u3164\u115f\uffa0\u2800`},
		{"tags", "a\U000e0041\U000e007f\U000e0100", `a\u{e0041}\u{e007f}\u{e0100}`},
		{"control", "a\x00\x1b[31m\x7f\u0085\u009b\u2028\u2029\ufff9\b", `a\u0000\u001b[31m\u007f\u0085\u009b\u2028\u2029\ufff9\u0008`},
		{"carriage returns", "a\r\nb\rc", "a\nb" + `\u000d` + "c"},
		{"emoji", "👩‍💻 ⚠️ 1️⃣ ❤️‍🔥 👍🏽 ↔️", "👩‍💻 ⚠️ 1️⃣ ❤️‍🔥 👍🏽 ↔️"},
		{"no emoji", "a\u200db\ufe0f", `a\u200db\ufe0f`},
		{"visible formats", "\u0600\u06dd", "\u0600\u06dd"},
		{"bad UTF-8", "a\x9bb", "a\ufffdb"},
	} {
		if got := Text(c.text); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"a\r\n\n\tb\u0085c\u2028d": "a b c d",
		"a \u202e\x1b[2Jb\n":       `a \u202e\u001b[2Jb`,
		"":                         "",
	} {
		if got := Line(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
