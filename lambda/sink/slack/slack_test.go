package slack

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

const secretARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:slack-AbCdEf"

var (
	byToken   = wire.Slack{Token: &wire.Secret{ARN: secretARN}, Channel: "C0123456789", Mention: "<!here>"}
	byWebhook = wire.Slack{Webhook: &wire.Secret{ARN: secretARN, Field: "url"}, Mention: "<!here>"}
	markup    = []string{"<!channel>", "<@U012AB3CD>", "<https://evil.example|click>", "<script>", "<!--", "'&amp;\\"}
)

func TestByToken(t *testing.T) {
	sinktest.Run(t, harness())
}

func FuzzSend(f *testing.F) { sinktest.Fuzz(f, harness()) }

func harness() sinktest.Harness {
	return sinktest.Harness{
		Open:    func(c sinktest.Clients) notice.Sender { return New(c.Post, c.Secrets, byToken) },
		Secrets: map[string]string{secretARN: "xoxb-12345678901-abcdefghijklmnop"},
		Aside:   map[string]sinktest.Answer{history: {Body: `{"ok":true,"messages":[],"has_more":false}`}},
		Good:    sinktest.Answer{Body: `{"ok":true,"channel":"C0123456789","ts":"1503435956.000247"}`},
		Failures: []sinktest.Failure{
			refusal("invalid_auth", false, true, "bot token"),
			refusal("token_revoked", false, true, "bot token"),
			refusal("account_inactive", false, true, "bot token"),
			refusal("ratelimited", true, false, "ratelimited"),
			refusal("internal_error", true, false, "internal_error"),
			refusal("fatal_error", true, false, "fatal_error"),
			refusal("service_unavailable", true, false, "service_unavailable"),
			refusal("channel_not_found", false, false, "by its ID"),
			refusal("not_in_channel", false, false, "invite the app"),
			refusal("is_archived", false, false, "archive"),
			refusal("missing_scope", false, false, "chat:write"),
			refusal("restricted_action", false, false, "administrators"),
			refusal("msg_blocks_too_long", false, false, "report this"),
			refusal("something_new", false, false, "something_new"),
			{Name: "messages", Answer: sinktest.Answer{Body: `{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] no more than 50"]}}`}, Reason: "no more than 50"},
			{Name: "no JSON", Answer: sinktest.Answer{Body: "<html>"}, Transient: true, Reason: "not Slack's"},
			{Name: "nothing", Transient: true, Reason: "not Slack's"},
			{Name: "empty object", Answer: sinktest.Answer{Body: "{}"}, Transient: true, Reason: "not Slack's"},
			{Name: "ok of another type", Answer: sinktest.Answer{Body: `{"ok":"true"}`}, Transient: true, Reason: "not Slack's"},
		},
		Check: func(t *testing.T, n *notice.Notice, r sinktest.Request) {
			if r.URL != "https://slack.com/api/chat.postMessage" || !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer xoxb-") || r.Header.Get("Content-Type") != contentType {
				t.Errorf("%s with %v", r.URL, r.Header)
			}
			check(t, n, r.Body, "C0123456789")
		},
		Markup: markup,
	}
}

// refusal is an answer of the Web API, which comes with status 200.
func refusal(code string, transient, credential bool, reason string) sinktest.Failure {
	return sinktest.Failure{
		Name: code, Answer: sinktest.Answer{Body: fmt.Sprintf(`{"ok":false,"error":%q}`, code)},
		Transient: transient, Credential: credential, Reason: reason,
	}
}

func TestByWebhook(t *testing.T) {
	const url = "https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnopqrstuvwx"
	plain := func(status int, body string, transient, credential bool, reason string) sinktest.Failure {
		return sinktest.Failure{
			Name: body, Answer: sinktest.Answer{Status: status, Body: body},
			Transient: transient, Credential: credential, Reason: reason,
		}
	}
	sinktest.Run(t, sinktest.Harness{
		Open:    func(c sinktest.Clients) notice.Sender { return New(c.Post, c.Secrets, byWebhook) },
		Secrets: map[string]string{secretARN: `{"url":"` + url + `"}`},
		Good:    sinktest.Answer{Body: "ok"},
		Failures: []sinktest.Failure{
			plain(404, "no_service", false, true, "new webhook"),
			plain(404, "no_team", false, true, "new webhook"),
			plain(403, "invalid_token", false, true, "new webhook"),
			plain(403, "action_prohibited", false, false, "administrators"),
			plain(404, "channel_not_found", false, false, "by its ID"),
			plain(410, "channel_is_archived", false, false, "archive"),
			plain(400, "invalid_payload", false, false, "report this"),
			plain(500, "rollup_error", true, false, "rollup_error"),
			plain(200, `{"ok":true}`, false, false, "not that of an incoming webhook"),
			plain(200, "<html>", true, false, "not Slack's"),
		},
		Check: func(t *testing.T, n *notice.Notice, r sinktest.Request) {
			if r.URL != url || r.Header.Get("Authorization") != "" {
				t.Errorf("%s with %v", r.URL, r.Header)
			}
			check(t, n, r.Body, "")
		},
		Markup: markup,
	})
}

