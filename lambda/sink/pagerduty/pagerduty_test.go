package pagerduty

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

const (
	keyARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:pagerduty-AbCdEf"
	key    = "R0UT1NGK3Y0123456789abcdefghijkl"
)

func TestConformance(t *testing.T) {
	for name, cfg := range map[string]wire.PagerDuty{
		"alerts":  {RoutingKey: wire.Secret{ARN: keyARN}},
		"changes": {RoutingKey: wire.Secret{ARN: keyARN}, Changes: true, EU: true},
	} {
		t.Run(name, func(t *testing.T) {
			sinktest.Run(t, harness(cfg))
		})
	}
}

func FuzzSend(f *testing.F) {
	sinktest.Fuzz(f, harness(wire.PagerDuty{RoutingKey: wire.Secret{ARN: keyARN}}))
}

func harness(cfg wire.PagerDuty) sinktest.Harness {
	return sinktest.Harness{
		Open:    func(c sinktest.Clients) notice.Sender { return New(c.Post, c.Secrets, cfg) },
		Secrets: map[string]string{keyARN: key},
		Good:    sinktest.Answer{Status: 202, Body: `{"status":"success","message":"Event processed","dedup_key":"k"}`}, OneStatus: true,
		Failures: []sinktest.Failure{
			{Name: "another's JSON", Answer: sinktest.Answer{Status: 202, Body: `{"ok":true}`}, Transient: true, Reason: "not PagerDuty's"},
			{Name: "success of another", Answer: sinktest.Answer{Body: `{"status":"success"}`}, Reason: "not accepted"},
			{
				Name:       "length of the key",
				Answer:     sinktest.Answer{Status: 400, Body: `{"status":"invalid event","message":"Event object is invalid","errors":["Length of 'routing_key' is incorrect (should be 32 characters)"]}`},
				Credential: true, Reason: "should be 32 characters",
			},
			{Name: "wrong key", Answer: sinktest.Answer{Status: 400, Body: "Invalid routing key"}, Credential: true, Reason: "integration key"},
			{
				Name:   "invalid event",
				Answer: sinktest.Answer{Status: 400, Body: `{"status":"invalid event","errors":["'payload.source' is missing or blank"]}`},
				Reason: "'payload.source' is missing or blank",
			},
		},
		Key: func(t *testing.T, r sinktest.Request) string {
			var e struct {
				Key string `json:"dedup_key"`
			}
			r.JSON(t, &e)
			return e.Key
		},
		Check: func(t *testing.T, n *notice.Notice, r sinktest.Request) { inspect(t, n, cfg, r) },
	}
}

// inspect looks at a request as PagerDuty would.
func inspect(t *testing.T, n *notice.Notice, cfg wire.PagerDuty, r sinktest.Request) {
	t.Helper()
	var e struct {
		RoutingKey string `json:"routing_key"`
		Action     string `json:"event_action"`
		DedupKey   string `json:"dedup_key"`
		Payload    struct {
			Summary, Source, Severity, Component, Group, Class string

			Details map[string]string `json:"custom_details"`
		}
		Links []struct{ Href, Text string }
	}
	r.JSON(t, &e)
	host := "https://events.pagerduty.com"
	if cfg.EU {
		host = "https://events.eu.pagerduty.com"
	}
	wantURL := host + "/v2/enqueue"
	if cfg.Changes && n.Release != nil {
		wantURL = host + "/v2/change/enqueue"
	} else if e.Action == "" || e.DedupKey == "" || utf8.RuneCountInString(e.DedupKey) > 255 {
		t.Errorf("action %q, key %q", e.Action, e.DedupKey)
	}
	if r.URL != wantURL || r.Method != "POST" || e.RoutingKey != key {
		t.Errorf("%s %s with key %q, want %s", r.Method, r.URL, e.RoutingKey, wantURL)
	}
	p := e.Payload
	if len(r.Body) > 512_000 || p.Summary == "" || utf8.RuneCountInString(p.Summary) > 1024 || p.Source == "" {
		t.Errorf("%d bytes, summary %q, source %q", len(r.Body), p.Summary, p.Source)
	}
	if want := min(len(n.Facts), maxFacts); len(p.Details) < want {
		t.Errorf("%d details for %d facts", len(p.Details), len(n.Facts))
	}
	for _, l := range e.Links {
		if !strings.HasPrefix(l.Href, "https://") || strings.Contains(l.Href, "\u202E") {
			t.Errorf("link to %q", l.Href)
		}
	}
}

