package teams

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

const parameter = "/teams/webhook"

// TestConformance posts to both shapes of a workflow's URL, which must come out as
// they are.
func TestConformance(t *testing.T) {
	for name, url := range map[string]string{
		"logic apps":     "https://prod-12.westeurope.logic.azure.com:443/workflows/0123456789abcdef0123456789abcdef/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abc-DEF_ghi012345678901234567890123456789",
		"power platform": "https://default0123456789abcdef0123456789abcd.ef.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/0123456789abcdef0123456789abcdef/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abc-DEF_ghi012345678901234567890123456789",
	} {
		t.Run(name, func(t *testing.T) {
			sinktest.Run(t, harness(url))
		})
	}
}

func FuzzSend(f *testing.F) {
	sinktest.Fuzz(f, harness("https://prod-12.westeurope.logic.azure.com:443/workflows/0123456789abcdef0123456789abcdef/triggers/manual/paths/invoke?sig=abc-DEF_ghi012345678901234567890123456789"))
}

func harness(url string) sinktest.Harness {
	return sinktest.Harness{
		Open: func(c sinktest.Clients) notice.Sender {
			return New(c.Post, c.Secrets, wire.Teams{Webhook: wire.Secret{Parameter: parameter}})
		},
		Secrets: map[string]string{parameter: url},
		Good:    sinktest.Answer{Status: 202}, OneStatus: true, AnyBody: true,
		Failures: failures,
		Check: func(t *testing.T, n *notice.Notice, r sinktest.Request) {
			if strings.Replace(url, ":443", "", 1) != strings.Replace(r.URL, ":443", "", 1) || r.Header.Get("Content-Type") != contentType {
				t.Errorf("posted to %s with %v, want %s", r.URL, r.Header, url)
			}
			for _, s := range checkCard(t, n, r.Body) {
				for _, markup := range []string{"[click](", "![x](", "*b*", "_i_", "~s~", "`c`", "{{DATE(", "'&amp;∖"} {
					if strings.Contains(s, markup) {
						t.Errorf("%q stands in %q", markup, s)
					}
				}
				if strings.Contains(s, "<") {
					t.Errorf("a tag stands in %q", s)
				}
			}
		},
		// No Harness.Markup: the titles of buttons are not Markdown and stay as they are.
	}
}

var failures = []sinktest.Failure{
	inside(429, true, "429"), inside(500, true, "500"), inside(503, true, "503"),
	inside(400, false, "400"), inside(404, false, "404"), inside(413, false, "report this"),
	{Name: "no endpoint", Answer: sinktest.Answer{Body: "Webhook message delivery failed with error: Error contacting Microsoft Teams endpoint"}, Transient: true, Reason: "Error contacting"},
	{Name: "cut off", Answer: sinktest.Answer{Body: "Microsoft Teams endpoint returned HTTP error 4"}, Transient: true, Reason: "HTTP error"},
	{Name: "Response action", Answer: sinktest.Answer{Body: "done"}, Reason: "it must be status 202"},
	{Name: "page to log in", Answer: sinktest.Answer{Body: "<html>"}, Credential: true, Reason: "put the URL"},
	{Name: "workflow gone", Answer: sinktest.Answer{Status: 404, Body: `{"error":{"code":"WorkflowNotFound","message":"The workflow could not be found."}}`}, Credential: true, Reason: "put the URL"},
	{Name: "wrong sig", Answer: sinktest.Answer{Status: 401, Body: `{"error":{"code":"DirectApiAuthorizationRequired"}}`}, Credential: true, Reason: "with its sig"},
	{Name: "turned off", Answer: sinktest.Answer{Status: 400, Body: `{"error":{"code":"WorkflowTriggerIsNotEnabled"}}`}, Reason: "turned on"},
	{Name: "too large", Answer: sinktest.Answer{Status: 413}, Reason: "report this"},
}

// inside is an error within an answer of status 200.
func inside(status int, transient bool, reason string) sinktest.Failure {
	text := "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error " + string(rune('0'+status/100)) +
		string(rune('0'+status/10%10)) + string(rune('0'+status%10)) + " with ContextId tcid=1,server=DB3PEPF0000009A,cv=x.0.."
	return sinktest.Failure{Name: text[75:92], Answer: sinktest.Answer{Body: text}, Transient: transient, Reason: reason}
}

// checkCard checks that a card is one that Teams accepts, and returns its texts that
// are Markdown.
func checkCard(t *testing.T, n *notice.Notice, body []byte) []string {
	t.Helper()
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatal(err)
	}
	// As Teams keeps it, a message may have 28 KB.
	kept, err := json.Marshal(string(body))
	if err != nil {
		t.Fatal(err)
	}
	if len(kept) > 28_000 || cost(m) > maxCard {
		t.Errorf("%d bytes, kept as %d", len(body), len(kept))
	}
	if m.Type != "message" || len(m.Attachments) != 1 || m.Attachments[0].ContentType != "application/vnd.microsoft.card.adaptive" {
		t.Fatalf("no message with one card: %.300s", body)
	}
	c := m.Attachments[0].Content
	if c.Type != "AdaptiveCard" || c.Version != "1.4" || c.MSTeams.Width != "Full" || c.FallbackText == "" || len(c.Actions) > 6 {
		t.Errorf("card %.300s", body)
	}
	for _, a := range c.Actions {
		if a.Type != "Action.OpenUrl" || !strings.HasPrefix(a.URL, "http") {
			t.Errorf("action %+v", a)
		}
	}
	if len(n.Links) > 0 && (len(c.Actions) == 0 || c.Actions[0].URL != n.Links[0].URL) {
		t.Error("no button leads to the whole")
	}
	if head := c.Body[0]; head.Type != "Container" || !slices.Contains([]string{"attention", "warning", "good", "accent"}, head.Style) {
		t.Errorf("the first element is %+v", head)
	}
	texts := []string{c.FallbackText}
	for _, e := range slices.Concat(c.Body[0].Items, c.Body[1:]) {
		texts = append(texts, e.Text)
		for _, f := range e.Facts {
			texts = append(texts, f.Title, f.Value)
		}
		switch {
		case e.Type == "TextBlock" && e.Text != "" && e.Wrap:
		case e.Type == "FactSet" && len(e.Facts) > 0:
		default:
			t.Errorf("element %+v", e)
		}
	}
	return texts
}