func TestNoDestination(t *testing.T) {
	for _, cfg := range []wire.Slack{{}, {Channel: "C1"}, {Token: &wire.Secret{}}} {
		err := New(nil, nil, cfg).Send(t.Context(), &notice.Notice{})
		if !notice.IsPermanent(err) || !strings.Contains(err.Error(), "correct the sink") {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}

// check checks that a message is one that Slack accepts.
func check(t *testing.T, n *notice.Notice, body []byte, channel string) {
	t.Helper()
	var m struct {
		Channel, Text string
		Blocks        []shown
		Attachments   []struct {
			Color  string
			Blocks []shown
		}
		Unfurl *bool `json:"unfurl_links"`
	}
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatal(err)
	}
	if m.Channel != channel || m.Text == "" || notice.Units(m.Text) > maxFallback || m.Unfurl == nil || *m.Unfurl {
		t.Errorf("channel %q, text %q, unfurl %v", m.Channel, m.Text, m.Unfurl)
	}
	all := m.Blocks
	for _, a := range m.Attachments {
		if len(a.Color) != 7 || len(a.Blocks) == 0 {
			t.Errorf("attachment %+v", a)
		}
		all = append(all, a.Blocks...)
	}
	if len(all) > 50 || len(m.Blocks) == 0 {
		t.Errorf("%d blocks, %d of them first", len(all), len(m.Blocks))
	}
	total := 0
	for _, b := range all {
		total += b.check(t)
	}
	if total > 12_000 {
		t.Errorf("%d characters in all", total)
	}
	if len(n.Links) > 0 && !strings.Contains(string(body), `"url":"`+n.Links[0].URL+`"`) {
		t.Error("no button leads to the whole")
	}
}

// shown is any object in blocks.
type shown struct {
	Type, URL string
	Text      json.RawMessage
	Fields    []shown
	Elements  []shown
}

// check returns what a block takes of a message.
func (b shown) check(t *testing.T) int {
	t.Helper()
	inner := func(raw json.RawMessage) (text shown) {
		if raw != nil {
			if err := json.Unmarshal(raw, &text); err != nil {
				t.Error(err)
			}
		}
		return text
	}
	limit := func(x shown, most int, types string) int {
		var s string
		if err := json.Unmarshal(x.Text, &s); err != nil || strings.TrimSpace(s) == "" || notice.Units(s) > most || !strings.Contains(types, x.Type) {
			t.Errorf("%s in %s: %d of %d characters: %.200s", x.Type, b.Type, notice.Units(s), most, x.Text)
		}
		return notice.Units(s)
	}
	total := blockCost
	switch b.Type {
	case "header":
		total += limit(inner(b.Text), 150, "plain_text")
	case "section":
		if b.Text != nil {
			total += limit(inner(b.Text), 3000, "plain_text mrkdwn")
		}
		for _, f := range b.Fields {
			total += limit(f, 2000, "plain_text mrkdwn")
		}
		if len(b.Fields) > 10 || b.Text == nil && len(b.Fields) == 0 {
			t.Errorf("%d fields", len(b.Fields))
		}
	case "context":
		for _, e := range b.Elements {
			total += limit(e, 2000, "plain_text mrkdwn")
		}
	case "actions":
		for _, e := range b.Elements {
			total += limit(inner(e.Text), 75, "plain_text") + notice.Units(e.URL)
			if !strings.HasPrefix(e.URL, "http") || notice.Units(e.URL) > 3000 {
				t.Errorf("button to %.100s", e.URL)
			}
		}
		if len(b.Elements) == 0 || len(b.Elements) > 25 {
			t.Errorf("%d buttons", len(b.Elements))
		}
	default:
		t.Errorf("block of type %q", b.Type)
	}
	return total
}
