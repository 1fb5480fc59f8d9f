package rehearse

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/destination"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
)

// The real notifier sends to every sink that the constructs have, with all its options:
// the destination takes the message, the page draws it, and neither the page nor a file has
// a secret. The golden file lists where each target's message goes.
func TestEverySink(t *testing.T) {
	template, err := os.ReadFile(sinksTemplate)
	if err != nil {
		t.Fatal(err)
	}
	report, problems := rehearsal(t, Options{Assembly: assemblyOf(t, template)})
	if len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
	sent := map[string]bool{}
	var lines strings.Builder
	for _, d := range report.Deliveries {
		for _, i := range d.Items {
			switch i.Outcome {
			case result.Skipped:
				continue
			case result.Sent:
			default:
				t.Errorf("%s to %s is %s: %s", i.File, i.Sink, i.Outcome, i.Reason)
				continue
			}
			sent[i.Sink] = true
			checkMessage(t, d, i)
			if i.File == "deployment-failure" {
				fmt.Fprintln(&lines, strings.Join(append([]string{i.Target, i.Place, i.Sink}, requests(i)...), " "))
			}
		}
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[wire.Sink]()) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); !sent[name] {
			t.Errorf("nothing is sent to the sink %s: is it in %s?", name, sinksTemplate)
		}
	}
	golden.File(t, "testdata/sinks.golden.txt", lines.String())
	checkSecrets(t, report)
}

// checkMessage checks what the page and the files have of a message that was sent.
func checkMessage(t *testing.T, d *inbox.Delivery, i inbox.Item) {
	t.Helper()
	card := string(i.Card())
	if strings.Contains(card, "not drawn here") || (card != "") != destination.IsDrawn(i.Sink) {
		t.Errorf("%s to %s: the card is %q", i.File, i.Target, card)
	}
	if d.Carried && string(d.Input) != string(d.Event) {
		t.Errorf("the %s gets %s", i.Sink, d.Input)
	}
	if destination.IsDrawn(i.Sink) {
		checkFiles(t, i)
	}
	want := 0
	if slices.Contains(destination.OutsideAWS(), i.Sink) {
		want = max(1, len(i.Attempts))
	}
	if got := len(i.Posts()); got != want {
		t.Errorf("%s to %s: %d requests outside of AWS, want %d", i.File, i.Target, got, want)
	}
}

// requests are the URLs of an item's requests outside of AWS, and the headers with a
// secret.
func requests(i inbox.Item) []string {
	var all []string
	for _, c := range i.Posts() {
		all = append(all, c.URL)
		for _, h := range c.Header {
			if strings.Contains(h.Value, "•••") {
				all = append(all, h.Name+": "+h.Value)
			}
		}
	}
	return all
}

// The options of sinks decide what is sent, and where to.
func TestSinkOptions(t *testing.T) {
	report, problems := rehearsal(t, Options{Assembly: filepath.Join("testdata", "sinks")})
	if len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
	want := []struct {
		sink, url string
		card      string // a part of it
		header    string // a part of one
	}{
		{"slack", "https://slack.com/api/chat.postMessage", `class="slack-header"`, "Bearer •••"},
		{"slack", "https://hooks.slack.com/•••", `class="slack-header"`, ""},
		{"teams", "https://prod-00.westeurope.logic.azure.com:443/•••", `class="teams-card wide"`, ""},
		{"pagerduty", "https://events.pagerduty.com/v2/enqueue", `<span class="pill error">error</span>`, ""},
		{"pagerduty", "https://events.eu.pagerduty.com/v2/change/enqueue", `<dt>Source</dt><dd>checkout`, ""},
		{"newrelic", "https://api.eu.newrelic.com/graphql", `<dt>Version</dt><dd>checkout-1.4.2`, "•••"},
		{"datadog", "https://api.datadoghq.eu/api/v1/events", `<span class="tag">team:checkout</span>`, "•••"},
		{"grafana", "https://grafana.example.com/sub/api/annotations", `<span class="tag">checkout</span>`, "Bearer •••"},
		{"webhook", "https://webhook.example.com/extraeye?source=aws", `<dt>Service</dt><dd>checkout`, "v1,"},
		{"webhook", "https://secret.example.com/•••", `<dt>Service</dt><dd>checkout`, ""},
		{"amazonq", "", `<dt>Thread</dt>`, ""},
		{"event bus", "", "", ""},
		{"log group", "", "", ""},
	}
	var got []inbox.Item
	var deliveries []*inbox.Delivery
	for _, d := range report.Deliveries {
		for _, i := range d.Items {
			if i.File == "deployment-failure" {
				got, deliveries = append(got, i), append(deliveries, d)
			}
		}
	}
	if len(got) != len(want) || report.Count(result.Failed) > 0 {
		t.Fatalf("%d items, want %d; %d failed", len(got), len(want), report.Count(result.Failed))
	}
	for n, w := range want {
		i, d := got[n], deliveries[n]
		if i.Sink != w.sink || i.Outcome != result.Sent {
			t.Errorf("%d: %s is %s: %s, want %s", n, i.Sink, i.Outcome, i.Reason, w.sink)
		}
		if card := string(i.Card()); !strings.Contains(card, w.card) || (card == "") != (w.card == "") || strings.Contains(card, "not drawn here") {
			t.Errorf("%s: no %s in the card %s", w.sink, w.card, card)
		}
		if d.Carried {
			if string(d.Input) != string(d.Event) {
				t.Errorf("the %s gets %s", i.Sink, d.Input)
			}
			continue
		}
		checkFiles(t, i)
		posts := i.Posts()
		if w.url == "" {
			continue
		}
		if len(posts) != 1 || posts[0].URL != w.url {
			t.Errorf("%s: %d requests: %+v, want one to %s", w.sink, len(posts), posts, w.url)
			continue
		}
		var values []string
		for _, h := range posts[0].Header {
			values = append(values, h.Value)
		}
		if !strings.Contains(strings.Join(values, "\n"), w.header) {
			t.Errorf("%s: no %s in the headers %+v", w.sink, w.header, posts[0].Header)
		}
		if w.sink == "pagerduty" && !strings.Contains(posts[0].Input, `"routing_key":"•••"`) {
			t.Errorf("the routing key is not hidden in %s", posts[0].Input)
		}
	}

	checkSecrets(t, report)
}

