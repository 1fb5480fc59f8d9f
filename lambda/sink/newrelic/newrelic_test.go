package newrelic

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

const keyName = "/some-service/newrelic"

// now is soon after the samples.
func now() time.Time { return time.Date(2026, 6, 30, 20, 20, 0, 0, time.UTC) }

var (
	byGUID   = wire.NewRelic{APIKey: wire.Secret{Parameter: keyName}, EntityGUID: "MTIzNDU2N3xBUE18QVBQTElDQVRJT058OTg3NjU0MzIx"}
	bySearch = wire.NewRelic{APIKey: wire.Secret{Parameter: keyName}, EntitySearch: "name = 'some-service' AND domain = 'APM'", EU: true}
)

func TestConformance(t *testing.T) {
	for name, cfg := range map[string]wire.NewRelic{"guid": byGUID, "search": bySearch} {
		t.Run(name, func(t *testing.T) {
			sinktest.Run(t, harness(cfg))
		})
	}
}

func FuzzSend(f *testing.F) { sinktest.Fuzz(f, harness(byGUID)) }

func harness(cfg wire.NewRelic) sinktest.Harness {
	return sinktest.Harness{
		Open: func(c sinktest.Clients) notice.Sender {
			s := New(c.Post, c.Secrets, cfg)
			s.now = now
			return s
		},
		Secrets: map[string]string{keyName: "NRAK-0123456789ABCDEFGHIJKLMNOPQ"},
		Good:    sinktest.Answer{Body: `{"data":{"changeTrackingCreateEvent":{"changeTrackingEvent":{"changeTrackingId":"8a3a"},"messages":[]}}}`},
		Failures: []sinktest.Failure{
			{
				Name: "bad key", Credential: true, Reason: "Bad API Key",
				Answer: sinktest.Answer{Body: `{"errors":[{"extensions":{"error_code":"BAD_API_KEY"},"message":"Bad API Key or no API Key provided"}]}`},
			},
			{
				Name: "no access", Credential: true, Reason: "ACCESS_DENIED",
				Answer: sinktest.Answer{Body: `{"data":{"changeTrackingCreateEvent":null},"errors":[{"message":"no","extensions":{"errorClass":"ACCESS_DENIED"}}]}`},
			},
			{
				Name: "throttled", Transient: true, Reason: "TOO_MANY_REQUESTS",
				Answer: sinktest.Answer{Body: `{"errors":[{"message":"some error","extensions":{"errorClass":"TOO_MANY_REQUESTS"}}]}`},
			},
			{
				Name: "timeout", Transient: true, Reason: "TIMEOUT",
				Answer: sinktest.Answer{Body: `{"errors":[{"message":"some error","extensions":{"errorClass":"TIMEOUT"}}]}`},
			},
			{
				Name: "invalid", Reason: "length must be between 0 and 64",
				Answer: sinktest.Answer{Body: `{"errors":[{"message":"Validation Error","extensions":{"code":"BAD_USER_INPUT","validationErrors":[{"name":"name","reason":"length must be between 0 and 64"}]}}]}`},
			},
			{
				Name: "error beside data", Reason: "half",
				Answer: sinktest.Answer{Body: `{"data":{"changeTrackingCreateEvent":{"changeTrackingEvent":{"changeTrackingId":"8a3a"}}},"errors":[{"message":"half"}]}`},
			},
			{
				Name: "nothing created", Reason: "matches 2 entities",
				Answer: sinktest.Answer{Body: `{"data":{"changeTrackingCreateEvent":{"changeTrackingEvent":null,"messages":["the query matches 2 entities"]}}}`},
			},
			{Name: "empty", Answer: sinktest.Answer{Body: `{}`}, Reason: "no event was created"},
			{Name: "no JSON", Answer: sinktest.Answer{Body: `<html>`}, Transient: true, Reason: "not NerdGraph's"},
		},
		Check: func(t *testing.T, n *notice.Notice, r sinktest.Request) { inspect(t, n, cfg, r) },
	}
}

// inspect looks at a request as NerdGraph would.
func inspect(t *testing.T, n *notice.Notice, cfg wire.NewRelic, r sinktest.Request) {
	t.Helper()
	wantURL, wantQuery := "https://api.newrelic.com/graphql", "id = '"+cfg.EntityGUID+"'"
	if cfg.EU {
		wantURL, wantQuery = "https://api.eu.newrelic.com/graphql", cfg.EntitySearch
	}
	if r.URL != wantURL || r.Header.Get("API-Key") == "" {
		t.Errorf("sent to %s with %v", r.URL, r.Header)
	}
	var in request
	r.JSON(t, &in)
	e := in.Variables.Event
	if in.Query != mutation || e.EntitySearch.Query != wantQuery || e.Timestamp != n.Time.UnixMilli() {
		t.Errorf("query %q for %q at %d", in.Query, e.EntitySearch.Query, e.Timestamp)
	}
	if utf8.RuneCountInString(e.Description) > 4095 || e.Description == "" || e.ShortDescription == "" {
		t.Errorf("description of %d characters", utf8.RuneCountInString(e.Description))
	}
	for name, text := range map[string]string{"shortDescription": e.ShortDescription, "groupId": e.GroupID, "user": e.User} {
		if utf8.RuneCountInString(text) > 255 {
			t.Errorf("%s is %q", name, text)
		}
	}
	if n.Release == nil {
		if e.Category.Kind.Category != "OPERATIONAL" || e.Category.Fields != nil {
			t.Errorf("category %+v", e.Category)
		}
		return
	}
	d := e.Category.Fields.Deployment
	if e.Category.Kind.Category != "DEPLOYMENT" || d.Version == "" || utf8.RuneCountInString(d.Version) > 255 || utf8.RuneCountInString(d.Changelog) > 4095 {
		t.Errorf("deployment %+v", d)
	}
	if d.DeepLink != "" && !strings.HasPrefix(d.DeepLink, "https://") {
		t.Errorf("deep link %q", d.DeepLink)
	}
}

