package slack

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

func TestMention(t *testing.T) {
	for _, tt := range []struct {
		from     wire.Severity
		severity wire.Severity
		want     bool
	}{
		{"", notice.Info, false},
		{"", notice.Warning, false},
		{"", notice.Error, true},
		{"", notice.Critical, true},
		{notice.Critical, notice.Error, false},
		{notice.Info, notice.Info, true},
		{notice.Info, "<!channel>", false},
		{"<!channel>", notice.Critical, false},
	} {
		n := &notice.Notice{Title: "t", Summary: "<!here>", Severity: tt.severity}
		got := bytes.Contains(encoded(n, wire.Slack{Mention: "<!here>", MentionFrom: tt.from}), []byte(`"<!here>"`))
		if got != tt.want {
			t.Errorf("from %q, severity %q: mentions is %v", tt.from, tt.severity, got)
		}
		if bytes.Contains(encoded(n, wire.Slack{MentionFrom: tt.from}), []byte("<!here>")) {
			t.Errorf("from %q, severity %q: mentions the wrong people", tt.from, tt.severity)
		}
	}
}

func TestFacts(t *testing.T) {
	n := &notice.Notice{Title: "t", Kind: notice.KindUnknown, Event: []byte(`{"a":"<b>"}`)}
	n.Add("Instance", "i-1", "https://console/?a=b&c=d|e>f")
	n.Add("*b*|", "_c_ :fire:", "javascript:alert(1)")
	n.Add(notice.LogTail, "one\ntwo```", "")
	n.Add("Nothing", "\x00", "")
	n.Add("Long", strings.Repeat("x", maxShort+1), "")
	body := string(encoded(n, wire.Slack{}))
	for _, want := range []string{
		`{"type":"mrkdwn","text":"*<https://console/?a=b&amp;c=d%7Ce%3Ef|Instance>*"},{"type":"plain_text","text":"i-1","emoji":false}`,
		`{"type":"mrkdwn","text":"*∗b∗¦*"},{"type":"plain_text","text":"_c_ :fire:","emoji":false}`,
		`{"type":"section","text":{"type":"mrkdwn","text":"*Log tail*"}},{"type":"section","text":{"type":"mrkdwn","text":"` + "```" + `\none\ntwoˋˋˋ\n` + "```" + `","verbatim":true}}`,
		`{"type":"mrkdwn","text":"*Nothing*"},{"type":"plain_text","text":"–","emoji":false}`,
		`"text":"*Long*"}},{"type":"section","text":{"type":"plain_text","text":"xxx`,
		`{\"a\":\"&lt;b&gt;\"}`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is not in\n%s", want, body)
		}
	}
	if strings.Contains(body, "javascript") || strings.Contains(body, "Shortened") {
		t.Error(body)
	}
	if len(n.Facts) != 5 {
		t.Error("the notice was changed")
	}
}

func TestShortened(t *testing.T) {
	n := &notice.Notice{Title: "t", Summary: strings.Repeat("s", maxSummary+1)}
	n.Link("Bad", "ftp://x")
	n.Link("Whole_one", "https://whole")
	if body := string(encoded(n, wire.Slack{})); !strings.Contains(body, `"Shortened; the whole: <https://whole|Whole＿one>"`) {
		t.Error(body)
	}
	n.Summary = ""
	for range 100 {
		n.Add("a", strings.Repeat("b", maxShort), "")
	}
	if body := string(encoded(n, wire.Slack{})); !strings.Contains(body, ` more facts not shown; the whole: <https://whole|`) {
		t.Error(body)
	}
}

func TestEscape(t *testing.T) {
	for _, tt := range []struct {
		in, want string
		max      int
	}{
		{"", "", 5},
		{"a<b", "a&lt;b", 6},
		{"a<b", "a…", 5},
		{"&&", "&amp;…", 9},
		{"äöü", "äöü", 3},
		{"äöüß", "äö…", 3},
		{"😀😀😀", "😀😀…", 5},
		{"😀😀😀", "😀…", 4},
		{"ab cd", "ab…", 4},
	} {
		got, whole := escape(tt.in, tt.max)
		if got != tt.want || whole != (len(got) >= len(tt.in) && !strings.Contains(got, "…")) {
			t.Errorf("escape(%q, %d) = %q, %v, want %q", tt.in, tt.max, got, whole, tt.want)
		}
	}
}

func FuzzBody(f *testing.F) {
	f.Add("<!channel>", "*a* & <b|c>", "x\n\n_y_", "https://x/?a=b|c>d", 3, 1)
	f.Add("", "", "", "javascript:", 300, 900)
	f.Add("😀", "\x00\u202E\xff", "&", "http://[::1", 20, 400)
	f.Fuzz(func(t *testing.T, title, label, value, url string, facts, times int) {
		times = min(max(times, 1), 1000)
		n := &notice.Notice{Title: strings.Repeat(title, times), Summary: value, Service: label, Kind: notice.KindUnknown, Event: []byte(value), Time: time.Unix(0, 0)}
		n.Add(label, strings.Repeat(value, times), url)
		for range min(max(facts, 0), 300) {
			n.Add(label, value, url)
			n.Link(label, url)
		}
		body := encoded(n, wire.Slack{Channel: "C1"})
		n.Links = nil // may be no web pages
		check(t, n, body, "C1")
		for _, bad := range []string{"<!", "<@", "<#"} {
			if bytes.Contains(body, []byte(bad)) {
				t.Errorf("%q in %s", bad, body)
			}
		}
	})
}
