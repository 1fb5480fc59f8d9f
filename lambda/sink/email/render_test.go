package email

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/lambda/notice"
)

func TestRender(t *testing.T) {
	for name, n := range samples() {
		t.Run(name, func(t *testing.T) {
			m := Render(n)
			check(t, m)
			golden.File(t, "testdata/"+name+".html", m.HTML)
			golden.File(t, "testdata/"+name+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
		})
	}
}

// TestRenderHostile checks the mail that is as large as a mail gets.
func TestRenderHostile(t *testing.T) {
	n := hostile(hostileText)
	m := Render(n)
	check(t, m)
	for _, want := range []string{"more characters below", "more characters in the plain text part", "more facts in the plain text part", "The event as it came"} {
		if !strings.Contains(m.HTML, want) {
			t.Errorf("the html part does not say %q", want)
		}
	}
	for _, f := range n.Facts {
		if label := notice.Line(f.Label) + ":"; !strings.Contains(m.Text, label) {
			t.Errorf("the text part does not have %q", label)
		}
	}
}

// texts returns the texts of a mail between its tags, without the style.
func texts(t *testing.T, mail string) []string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(mail))
	var all []string
	text, inHead := "", false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			inHead = inHead || e.Name.Local == "head"
			all, text = append(all, text), ""
		case xml.EndElement:
			inHead = inHead && e.Name.Local != "head"
			all, text = append(all, text), ""
		case xml.CharData:
			if !inHead {
				text += string(e)
			}
		}
	}
}

// TestLongWords shows that no word widens the mail in Outlook for Windows, and that all
// others see every word whole.
func TestLongWords(t *testing.T) {
	long := strings.Repeat("W", 500)
	n := &notice.Notice{Title: long, Summary: long, Service: long, Account: long, ID: long, Event: []byte(`"` + long + `"`)}
	n.Add(long, long+"\n"+long, "https://example.com")
	n.Add(notice.LogTail, long+strings.Repeat("\n"+long, 10), "")
	n.Link(long, "https://example.com")
	for name, n := range map[string]*notice.Notice{"words": n, "hostile": hostile(hostileText), "explained": samples()["explained"]} {
		mail := Render(n).HTML
		longest := 0
		for _, text := range texts(t, strings.ReplaceAll(mail, "<!--[if mso]><br /><![endif]-->", "\n")) {
			for word := range strings.FieldsSeq(text) {
				longest = max(longest, utf8.RuneCountInString(word))
			}
		}
		if longest > 72 {
			t.Errorf("%s: a word of %d characters in Outlook", name, longest)
		}
		if name == "words" && !slices.Contains(texts(t, mail), long) {
			t.Errorf("%s: no word is whole elsewhere", name)
		}
	}
}

func TestSubject(t *testing.T) {
	long := strings.Repeat("ä", 300)
	for _, test := range []struct{ title, service, want string }{
		{"web-7 was terminated", "shop", "web-7 was terminated (shop)"},
		{"The SHOP is open", "shop", "The SHOP is open"},
		{"web-7 was terminated", "", "web-7 was terminated"},
		{"web-7\r\nBcc: a@example.com", "sh\nop", "web-7 Bcc: a@example.com (sh op)"},
		{"\u200Fa\u202Egpj.exe\u2069b\uFEFF", "", "agpj.exeb"},
		{"a\xff\xfeb\u2028c\x00d\u0085e", "", "a\uFFFDb c d e"},
		{long, "", strings.Repeat("ä", 199) + "…"},
		{long, "shop", strings.Repeat("ä", 192) + "… (shop)"},
		{"t", long, "t (" + strings.Repeat("ä", 59) + "…)"},
		{" ", "", "Something happened"},
	} {
		if got := Render(&notice.Notice{Title: test.title, Service: test.service}).Subject; got != test.want {
			t.Errorf("subject of %q, service %q: got %q, want %q", test.title, test.service, got, test.want)
		}
	}
}

// check fails if a mail breaks a rule that holds for every notice.
func check(t *testing.T, m Message) {
	t.Helper()
	for part, s := range map[string]string{"subject": m.Subject, "html": m.HTML, "text": m.Text} {
		if !utf8.ValidString(s) {
			t.Errorf("the %s is not valid UTF-8", part)
		}
		if i := strings.IndexFunc(s, func(r rune) bool {
			return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || unicode.IsControl(r) && r != '\n' && r != '\t'
		}); i >= 0 {
			t.Errorf("the %s has a control character: %q", part, s[i:min(len(s), i+20)])
		}
	}
	if strings.ContainsAny(m.Subject, "\n\t") || m.Subject == "" || utf8.RuneCountInString(m.Subject) > maxSubject {
		t.Errorf("subject: %q", m.Subject)
	}
	if len(m.HTML) > maxHTML {
		t.Errorf("the html part has %d bytes, more than %d", len(m.HTML), maxHTML)
	}
	if len(m.Text) > maxText+100 {
		t.Errorf("the text part has %d bytes, more than %d", len(m.Text), maxText)
	}
	structure(t, m.HTML)
}