func TestGolden(t *testing.T) {
	for name, n := range sinktest.Samples() {
		golden.JSON(t, "testdata/"+name+".json", json.RawMessage(Body(n, byGUID)))
	}
}

func TestCategories(t *testing.T) {
	for state, want := range map[wire.DeploymentState]kind{
		wire.DeploymentStarted:   {"DEPLOYMENT_LIFECYCLE", "ARTIFACT_DEPLOYMENT"},
		wire.DeploymentReady:     {"DEPLOYMENT_LIFECYCLE", "ARTIFACT_DEPLOYMENT"},
		wire.DeploymentSucceeded: {"DEPLOYMENT", "BASIC"},
		wire.DeploymentFailed:    {"DEPLOYMENT", "BASIC"},
		wire.DeploymentStopped:   {"DEPLOYMENT", "BASIC"},
		"NEW":                    {"DEPLOYMENT", "BASIC"},
	} {
		got := categoryOf(&notice.Release{State: state, ID: "d-1"})
		if got.Kind != want || (got.Fields != nil) != (want.Category == "DEPLOYMENT") {
			t.Errorf("%s: %+v", state, got)
		}
	}
	for want, r := range map[string]notice.Release{
		"1.2":     {Version: "1.2", Commit: "abc", ID: "d-1"},
		"abc":     {Commit: "abc", ID: "d-1"},
		"d-1":     {ID: "d-1"},
		"unknown": {},
	} {
		if got := categoryOf(&r).Fields.Deployment.Version; got != want {
			t.Errorf("version of %+v is %q", r, got)
		}
	}
}

// TestRefusals are what is refused before anything is sent or read: the clients are nil.
func TestRefusals(t *testing.T) {
	at := func(d time.Duration) *notice.Notice { return &notice.Notice{Time: now().Add(d)} }
	for _, test := range []struct {
		name, want string
		cfg        wire.NewRelic
		n          *notice.Notice
	}{
		{"no entity", "either a GUID or a search", wire.NewRelic{}, at(0)},
		{"two entities", "either a GUID or a search", wire.NewRelic{EntityGUID: "a", EntitySearch: "b"}, at(0)},
		{"injection", "not the GUID", wire.NewRelic{EntityGUID: "a' OR name LIKE '"}, at(0)},
		{"old", "2026-06-29 20:19:59 UTC (1 day ago), and New Relic accepts", byGUID, at(-window - time.Second)},
		{"future", "in 1 day 1 hour", byGUID, at(25 * time.Hour)},
	} {
		s := New(nil, nil, test.cfg)
		s.now = now
		if err := s.Send(context.Background(), test.n); !notice.IsPermanent(err) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	s := New(nil, secret.New(nil), wire.NewRelic{EntityGUID: "a"}) // there is no secret to read
	s.now = now
	for _, n := range []*notice.Notice{at(-window), at(window), {}} {
		if err := s.Send(context.Background(), n); err == nil || !strings.Contains(err.Error(), "names no secret") {
			t.Errorf("an event of %s: %v", n.Time, err)
		}
	}
}

func TestCheckIgnoresDeprecation(t *testing.T) {
	const created = `"data":{"changeTrackingCreateEvent":{"changeTrackingEvent":{"changeTrackingId":"8a3a"},"messages":["a hint"]}}`
	if err := check(post.Answer{Body: []byte(`{` + created + `,"errors":[{"message":"This field is deprecated! Please use another."}]}`)}); err != nil {
		t.Error(err)
	}
}

// TestDescription shows what is cut first.
func TestDescription(t *testing.T) {
	n := &notice.Notice{Summary: strings.Repeat("ü", 5000)}
	n.Link("Deployment", "https://example.com/deployment")
	if got := describe(n); utf8.RuneCountInString(got) != maxText || !strings.HasSuffix(got, "ü…\nDeployment: https://example.com/deployment") {
		t.Errorf("%d characters that end with %q", utf8.RuneCountInString(got), got[len(got)-60:])
	}
	n = &notice.Notice{Summary: "s"}
	n.Add("Cause", strings.Repeat("c", 30_000), "")
	n.Add("Last", "kept", "")
	if got := describe(n); !strings.HasSuffix(got, "c…\nLast: kept") {
		t.Errorf("got %q", got[len(got)-60:])
	}
	var empty request
	if err := json.Unmarshal(Body(&notice.Notice{}, byGUID), &empty); err != nil || empty.Variables.Event.Timestamp != 0 {
		t.Errorf("%+v: %v", empty, err)
	}
}
