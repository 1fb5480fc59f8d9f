package grafana

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

const tokenName = "/some-service/grafana"

var cfg = wire.Grafana{
	URL: "https://grafana.example.com/team/", Token: wire.Secret{Parameter: tokenName},
	DashboardUID: "jcIIG-07z", PanelID: 2, Tags: []string{"team:shop", "deployment"},
}

func TestConformance(t *testing.T) {
	sinktest.Run(t, harness())
}

func FuzzSend(f *testing.F) { sinktest.Fuzz(f, harness()) }

func harness() sinktest.Harness {
	return sinktest.Harness{
		Open:    func(c sinktest.Clients) notice.Sender { return New(c.Post, c.Secrets, cfg) },
		Secrets: map[string]string{tokenName: "glsa_0123456789abcdefghijABCDEFGHIJ_01234567"},
		Good:    sinktest.Answer{Body: `{"message":"Annotation added","id":1}`},
		Failures: []sinktest.Failure{
			{Name: "bad token", Answer: sinktest.Answer{Status: 401, Body: `{"message":"Invalid API key"}`}, Credential: true, Reason: "Invalid API key"},
			{Name: "bad request", Answer: sinktest.Answer{Status: 400, Body: `{"message":"Failed to save annotation"}`}, Reason: "Failed to save annotation"},
			{Name: "page to log in", Answer: sinktest.Answer{Body: "<html><title>Log in</title></html>"}, Reason: "not Grafana's"},
			{Name: "another's JSON", Answer: sinktest.Answer{Body: `{"message":"Access denied"}`}, Reason: "not Grafana's"},
		},
		Check:  inspect,
		Markup: []string{"<script>", "</td>", "<at>", "<https:"},
	}
}

// inspect looks at a request as Grafana would.
func inspect(t *testing.T, n *notice.Notice, r sinktest.Request) {
	t.Helper()
	if r.URL != "https://grafana.example.com/team/api/annotations" || !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer glsa_") {
		t.Errorf("sent to %s with %v", r.URL, r.Header)
	}
	var a annotation
	r.JSON(t, &a)
	if a.DashboardUID != cfg.DashboardUID || a.PanelID != cfg.PanelID || a.Time == 0 || a.TimeEnd != 0 && a.TimeEnd < a.Time {
		t.Errorf("on %s, %d, from %d to %d", a.DashboardUID, a.PanelID, a.Time, a.TimeEnd)
	}
	if len(a.Text) > 65_535 || a.Text == "" || strings.Contains(a.Text, "\n") {
		t.Errorf("text of %d bytes: %.100q", len(a.Text), a.Text)
	}
	if href := strings.Count(a.Text, "href="); strings.Count(a.Text, `<a href="http`) != href || strings.Contains(a.Text, `" onclick`) {
		t.Errorf("links in %q", a.Text)
	}
	// Grafana's own estimate of the length, which must be at most 500.
	estimate := 2
	for _, tag := range a.Tags {
		estimate += len(tag) + 3
		key, value, _ := strings.Cut(tag, ":")
		if utf8.RuneCountInString(key) > 100 || utf8.RuneCountInString(value) > 100 || key == "" || strings.Contains(value, ":") {
			t.Errorf("tag %q", tag)
		}
	}
	if estimate-1 > 500 || !slices.Contains(a.Tags, "team:shop") || !slices.Contains(a.Tags, "extraeye") {
		t.Errorf("tags of %d bytes: %q", estimate-1, a.Tags)
	}
}

func TestGolden(t *testing.T) {
	for name, n := range sinktest.Samples() {
		golden.JSON(t, "testdata/"+name+".json", json.RawMessage(Body(n, cfg)))
	}
}

func TestTimes(t *testing.T) {
	at := time.UnixMilli(1_000_000)
	release := func(state wire.DeploymentState, started, ended time.Time) *notice.Release {
		return &notice.Release{State: state, Started: started, Ended: ended}
	}
	for _, test := range []struct {
		name       string
		n          notice.Notice
		start, end int64
	}{
		{"termination", notice.Notice{Time: at}, 1_000_000, 0},
		{"no time", notice.Notice{}, 0, 0},
		{"success", notice.Notice{Time: at, Release: release(wire.DeploymentSucceeded, at.Add(-5*time.Second), at.Add(-time.Second))}, 995_000, 999_000},
		{"failure", notice.Notice{Time: at, Release: release(wire.DeploymentFailed, at.Add(-5*time.Second), at)}, 995_000, 1_000_000},
		{"stop", notice.Notice{Time: at, Release: release(wire.DeploymentStopped, at, at)}, 1_000_000, 1_000_000},
		{"start", notice.Notice{Time: at, Release: release(wire.DeploymentStarted, at.Add(-time.Second), at)}, 1_000_000, 0},
		{"nothing known", notice.Notice{Time: at, Release: release(wire.DeploymentSucceeded, time.Time{}, time.Time{})}, 1_000_000, 0},
		{"end not known", notice.Notice{Time: at, Release: release(wire.DeploymentSucceeded, at, time.Time{})}, 1_000_000, 0},
		{"ends before it starts", notice.Notice{Time: at, Release: release(wire.DeploymentSucceeded, at, at.Add(-time.Hour))}, 1_000_000, 0},
	} {
		if start, end := times(&test.n); start != test.start || end != test.end {
			t.Errorf("%s: from %d to %d, want from %d to %d", test.name, start, end, test.start, test.end)
		}
	}
}