// elements are the elements of a mail with the attributes that they may have.
var elements = map[string]string{
	"html": "lang dir", "head": "", "meta": "charset name content", "title": "", "style": "",
	"body": "class bgcolor style", "div": "class style", "span": "class style", "h1": "class style",
	"table": "class role width cellpadding cellspacing border bgcolor align style", "tr": "",
	"td": "class width height align valign colspan bgcolor style", "br": "",
	"a": "class href style", "details": "open", "summary": "class style", "pre": "class style",
}

// structure returns the elements of a mail, one a line and indented, without
// their text. It fails if one is not closed where it should be, is none that the
// mail may have, or links elsewhere than to the web.
func structure(t *testing.T, mail string) string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(mail))
	d.Entity = map[string]string{} // nothing but numeric entities and XML's own
	var out strings.Builder
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out.String()
		}
		if err != nil {
			t.Fatalf("the html part is not well formed: %v", err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			attributes, ok := elements[e.Name.Local]
			if !ok {
				t.Errorf("unexpected element <%s>", e.Name.Local)
			}
			for _, a := range e.Attr {
				if !strings.Contains(" "+attributes+" ", " "+a.Name.Local+" ") {
					t.Errorf("unexpected attribute %s of <%s>", a.Name.Local, e.Name.Local)
				}
				if href := strings.ToLower(a.Value); a.Name.Local == "href" && !strings.HasPrefix(href, "https://") && !strings.HasPrefix(href, "http://") {
					t.Errorf("link to %q", a.Value)
				}
			}
			out.WriteString(strings.Repeat(" ", depth) + e.Name.Local + "\n")
			depth++
		case xml.EndElement:
			depth--
		}
	}
}

// TestRenderKeepsStructure puts markup and harmless text into the same places:
// the elements of the two mails must be the same.
func TestRenderKeepsStructure(t *testing.T) {
	mail := func(text string) string {
		n := &notice.Notice{ID: text, Account: text, Region: text, Service: text, Title: text, Summary: text, Event: []byte(`"` + text + `"`)}
		n.Add(text, text, "https://example.com/"+text)
		n.Add(text, strings.Repeat(text, 200), "javascript:"+text)
		n.Link(text, "https://example.com/?"+text)
		n.Link(text, "data:"+text)
		return structure(t, Render(n).HTML)
	}
	for _, text := range []string{"</td></tr></table>", "<script>x</script>", "--><b>", "]]><i a='b'>", "&lt;b&gt;", `" onclick="x`, "' style='x"} {
		if got, want := mail(text), mail(strings.Repeat("w", len(text))); got != want {
			t.Errorf("%q changed the structure of the mail:\n%s", text, got)
		}
	}
	if got := mail("w"); strings.Count(got, " a\n") != 2 {
		t.Errorf("want two links, one fact's and one button:\n%s", got)
	}
}

func TestRenderBoundsText(t *testing.T) {
	n := &notice.Notice{Title: "t"}
	n.Add("Cause", strings.Repeat("ä", maxText), "")
	m := Render(n)
	check(t, m)
	if !strings.HasSuffix(m.Text, " more characters left out)\n") {
		t.Errorf("the text does not say what was left out: …%q", m.Text[len(m.Text)-60:])
	}
}

// TestRenderLosesNothing finds a value of 30 KB whole in both parts, and past
// the limits a note of what was left out.
func TestRenderLosesNothing(t *testing.T) {
	cause := "begin " + strings.Repeat("cause ", 5000) + "end of cause"
	n := &notice.Notice{Title: "t", Event: []byte(`{"a":"end of event"}`)}
	n.Add("Cause", cause, "")
	m := Render(n)
	for part, s := range map[string]string{"html": m.HTML, "text": m.Text} {
		if !strings.Contains(s, cause) {
			t.Errorf("the %s part does not have the whole cause", part)
		}
	}
	if !strings.Contains(m.HTML, "end of event") {
		t.Error("the html part does not have the whole event")
	}

	n.Facts[0].Value = strings.Repeat("<", 60_000)
	for range 300 {
		n.Add("More", strings.Repeat("m", 700), "")
	}
	html := Render(n).HTML
	for _, want := range []string{
		"59400 more characters below", "more characters in the plain text part", "more facts in the plain text part",
		"more long values in the plain text part", "end of event",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the html part does not say %q", want)
		}
	}
	if len(html) > maxHTML {
		t.Errorf("the html part has %d bytes", len(html))
	}

	n.Event = []byte(`"` + strings.Repeat("e", maxHTML) + `"`)
	if html = Render(n).HTML; !strings.Contains(html, "more characters left out)") || len(html) > maxHTML {
		t.Error("the html part does not say what was left out of the event")
	}
}

