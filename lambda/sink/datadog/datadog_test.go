package datadog

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

const keyARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:datadog-AbCdEf"

var cfg = wire.Datadog{APIKey: wire.Secret{ARN: keyARN, Field: "key"}, Site: "datadoghq.eu", Tags: []string{"env:production", "team:shop"}}

// now is soon after the samples.
func now() time.Time { return time.Date(2026, 6, 30, 20, 20, 0, 0, time.UTC) }

func TestConformance(t *testing.T) {
	sinktest.Run(t, harness())
}

func FuzzSend(f *testing.F) { sinktest.Fuzz(f, harness()) }

func harness() sinktest.Harness {
	return sinktest.Harness{
		Open: func(c sinktest.Clients) notice.Sender {
			s := New(c.Post, c.Secrets, cfg)
			s.now = now
			return s
		},
		Secrets: map[string]string{keyARN: `{"key":"0123456789abcdef0123456789abcdef"}`},
		Good:    sinktest.Answer{Status: 202, Body: `{"status":"ok","event":{"id":1,"title":"t","text":"t"}}`},
		Failures: []sinktest.Failure{
			{Name: "forbidden", Answer: sinktest.Answer{Status: 403, Body: `{"errors":["Forbidden"]}`}, Credential: true, Reason: "Forbidden"},
			{Name: "too old", Answer: sinktest.Answer{Status: 400, Body: `{"errors":["Event too far in the past"]}`}, Reason: "too far in the past"},
			{Name: "error in a 202", Answer: sinktest.Answer{Status: 202, Body: `{"errors":["Payload is not in the expected format"]}`}, Reason: "expected format"},
			{Name: "status error", Answer: sinktest.Answer{Status: 202, Body: `{"status":"error"}`}, Reason: "not accepted"},
			{Name: "another's JSON", Answer: sinktest.Answer{Status: 202, Body: `{"ok":true}`}, Transient: true, Reason: "not Datadog's"},
		},
		Key: func(t *testing.T, r sinktest.Request) string {
			var e event
			r.JSON(t, &e)
			return e.AggregationKey
		},
		Check:  inspect,
		Markup: []string{"%%%", "@here", "<@U"},
	}
}

// inspect looks at a request as Datadog would.
func inspect(t *testing.T, n *notice.Notice, r sinktest.Request) {
	t.Helper()
	if r.URL != "https://api.datadoghq.eu/api/v1/events" || r.Header.Get("DD-API-KEY") == "" {
		t.Errorf("sent to %s with %v", r.URL, r.Header)
	}
	var e event
	r.JSON(t, &e)
	for name, got := range map[string]struct {
		text string
		most int
	}{"title": {e.Title, 500}, "text": {e.Text, 4000}, "aggregation_key": {e.AggregationKey, 100}} {
		if chars := utf8.RuneCountInString(got.text); chars == 0 || chars > got.most {
			t.Errorf("%s of %d characters", name, chars)
		}
	}
	if !slices.Contains([]string{"error", "warning", "info", "success"}, e.AlertType) || e.DateHappened != n.Time.Unix() {
		t.Errorf("alert_type %q at %d", e.AlertType, e.DateHappened)
	}
	if len(e.Tags) > 100 || !slices.Contains(e.Tags, "env:production") {
		t.Errorf("tags %q", e.Tags)
	}
	for _, tag := range e.Tags {
		if utf8.RuneCountInString(tag) > 200 || strings.ContainsAny(tag, ",| \n<>@") || tag != strings.ToLower(tag) {
			t.Errorf("tag %q", tag)
		}
	}
}

func TestGolden(t *testing.T) {
	for name, n := range sinktest.Samples() {
		golden.JSON(t, "testdata/"+name+".json", json.RawMessage(Body(n, cfg, now())))
	}
}

func TestAlertType(t *testing.T) {
	for _, test := range []struct {
		severity notice.Severity
		status   notice.Status
		want     string
	}{
		{notice.Info, notice.Resolved, "success"},
		{notice.Info, notice.Marker, "info"},
		{notice.Warning, notice.Resolved, "warning"},
		{notice.Error, notice.Open, "error"},
		{notice.Critical, notice.Open, "error"},
		{"", "", "warning"},
	} {
		if got := alertType(&notice.Notice{Severity: test.severity, Status: test.status}); got != test.want {
			t.Errorf("%s, %s: %s, want %s", test.severity, test.status, got, test.want)
		}
	}
}