// checkSecrets checks that no part of a secret is in a file of the rehearsal.
func checkSecrets(t *testing.T, report Report) {
	t.Helper()
	parts := map[string]bool{}
	var sinks []wire.Sink
	for _, d := range report.Deliveries {
		in, _ := readInput(d.Input)
		for _, o := range in.Orders() {
			sinks = append(sinks, o.Sinks...)
		}
	}
	for _, s := range sinks {
		for _, value := range destination.Secrets(s) {
			for part := range strings.FieldsFuncSeq(strings.TrimPrefix(value, "https://"), func(r rune) bool { return r == '?' || r == '&' }) {
				parts[part] = len(part) > 8
			}
		}
	}
	shown, err := filepath.Glob(filepath.Join(filepath.Dir(report.Index), "*"))
	if err != nil || len(shown) < 30 || len(parts) < 10 {
		t.Fatal(shown, err, parts)
	}
	for _, path := range shown {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for part, isLong := range parts {
			if isLong && strings.Contains(string(text), part) {
				t.Errorf("%s shows a secret: %s", path, part)
			}
		}
	}
}

// checkFiles looks for the files of the message and of the delivery.
func checkFiles(t *testing.T, i inbox.Item) {
	t.Helper()
	if len(i.Out) != 2 {
		t.Fatalf("%s: files %q", i.Sink, i.Out)
	}
	for n, want := range []struct{ name, text string }{{i.Sink, "production"}, {"delivery", `"watch"`}} {
		text, err := os.ReadFile(i.Out[n])
		if err != nil || !regexp.MustCompile(`^\d+-`+want.name+`(-2)?\.json$`).MatchString(filepath.Base(i.Out[n])) || !strings.Contains(string(text), want.text) {
			t.Errorf("%s has no %s: %v", i.Out[n], want.text, err)
		}
	}
}

// A message that the destination refuses is a failed delivery, with its reason.
func TestSinksThatRefuse(t *testing.T) {
	answers := write(t, map[string]string{
		"slack.json":         `{"ok":false,"error":"channel_not_found"}`,
		"pagerduty.400.json": `{"status":"invalid event","message":"Event object is invalid","errors":["payload.summary is missing"]}`,
	})
	report, _ := rehearsal(t, Options{Assembly: filepath.Join("testdata", "sinks"), Answers: answers})
	for sink, want := range map[string]string{"slack": "channel_not_found", "pagerduty": "payload.summary is missing"} {
		if _, i := find(t, report, "deployment-failure", sink); i.Outcome != result.Failed || !strings.Contains(i.Reason, want) {
			t.Errorf("%s is %s: %s", sink, i.Outcome, i.Reason)
		}
	}
	if _, i := find(t, report, "deployment-failure", "teams"); i.Outcome != result.Sent {
		t.Errorf("teams is %s: %s", i.Outcome, i.Reason)
	}
}
