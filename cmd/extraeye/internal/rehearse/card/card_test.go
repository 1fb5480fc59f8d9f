package card

import (
	"encoding/json"
	"html"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/sink/amazonq"
	"github.com/extraeye/extraeye/lambda/sink/datadog"
	"github.com/extraeye/extraeye/lambda/sink/grafana"
	"github.com/extraeye/extraeye/lambda/sink/newrelic"
	"github.com/extraeye/extraeye/lambda/sink/pagerduty"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
	"github.com/extraeye/extraeye/lambda/sink/slack"
	"github.com/extraeye/extraeye/lambda/sink/teams"
	"github.com/extraeye/extraeye/lambda/sink/webhook"
)

// The golden cards are of handwritten requests that have everything that is drawn,
// what is not, and what would break out of the page.
func TestDraw(t *testing.T) {
	requests, err := filepath.Glob("testdata/*.json")
	if err != nil || len(requests) < 5 {
		t.Fatal(requests, err)
	}
	for _, path := range requests {
		sink := strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(sink, func(t *testing.T) {
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := string(Draw(sink, body))
			golden.File(t, strings.TrimSuffix(path, ".json")+".html", got)
			harmless(t, got)
		})
	}
}

var (
	tag    = regexp.MustCompile(`<[^>]*>`)
	quoted = regexp.MustCompile(`"[^"]*"`)
	event  = regexp.MustCompile(`(?i)\son\w+=|\ssrc=`)
)

// harmless looks for what a text in a request must not become.
func harmless(t *testing.T, drawn string) {
	t.Helper()
	for _, element := range tag.FindAllString(drawn, -1) {
		bad := event.MatchString(quoted.ReplaceAllString(element, `""`))
		for _, start := range []string{"<script", "<img", "<iframe", `href="javascript:`, "url("} {
			bad = bad || strings.Contains(strings.ToLower(element), start)
		}
		if bad {
			t.Errorf("the card has %s", element)
		}
	}
}

// bodies are what the sinks themselves make of a notice.
func bodies(n *notice.Notice) map[string][]byte {
	return map[string][]byte{
		"slack":     slack.Body(n, wire.Slack{Channel: "#ops", Mention: "<!here>"}),
		"teams":     teams.Body(n),
		"pagerduty": pagerduty.Body(n, wire.PagerDuty{}, "•••"),
		"newrelic":  newrelic.Body(n, wire.NewRelic{EntityGUID: "guid"}),
		"datadog":   datadog.Body(n, wire.Datadog{Site: "datadoghq.eu"}, time.Now()),
		"grafana":   grafana.Body(n, wire.Grafana{}),
		"webhook":   webhook.Body(n),
		"amazonq":   amazonq.Body(n),
	}
}

// What the sinks say can be read on the card as it stands in the notice, without
// the marks and the escapes of any destination.
func TestSinksAreDrawn(t *testing.T) {
	for name, n := range sinktest.Samples() {
		for sink, body := range bodies(n) {
			t.Run(name+"/"+sink, func(t *testing.T) {
				drawn := string(Draw(sink, body))
				harmless(t, drawn)
				if strings.Contains(drawn, "not drawn here") {
					t.Errorf("something is not drawn: %s", drawn)
				}
				if name == "hostile" || name == "many-facts" {
					return // much is cut, and not everywhere at the same place
				}
				text := strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(drawn, " "))), " ")
				wants := []string{n.Title}
				if sink != "grafana" && sink != "newrelic" { // their descriptions are one text
					for _, f := range n.Facts {
						wants = append(wants, f.Value)
					}
				}
				for _, want := range wants {
					if want = strings.Join(strings.Fields(want), " "); !strings.Contains(text, want) {
						t.Errorf("no %q in %s", want, text)
					}
				}
			})
		}
	}
}

// Every sink of the contract that the page has no other view of is drawn.
func TestEverySinkHasACard(t *testing.T) {
	sinks := reflect.TypeFor[wire.Sink]()
	for i := range sinks.NumField() {
		name, _, _ := strings.Cut(sinks.Field(i).Tag.Get("json"), ",")
		if shown := name == "email" || name == "topic"; (Draw(name, []byte("{}")) == "") != shown {
			t.Errorf("add %s to layouts, or draw it", name)
		}
	}
}

func TestNotDrawn(t *testing.T) {
	for _, c := range []struct{ sink, body string }{{"slack", "payload=1"}, {"slack", ""}, {"email", "{}"}, {"", "{}"}} {
		if got := Draw(c.sink, []byte(c.body)); got != "" {
			t.Errorf("%s for %q: %s", c.sink, c.body, got)
		}
	}
}

func TestMrkdwn(t *testing.T) {
	for text, want := range map[string]string{
		"*a* b*c* *d *e*":     "<b>a</b> b*c* <b>d *e</b>",
		"_a_b_ c":             "<i>a_b</i> c",
		"`a`b`":               "<code>a`b</code>",
		"* a * ** *":          "* a * ** *",
		"```a``` ```b":        "<pre>a</pre> ```b",
		"<> <a\n> & &amp;lt;": "&lt;&gt; &lt;a\n&gt; &amp; &amp;lt;",
		":x: :nothing: a:x:b": "❌ :nothing: a❌b",
		"*ü*ü*":               "<b>ü*ü</b>",
		"*(_(~a~)_)*":         "<b>(<i>(<s>a</s>)</i>)</b>",
	} {
		if got := string(mrkdwn(text)); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func FuzzDraw(f *testing.F) {
	for _, sink := range []string{"slack", "teams", "pagerduty", "newrelic", "datadog", "grafana", "webhook", "amazonq"} {
		f.Add(sink, `{"text":"*a*","blocks":[{"type":"section","text":"b"}],"attachments":[{"content":{"body":[{"type":"TextBlock","text":"[a](b)"}]}}],"links":[{}]}`, sinktest.Hostile)
	}
	f.Fuzz(func(t *testing.T, sink, body, text string) {
		Draw(sink, []byte(body))
		raw, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		block := `{"type":"section","text":{"type":"mrkdwn","text":` + string(raw) + `}}`
		harmless(t, string(Draw("slack", []byte(`{"blocks":[`+block+`]}`))))
		item := `{"type":"TextBlock","text":` + string(raw) + `}`
		harmless(t, string(Draw("teams", []byte(`{"attachments":[{"content":{"body":[`+item+`]}}]}`))))
	})
}
