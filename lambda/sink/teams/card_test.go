package teams

import (
	"html"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
)

func TestLiteral(t *testing.T) {
	for in, want := range map[string]string{
		"":                        "",
		"some_service-1.2 (ok)!":  "some_service-1.2 (ok)!",
		"_a_ __init__ a__b":       `\_a\_ \_\_init\_\_ a\_\_b`,
		"2*3*4":                   `2\*3\*4`,
		"[a](https://x)":          `\[a\](https://x)`,
		"<at>all</at> a < b":      `&lt;at>all&lt;/at> a &lt; b`,
		"R&D & &amp; &#95;":       `R&amp;D & &amp;amp; &amp;#95;`,
		`C:\dir \_ \`:             `C:\dir ∖\_ ∖`,
		"a | b ~/c ~~d~~ `e`":     "a | b ~/c ~∼d∼∼ ˋeˋ",
		"- one\n  - two\n+ three": "\u00A0- one\n\n\u00A0\u00A0- two\n\n\u00A0+ three",
		"1. a\n12)\n1.5 c\n.5 -1": "\u00A01. a\n\n\u00A012)\n\n1.5 c\n\n.5 -1",
		"---\n-1\n##\n#1":         "\u00A0---\n\n-1\n\n\u00A0##\n\n#1",
		"# h\n> q\na # b > c":     "\u00A0# h\n\n\u00A0> q\n\na # b > c",
		"{{DATE(x)}} {{{TIME(":    "{ {DATE(x)}} {{ {TIME(",
		`{"a":{"b":[1]}} {{.X}}`:  `{"a":{"b":\[1\]}} {{.X}}`,
	} {
		if got := literal(in); got != want {
			t.Errorf("literal(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		in   string
		max  int
		want string
	}{
		{"", 1, ""}, {"äö", 2, "äö"}, {"äöü", 2, "ä…"}, {"ab cd", 4, "ab…"}, {"😀😀", 1, "…"},
	} {
		if got := notice.Cut(tt.in, tt.max); got != tt.want {
			t.Errorf("notice.Cut(%q, %d) = %q, want %q", tt.in, tt.max, got, tt.want)
		}
	}
}

func TestFacts(t *testing.T) {
	n := &notice.Notice{Title: "t_", Kind: notice.KindUnknown, Event: []byte(`{"a":[1]}`)}
	n.Add("In*stance", "[i-1]", "https://console/?a=(b)|c")
	n.Add("Evil", "x", "javascript:alert(1)")
	n.Add("\x00", "\x00", "")
	n.Link("\x00", "https://whole")
	n.Add(notice.LogTail, "one\ntwo", "https://e")
	n.Add("Long", strings.Repeat("x", maxShort+1), "")
	body := string(Body(n))
	for _, want := range []string{
		`"facts":[{"title":"In\\*stance","value":"[\\[i-1\\]](https://console/?a=%28b%29%7Cc)"},{"title":"Evil","value":"x"},{"title":"–","value":"–"}]`,
		`{"type":"Action.OpenUrl","title":"–","url":"https://whole"}`,
		`"text":"[Log tail](https://e)","weight":"Bolder"`,
		`"text":"one\n\ntwo","fontType":"Monospace"`,
		`"text":"xxx`,
		`{"title":"The event as it came","value":"{\"a\":\\[1\\]}"}`,
		`"fallbackText":"t\\_"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is not in\n%s", want, body)
		}
	}
	if strings.Contains(body, "javascript") || strings.Contains(body, "Shortened") {
		t.Error(body)
	}
}

func TestShortened(t *testing.T) {
	n := &notice.Notice{Title: "t", Summary: strings.Repeat("s", maxSummary+1)}
	n.Link("Bad", "ftp://x")
	n.Link("Whole_", "https://whole")
	if body := string(Body(n)); !strings.Contains(body, `"Shortened; the whole: [Whole\\_](https://whole)"`) {
		t.Error(body)
	}
	n.Summary = ""
	for range 150 {
		n.Add("a", strings.Repeat("b", maxShort), "")
	}
	if body := string(Body(n)); !strings.Contains(body, ` more facts not shown; the whole: [Whole`) {
		t.Error(body)
	}
}

func TestStyle(t *testing.T) {
	for _, tt := range []struct {
		severity    notice.Severity
		status      notice.Status
		name, style string
	}{
		{notice.Critical, notice.Open, "Critical", "attention"},
		{notice.Error, notice.Open, "Error", "attention"},
		{notice.Warning, notice.Resolved, "Warning", "warning"},
		{notice.Info, notice.Resolved, "OK", "good"},
		{"", notice.Marker, "Info", "accent"},
	} {
		head := (&builder{}).head(&notice.Notice{Severity: tt.severity, Status: tt.status})
		if head.Style != tt.style || head.Items[0].Text != tt.name {
			t.Errorf("%s %s has the style %s and says %s", tt.severity, tt.status, head.Style, head.Items[0].Text)
		}
	}
}

func FuzzBody(f *testing.F) {
	f.Add("<at>a</at>", "*a* & [b](c)", "x\n\n  _y_", "https://x/?a=b|c>d)", 3, 1)
	f.Add("", "", "", "javascript:", 300, 900)
	f.Add("😀", "\x00\u202E\xff", "1.", "http://[::1", 20, 400)
	f.Fuzz(func(t *testing.T, title, label, value, url string, facts, times int) {
		times = min(max(times, 1), 1000)
		n := &notice.Notice{Title: strings.Repeat(title, times), Summary: value, Service: label, Kind: notice.KindUnknown, Event: []byte(value), Time: time.Unix(0, 0)}
		n.Add(label, strings.Repeat(value, times), url)
		for range min(max(facts, 0), 300) {
			n.Add(label, value, url)
			n.Link(label, url)
		}
		body := Body(n)
		n.Links = nil // may be no web pages
		checkCard(t, n, body)
		if !utf8.Valid(body) {
			t.Error("not UTF-8")
		}
	})
}

// shown is what Teams shows of a text, if its parser takes backslashes for escapes
// before the given characters.
func shown(text, escapable string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && strings.IndexByte(escapable, text[i+1]) >= 0 {
			i++
		}
		b.WriteByte(text[i])
	}
	return html.UnescapeString(b.String())
}

// FuzzLiteral shows texts as desktops and as phones do: both must show the same, and
// what was meant.
func FuzzLiteral(f *testing.F) {
	f.Add("*a* [b](c) 1. {{DATE(")
	f.Add("\\\\_\n - x")
	f.Add("Failed to start <shop.service> & &lt; ~~a~~ `b` | c")
	lookAlikes := strings.NewReplacer("ˋ", "`", "∼", "~", "∖", `\`, "{ {DATE(", "{{DATE(", "{ {TIME(", "{{TIME(", "\u00A0", "")
	f.Fuzz(func(t *testing.T, s string) {
		s = notice.Block(s)
		got := literal(s)
		for _, bad := range []string{"](", "{{DATE(", "{{TIME(", "**", "~~", "`", "<", "\n-", "\n#", "\n>", "\n1."} {
			text := strings.NewReplacer(`\\`, "e", `\*`, "e", `\]`, "e").Replace("\n" + got)
			if after := strings.TrimPrefix(bad, "\n"); strings.Contains(text, bad) && (after == bad || strings.Contains(text, bad+" ")) {
				t.Errorf("literal(%q) = %q has %s", s, got, bad)
			}
		}
		desktop, phone := shown(got, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"), shown(got, "[])*_")
		if desktop != phone {
			t.Errorf("literal(%q) = %q is shown as %q on desktops, as %q on phones", s, got, desktop, phone)
		}
		var lines []string
		for line := range strings.SplitSeq(s, "\n") {
			lines = append(lines, strings.TrimLeft(line, " \t"))
		}
		want := strings.Join(lines, "\n\n")
		if got, want := lookAlikes.Replace(desktop), lookAlikes.Replace(want); got != want {
			t.Errorf("%q is shown as %q", s, desktop)
		}
	})
}