// TestFirstFacts shows which facts come before the buttons.
func TestFirstFacts(t *testing.T) {
	for _, tt := range []struct {
		facts  int
		label  string
		at     int
		before int
	}{
		{0, "", 0, 0}, {5, "", 0, 5}, {10, "", 0, 10}, {11, "", 0, 8}, {18, "", 0, 8},
		{18, notice.LastWords, 3, 8}, {18, notice.LastWords, 9, 10}, {18, notice.HowOften, 16, 18}, {18, notice.LogTail, 11, 12},
	} {
		n := &notice.Notice{Title: "t"}
		for i := range tt.facts {
			label := "label"
			if tt.label != "" && i == tt.at {
				label = tt.label
			}
			n.Add(label, "value", "")
		}
		n.Link("Button", "https://example.com")
		before, _, _ := strings.Cut(Render(n).HTML, "Button")
		if got := strings.Count(before, ">value<"); got != tt.before {
			t.Errorf("%+v: %d facts come before the buttons", tt, got)
		}
	}
}

// TestCode interrupts the tables, so that every one has two columns, and leaves the
// order of the facts.
func TestCode(t *testing.T) {
	n := &notice.Notice{Title: "t"}
	for _, label := range []string{notice.LastWords, notice.LogTail, "Three", notice.LastWords} {
		value := label + " <&>"
		if label != "Three" {
			value += "\n\tnext"
		}
		n.Add(label, value, "https://example.com")
	}
	n.Add(notice.LogTail, strings.Repeat("line\n", 30)+"end of log", "")
	html := Render(n).HTML
	for _, want := range []string{`>Last words</a><pre class="code"`, ">Log tail &lt;&amp;&gt;<br />\tnext</pre>", ">Three &lt;&amp;&gt;</a></td>", ">Last words</a><pre", "more characters below", "end of log"} {
		_, rest, found := strings.Cut(html, want)
		if !found {
			t.Fatalf("%q is not in its place in\n%s", want, html)
		}
		html = rest
	}
}

// TestRenderFits has texts that are as long as they may be, and longer when they are
// escaped, in every place.
func TestRenderFits(t *testing.T) {
	long := strings.Repeat(`"`, 3000)
	url := "https://example.com/" + strings.Repeat("u", maxURL-len("https://example.com/"))
	for few := range 30 {
		n := &notice.Notice{ID: long, Account: long, Region: long, Service: long, Title: long, Summary: long, Event: []byte(`"end of event"`)}
		for range few {
			n.Add(long, strings.Repeat(`"`, 240), "")
		}
		for range 20 {
			n.Add(notice.LogTail, strings.Repeat(long[:200]+"\n", 20), url)
			n.Link(long, url)
		}
		m := Render(n)
		check(t, m)
		if !strings.Contains(m.HTML, "end of event") {
			t.Errorf("after %d facts there is no room for the event", few)
		}
	}
}

func TestSafeURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.com/?a=1&b=2#c": "https://example.com/?a=1&amp;b=2#c",
		"HTTP://example.com":             "",
		`https://example.com/"onclick=|`: "https://example.com/%22onclick=%7C",
		"":                               "",
		"javascript:alert(1)":            "",
		"javascript://example.com/%0A1":  "",
		"ftp://example.com":              "",
		"data:text/html,x":               "",
		"//example.com":                  "",
		"https:":                         "",
		"\x20https://example.com":        "",
		"https://example.com/\u202E":     "",
		"https://example.com/\n":         "",
		"https://example.com/" + strings.Repeat("&", 500): "",
	} {
		if got := safeURL(in); got != want {
			t.Errorf("safeURL(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestIndent(t *testing.T) {
	deep := `["` + strings.Repeat("]", 5000) + `\\\"",` + strings.Repeat("[", 5000) + strings.Repeat("]", 5001)
	for in, want := range map[string]string{`{"a":[1]}`: "{\n  \"a\": [\n    1\n  ]\n}", "no json": "no json", deep: deep} {
		if got := indent([]byte(in)); got != want {
			t.Errorf("indent(%.20s) = %.60q", in, got)
		}
	}
}

// FuzzRender repeats short texts by itself, because the fuzzer is slow with long ones.
func FuzzRender(f *testing.F) {
	f.Add("title", "service", "label", "value\r\nvalue", "https://example.com", []byte(`{"a":1}`), 3, 1)
	f.Add(hostileText, hostileText, hostileText, hostileText, "javascript:alert(1)", []byte(`"`+hostileText+`"`), 250, 300)
	f.Add("", "", "", "\"\n", "http://[::1", []byte("[[[["), 20, 900)
	f.Fuzz(func(t *testing.T, title, service, label, value, url string, event []byte, facts, times int) {
		times = min(max(times, 1), 1000)
		n := &notice.Notice{
			ID: value, Account: label, Region: title, Service: service, Title: title, Summary: value,
			Kind: notice.Kind(label), Severity: notice.Severity(label), Event: bytes.Repeat(event, times),
		}
		n.Add(label, strings.Repeat(value, times), url)
		for range min(max(facts, 0), 300) {
			n.Add(label, value, url)
			n.Link(label, url)
		}
		m := Render(n)
		check(t, m)
		if strings.Contains(strings.ToLower(m.HTML), "<script") {
			t.Error("the html part has a script")
		}
	})
}