func TestGolden(t *testing.T) {
	for name, n := range sinktest.Samples() {
		isLong := name == "many-facts" || name == "hostile"
		if isLong {
			n = sinktest.Brief(n)
		}
		golden.JSON(t, "testdata/"+name+".json", json.RawMessage(Body(n, wire.PagerDuty{}, "•••")))
		if n.Release != nil && !isLong {
			golden.JSON(t, "testdata/"+name+"-change"+".json", json.RawMessage(Body(n, wire.PagerDuty{Changes: true}, "•••")))
		}
	}
}

func TestActions(t *testing.T) {
	release := &notice.Release{}
	for _, test := range []struct {
		name    string
		n       notice.Notice
		alerts  action
		changes action
	}{
		{"failed deployment", notice.Notice{Status: notice.Open, Severity: notice.Error, Release: release}, trigger, change},
		{"deployed", notice.Notice{Status: notice.Resolved, Severity: notice.Info, Release: release}, resolve, change},
		{"rolled back", notice.Notice{Status: notice.Resolved, Severity: notice.Warning, Release: release}, resolve, change},
		{"deployment started", notice.Notice{Status: notice.Marker, Severity: notice.Info, Release: release}, change, change},
		{"killed instance", notice.Notice{Status: notice.Open, Severity: notice.Warning}, trigger, trigger},
		{"scaled in", notice.Notice{Status: notice.Marker, Severity: notice.Info}, change, change},
		{"unread event", notice.Notice{Status: notice.Marker, Severity: notice.Warning}, trigger, trigger},
		{"nothing known", notice.Notice{}, trigger, trigger},
	} {
		if got := actionFor(&test.n, wire.PagerDuty{}); got != test.alerts {
			t.Errorf("%s: %s, want %s", test.name, got, test.alerts)
		}
		if got := actionFor(&test.n, wire.PagerDuty{Changes: true}); got != test.changes {
			t.Errorf("%s with changes: %s, want %s", test.name, got, test.changes)
		}
	}
}

// TestEveryKindOpensAndResolves shows that what happens depends on the status, and
// not on what sort of thing happened; only good news without a key to resolve is not an alert.
func TestEveryKindOpensAndResolves(t *testing.T) {
	for _, kind := range notice.Kinds {
		for _, severity := range wire.AllSeverities() {
			send := func(status notice.Status) event {
				return newEvent(&notice.Notice{ID: string(status), Key: "k", Kind: kind, Severity: severity, Status: status}, wire.PagerDuty{}, key)
			}
			opened, resolved, marked := send(notice.Open), send(notice.Resolved), send(notice.Marker)
			if opened.Action != trigger || resolved.Action != resolve || opened.DedupKey != "k" || resolved.DedupKey != "k" {
				t.Errorf("%s, %s: %s %q, then %s %q", kind, severity, opened.Action, opened.DedupKey, resolved.Action, resolved.DedupKey)
			}
			if isChange := severity == notice.Info; isChange != (marked.DedupKey == "") || !isChange && marked.Action != trigger {
				t.Errorf("%s, %s: a marker does %q with %q", kind, severity, marked.Action, marked.DedupKey)
			}
			if opened.Payload.Class != string(kind) {
				t.Errorf("%s has the class %s", kind, opened.Payload.Class)
			}
		}
	}
}

func TestSummary(t *testing.T) {
	n := &notice.Notice{Title: "Killed"}
	n.Add("Instance", "i-1", "")
	n.Add(notice.HowOften, "4th in 50 minutes", "")
	n.Add(notice.LastWords, "Out of memory\nmore", "")
	if got := summary(n); got != "Killed · 4th in 50 minutes · Out of memory" {
		t.Errorf("summary is %q", got)
	}
	n.Title = strings.Repeat("ü", 2000)
	n.Add(notice.After, strings.Repeat("a", 2000), "")
	if got := summary(n); utf8.RuneCountInString(got) != maxSummary || !strings.HasSuffix(got, "a… · 4th in 50 minutes · Out of memory") {
		t.Errorf("%d characters: …%s", utf8.RuneCountInString(got), got[len(got)-60:])
	}
}