func TestEndpoint(t *testing.T) {
	for base, want := range map[string]string{
		"https://grafana.example.com":         "https://grafana.example.com/api/annotations",
		"https://grafana.example.com/":        "https://grafana.example.com/api/annotations",
		"https://example.com/a/grafana/":      "https://example.com/a/grafana/api/annotations",
		"http://10.0.0.7:3000":                "http://10.0.0.7:3000/api/annotations",
		"https://grafana.example.com?orgId=2": "https://grafana.example.com/api/annotations?orgId=2",
	} {
		if got, err := endpoint(base); got != want || err != nil {
			t.Errorf("endpoint(%q) = %q, %v", base, got, err)
		}
	}
	for _, base := range []string{"", "grafana.example.com", "//grafana.example.com", "ftp://a", "https://", "https://:3000", "https://a b", "https://user:hunter2@grafana.example.com"} {
		err := New(nil, nil, wire.Grafana{URL: base}).Send(context.Background(), &notice.Notice{})
		if !notice.IsPermanent(err) || !strings.Contains(err.Error(), "not that of a Grafana") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", base, err)
		}
	}
}

func TestTags(t *testing.T) {
	n := &notice.Notice{Service: "a:b:c", Kind: notice.KindTermination, Region: "eu-west-1"}
	own := wire.Grafana{Tags: []string{"k: v : w ", "k:v _ w", "", ":x", strings.Repeat("ü", 101) + ":" + strings.Repeat("ö", 100)}}
	want := []string{"k:v _ w", strings.Repeat("ü", 99) + "…:" + strings.Repeat("ö", 100), "extraeye", "kind:termination", "service:a_b_c"}
	if got := tags(n, own); !slices.Equal(got, append(want, "region:eu-west-1")) {
		t.Errorf("got %q", got)
	}
	n.Service = strings.Repeat("s", 99)
	n.Release = &notice.Release{Version: strings.Repeat("v", 99), State: wire.DeploymentSucceeded}
	got := tags(n, wire.Grafana{Tags: []string{strings.Repeat("x", 100), strings.Repeat("y", 100) + ":" + strings.Repeat("z", 50)}})
	encoded, _ := json.Marshal(got)
	if len(encoded) > maxTags || slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "version:") }) || !slices.Contains(got, "region:eu-west-1") {
		t.Errorf("%d bytes: %q", len(encoded), got)
	}
}

// TestText shows that all is escaped, after it was cut, and that the end links to
// the whole.
func TestText(t *testing.T) {
	if got := text(&notice.Notice{}); got != "Something happened" {
		t.Errorf("of nothing: %q", got)
	}
	n := &notice.Notice{Title: "<b>t</b>", Summary: `a & "b"`}
	n.Add("L<", "one\ntwo>", "")
	n.Add(notice.LogTail, "<i>\nend", "")
	n.Link("<i>", "https://example.com/?a=1&b=\"")
	const want = `&lt;b&gt;t&lt;/b&gt;<br>a &amp; &#34;b&#34;<br>L&lt;:<br>    one<br>    two&gt;<br>Log tail:<pre>&lt;i&gt;<br>end</pre><br><a href="https://example.com/?a=1&amp;b=%22" target="_blank">&lt;i&gt;</a>`
	if got := text(n); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	n = &notice.Notice{Title: "t", Summary: strings.Repeat("<", 5000)}
	n.Link("Whole", "https://example.com/whole")
	if got := text(n); got != "t<br>"+strings.Repeat("&lt;", maxText-2)+`…<br><a href="https://example.com/whole" target="_blank">Whole</a>` {
		t.Errorf("got %d bytes that end with %q", len(got), got[len(got)-80:])
	}
}

// TestTextFitsMySQL fills every part of a notice beyond all limits.
func TestTextFitsMySQL(t *testing.T) {
	n := &notice.Notice{Title: strings.Repeat(`"`, 5000)}
	for range 100 {
		n.Link(strings.Repeat(`"`, 500), `https://example.com/`+strings.Repeat("&", 780))
	}
	if got := text(n); len(got) > 65_535 || strings.Count(got, "<a ") != maxLinks {
		t.Errorf("%d bytes, %d links", len(got), strings.Count(got, "<a "))
	}
}