func TestAge(t *testing.T) {
	for age, dated := range map[time.Duration]bool{
		-time.Minute: true, 0: true, maxAge: true, maxAge + time.Second: false, 400 * time.Hour: false,
	} {
		n := &notice.Notice{Time: now().Add(-age), Summary: "s"}
		body := string(Body(n, cfg, now()))
		if strings.Contains(body, `"date_happened"`) != dated || strings.Contains(body, "This happened at "+n.Time.Format("2006-01-02 15:04:05 UTC")) == dated {
			t.Errorf("%s old: %s", age, body)
		}
	}
	if body := string(Body(&notice.Notice{}, cfg, now())); strings.Contains(body, "happened\":") || strings.Contains(body, "This happened") {
		t.Errorf("without a time: %s", body)
	}
}

// TestSite shows that no other host gets the key: the clients are nil.
func TestSite(t *testing.T) {
	for _, site := range []string{"datadoghq.com", "us5.datadoghq.com", "ddog-gov.com", "AP1.datadoghq.com"} {
		if !isSite(site) {
			t.Errorf("%q is a site", site)
		}
	}
	for _, site := range []string{
		"", "datadoghq", ".datadoghq.com", "datadoghq.com.", "a..b", "-a.b", "a-.b", "evil.example/", "evil.example:443", "a.b@evil.example",
		"evil.example?x", "evil.example#", "a.b\n", "dätadog.com", "https://datadoghq.eu",
	} {
		err := New(nil, nil, wire.Datadog{Site: site}).Send(context.Background(), &notice.Notice{})
		if !notice.IsPermanent(err) || !strings.Contains(err.Error(), "not a Datadog site") {
			t.Errorf("%q: %v", site, err)
		}
	}
}

func TestTags(t *testing.T) {
	n := &notice.Notice{
		ID: "1-2", Service: "Some Service, Größe", Kind: notice.KindDeployment, Severity: notice.Info, Region: "eu-west-1", Account: "1",
		Release: &notice.Release{Version: "v1.2/3:4|5"},
	}
	own := wire.Datadog{Tags: []string{"Env:Prod uction", "env:prod_uction", "", "___", strings.Repeat("ü", 300)}}
	want := []string{
		"source:extraeye", "service:some_service__größe", "kind:deployment", "severity:info", "region:eu-west-1", "account:1", "version:v1.2/3:4_5", "event:1-2",
		"env:prod_uction", strings.Repeat("ü", 199),
	}
	if got := tags(n, own); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for i := range 300 {
		own.Tags = append(own.Tags, "t:"+strings.Repeat("x", i+1))
	}
	if got := tags(n, own); len(got) != 100 {
		t.Errorf("%d tags", len(got))
	}
}

func TestAggregationKey(t *testing.T) {
	long := strings.Repeat("ü", 100)
	if got := aggregationKey(long); got != long {
		t.Errorf("100 characters became %q", got)
	}
	one, two := aggregationKey(long+"1"), aggregationKey(long+"2")
	if one == two || one != aggregationKey(long+"1") || utf8.RuneCountInString(one) != 100 || !utf8.ValidString(one) {
		t.Errorf("long keys: %q, %q", one, two)
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"%%% **b** %%%":         "% % % **b** % % %",
		"%%%%%%%":               "% % %% % %%",
		"100%% sure":            "100%% sure",
		"@all (@here) @@a":      "＠all (＠here) ＠＠a",
		"some-service@3f9d a@b": "some-service@3f9d a@b",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestText shows what is cut first.
func TestText(t *testing.T) {
	if got := text(&notice.Notice{}, ""); got != "Something happened" {
		t.Errorf("of nothing: %q", got)
	}
	n := &notice.Notice{Summary: strings.Repeat("ü", 5000)}
	n.Link("Deployment", "https://example.com/deployment")
	if got := text(n, ""); utf8.RuneCountInString(got) != maxText || !strings.HasSuffix(got, "ü…\nDeployment: https://example.com/deployment") {
		t.Errorf("%d characters that end with %q", utf8.RuneCountInString(got), got[len(got)-60:])
	}
	n = &notice.Notice{Summary: "s"}
	n.Add("Cause", strings.Repeat("c", 30_000), "")
	n.Add("Last", "kept", "")
	if got := text(n, ""); !strings.HasSuffix(got, "c…\nLast: kept") {
		t.Errorf("got %q", got[len(got)-60:])
	}
}