// TestFailureIsResolved opens an alert and resolves it: the success of a group must
// have the key of its failure.
func TestFailureIsResolved(t *testing.T) {
	all := sinktest.Samples()
	failed, done := newEvent(all["deployment-failure"], wire.PagerDuty{}, key), newEvent(all["rollback"], wire.PagerDuty{}, key)
	if failed.Action != trigger || done.Action != resolve || failed.DedupKey != done.DedupKey || failed.DedupKey == "" {
		t.Errorf("%s %q, then %s %q", failed.Action, failed.DedupKey, done.Action, done.DedupKey)
	}
}

// TestGroupIsOneAlert shows that what is wrong with the things of a group is one alert,
// which only the end of it for the whole group resolves.
func TestGroupIsOneAlert(t *testing.T) {
	const group = "autoscaling:1:eu-west-1:g"
	for _, test := range []struct {
		name   string
		n      notice.Notice
		action action
		key    string
	}{
		{"one instance", notice.Notice{Key: group + ":i-1", GroupKey: group, Status: notice.Open}, trigger, group},
		{"another", notice.Notice{Key: group + ":i-2", GroupKey: group, Status: notice.Open}, trigger, group},
		{"one is well again", notice.Notice{Key: group + ":i-1", GroupKey: group, Status: notice.Resolved}, resolve, group + ":i-1"},
		{"the group is", notice.Notice{Key: group, Status: notice.Resolved}, resolve, group},
	} {
		if e := newEvent(&test.n, wire.PagerDuty{}, key); e.Action != test.action || e.DedupKey != test.key {
			t.Errorf("%s: %s %q", test.name, e.Action, e.DedupKey)
		}
	}
}

func TestDedupKey(t *testing.T) {
	long := strings.Repeat("ü", 255)
	for _, test := range []struct{ key, id, want string }{
		{"autoscaling:1:eu-west-1:g:i-1", "id", "autoscaling:1:eu-west-1:g:i-1"},
		{"", "id", "id"},
		{long, "", long},
	} {
		if got := dedupKey(&notice.Notice{Key: test.key, ID: test.id}); got != test.want {
			t.Errorf("key of %q, %q: %q", test.key, test.id, got)
		}
	}
	one, two := dedupKey(&notice.Notice{Key: long + "1"}), dedupKey(&notice.Notice{Key: long + "2"})
	if one == two || utf8.RuneCountInString(one) != 255 || !utf8.ValidString(one) {
		t.Errorf("long keys: %q, %q", one, two)
	}
}

// TestBodyFits fills every part of a notice beyond all limits.
func TestBodyFits(t *testing.T) {
	n := &notice.Notice{Title: strings.Repeat(`"😀`, 1000), Summary: strings.Repeat(`\`, 100_000), Kind: notice.KindUnknown}
	for range maxFacts + 100 {
		n.Add(strings.Repeat("😀", 200), strings.Repeat("😀\"\n", 1000), "https://example.com/"+strings.Repeat("u", 1900))
		n.Link("l", "https://example.com/"+strings.Repeat("v", 1900))
	}
	body := Body(n, wire.PagerDuty{}, key)
	var e map[string]any
	if err := json.Unmarshal(body, &e); err != nil || len(body) > maxBody || !utf8.Valid(body) {
		t.Errorf("%d bytes: %v", len(body), err)
	}
	if !strings.Contains(string(body), `"…":"100 more facts"`) {
		t.Error("the body does not say that facts are left out")
	}

	n = &notice.Notice{}
	n.Add("Cause", strings.Repeat("c", 30_000), "")
	if !strings.Contains(string(Body(n, wire.PagerDuty{}, key)), n.Facts[0].Value) {
		t.Error("a cause of 30 KB was cut, and there is room")
	}
}

func TestDetailsKeepOrder(t *testing.T) {
	n := &notice.Notice{Summary: "s"}
	for _, label := range []string{"Z", "A", "Z", "Summary", "Z (2)", "Z", ""} {
		n.Add(label, "v<&>", "")
	}
	const want = `{"Summary":"s","Z":"v<&>","A":"v<&>","Z (2)":"v<&>","Summary (2)":"v<&>","Z (2) (2)":"v<&>","Z (3)":"v<&>","?":"v<&>"}`
	if got := string(notice.JSON(newDetails(n, 100))); got != want {
		t.Errorf("got %s", got)
	}
}
