package inbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/card"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fake"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fakeaws"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/lambda/notice"
)

// hostile tries to break out of every place that it is put in, to reverse the text and to
// hide characters.
const hostile = `</pre></style></script><script>alert(1)</script>"'--><img src=x onerror=alert(1)>` + "\u202egnp.exe\u2066\u2069\u200b\u00ad\x1b[31m\x07\r\u2028\U000e0041"

func rehearsal() Page {
	base := result.Result{
		File: "termination-elb-health-check", EventID: "e1", DetailType: "EC2 Instance Terminate Successful", Rule: "EyeTerminations",
		Target: "Notifier", Outcome: result.Sent, Severity: notice.Error, Status: notice.Open, Title: "Instance terminated",
		Summary: "It failed.", MS: 12,
	}
	item := func(sink, place string) Item {
		i := Item{Result: base, Place: place}
		i.Sink, i.Order = sink, int(place[0]-'0')
		return i
	}
	of := &notice.Notice{
		Severity: notice.Error, Status: notice.Open, Title: base.Title, Summary: base.Summary,
		Facts: []notice.Fact{{Label: "Group", Value: "g", URL: "https://console.example.com/?a=1&b=2"}},
	}
	mail, topic, chat, amazon, pager := item("email", "0.0"), item("topic", "0.1"), item("slack", "0.2"), item("amazonq", "1.0"), item("pagerduty", "2.0")
	mail.Mail = &fakeaws.Mail{From: "ops@example.com", To: []string{"a@example.com", "b@example.com"}, CC: []string{"c@example.com"}, ReplyTo: []string{"d@example.com"}, Subject: "Instance <gone>", Text: "plain & simple", HTML: `<p class="x">it's "gone"</p>`}
	topic.Message = &fakeaws.Message{TopicARN: "arn:aws:sns:us-east-1:123456789012:t", Subject: "Gone", Text: "It is gone.", Attributes: []fakeaws.Attribute{{Name: "kind", Value: "termination"}}}
	amazon.Message = &fakeaws.Message{TopicARN: topic.Message.TopicARN, Text: `{"version":"1.0","content":{"title":"Gone","description":"*Group:* g"},"metadata":{"threadId":"t"}}`}
	chat.Reason = "15 minutes late: Slack answered 503 Service Unavailable"
	chat.Attempts = []Attempt{{Reason: "hooks.slack.com answered 503"}, {After: 15 * time.Minute}}
	pager.Outcome, pager.Reason = result.Skipped, "scale-in is not watched"
	call := fake.Call{
		Service: "slack", Operation: "POST", Place: "0.2", Status: 503, URL: "https://slack.com/api/chat.postMessage",
		Header: []fake.Header{{Name: "Authorization", Value: "Bearer •••"}},
		Input:  `{"channel":"#ops","text":"Gone","blocks":[{"type":"header","text":{"type":"plain_text","text":"Gone"}},{"type":"odd","text":"</pre><script>alert(1)</script>"}]}`,
	}
	again := call
	again.Status = 200
	all := &Delivery{
		Event: json.RawMessage(`{}`), Input: json.RawMessage(`{"sinks":[{"email":{}}]}`), Items: []Item{mail, topic, chat, amazon, pager},
		Notices: []*notice.Notice{of, of, {Title: "another"}},
		Calls: []fake.Call{
			{Service: "ec2", Operation: "DescribeInstances", Status: 400}, {Service: "ses", Operation: "SendEmail", Place: "0.0", Status: 200},
			{Service: "secretsmanager", Operation: "GetSecretValue", Place: "0.2", Status: 200}, call, again,
		},
		Log: "{\"level\":\"INFO\"}\n",
	}
	queue := &Delivery{Input: json.RawMessage(`{"id":"e1"}`), Carried: true, Items: []Item{{Result: result.Result{File: base.File, EventID: "e1", Sink: "queue", Outcome: result.Sent, Rule: "Raw", DetailType: base.DetailType}}}}
	skipped := &Delivery{Input: json.RawMessage(`{}`), Notices: []*notice.Notice{nil}, Items: []Item{{Place: "0.0", Result: result.Result{File: "termination-scale-in", EventID: "e2", Sink: "email", Outcome: result.Skipped, Reason: "scale-in is not watched"}}}}
	unmatched := &Delivery{Event: json.RawMessage(`{"a":1}`), Items: []Item{{Result: result.Result{File: "other.json", EventID: "e3", Outcome: result.Unmatched, Reason: hostile, DetailType: hostile}}}}
	bad := item(hostile, "0.0")
	bad.Outcome, bad.Reason, bad.EventID, bad.File, bad.Kept = result.Failed, hostile, "e4", hostile, true
	bad.Title, bad.Summary, bad.Rule, bad.Target, bad.DetailType = hostile, hostile, hostile, hostile, hostile
	failed := &Delivery{
		Input: json.RawMessage(hostile), Log: hostile, Items: []Item{bad, bad},
		Notices: []*notice.Notice{{Title: hostile, Summary: hostile, Facts: []notice.Fact{{Label: hostile, Value: hostile, URL: "javascript:alert(1)"}}}},
	}
	p := Page{App: "some-service", Made: time.Date(2026, 11, 22, 21, 0, 0, 0, time.UTC), Timeline: "timeline.html", Deliveries: []*Delivery{all, queue, skipped, unmatched, failed}}
	for n, d := range p.Deliveries {
		d.Number = n + 1
	}
	return p
}

// finished is the rehearsal after its files were written.
func finished(t *testing.T, dir string) Page {
	t.Helper()
	p := rehearsal()
	for _, d := range p.Deliveries {
		if err := d.Finish(dir); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// The golden file is the page without its style and script.
func TestPage(t *testing.T) {
	dir := t.TempDir()
	path, err := finished(t, dir).Write(dir)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	assets := regexp.MustCompile(`(?s)<(style|script)>(.*?)</(style|script)>`)
	found := assets.FindAllSubmatch(got, -1)
	if len(found) != 2 {
		t.Fatalf("%d styles and scripts, want one each", len(found))
	}
	got = assets.ReplaceAll(got, []byte("<$1></$3>"))
	sum := sha256.Sum256(found[1][2])
	hash := regexp.MustCompile(`script-src '(sha256-[^']+)'`).FindSubmatch(got)
	if want := "sha256-" + base64.StdEncoding.EncodeToString(sum[:]); hash == nil || html.UnescapeString(string(hash[1])) != want {
		t.Fatalf("the Content-Security-Policy has the hash %q, want %s", hash, want)
	}
	got = bytes.ReplaceAll(got, hash[1], []byte("sha256-of-the-script"))
	golden.File(t, "testdata/index.golden.html", string(got))
	for _, bad := range []string{"<img", "<script>alert", `href="javascript:`, ` src="`} {
		if strings.Contains(string(got), bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	if i := bytes.IndexFunc(got, func(r rune) bool { return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl) }); i >= 0 {
		t.Errorf("the page has what cannot be seen: %q", got[i:min(i+40, len(got))])
	}
}

// Screen readers find a main landmark, also when only the list is shown, and a first-level
// heading in every item.
func TestPageHasLandmarks(t *testing.T) {
	dir := t.TempDir()
	path, err := finished(t, dir).Write(dir)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, main, _ := strings.Cut(string(text), "<main ")
	main, rest, _ := strings.Cut(main, "</main>")
	if !strings.Contains(main, "<nav ") || strings.Contains(rest, "<main") || strings.Contains(rest, "<article") {
		t.Error("not all of the list and the items is in the one main part")
	}
	headings := regexp.MustCompile(`<h([1-6])`)
	for n, article := range strings.Split(main, "<article ")[1:] {
		last := "0"
		for _, h := range headings.FindAllStringSubmatch(article, -1) {
			if h[1] > last && h[1] != string(last[0]+1) || h[1] == "1" && last != "0" {
				t.Errorf("item %d: a heading %s comes after one of %s", n+1, h[1], last)
			}
			last = h[1]
		}
		if last == "0" {
			t.Errorf("item %d has no heading", n+1)
		}
	}
}

// A page of a large app has its first items and all that failed.
func TestLargePage(t *testing.T) {
	p := Page{Deliveries: make([]*Delivery, maxShown+10)}
	for n := range p.Deliveries {
		p.Deliveries[n] = &Delivery{Number: n + 1, Items: []Item{{Result: result.Result{File: "event", Outcome: result.Sent}}}}
	}
	p.Deliveries[maxShown+5].Items[0].Outcome = result.Failed
	path, err := p.Write(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if rows, articles := bytes.Count(text, []byte(`<a href="#n`)), bytes.Count(text, []byte("<article ")); rows != maxShown+1 || articles != rows {
		t.Errorf("%d rows and %d items, want %d", rows, articles, maxShown+1)
	}
	for _, want := range []string{`id="n2006"`, ">9 more are not shown.", "<b>2009</b> sent", "<b>1</b> failed"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("no %s on the page", want)
		}
	}
}

// The page needs nothing from anywhere else, also in its style and script.
func TestPageIsSelfContained(t *testing.T) {
	for name, text := range map[string]string{"page.html": pageHTML, "page.css": pageCSS, "page.js": pageJS, "card.css": card.CSS} {
		for _, outside := range []string{"http:", "https:", "url(", "@import", "import(", "fetch("} {
			if strings.Contains(text, outside) {
				t.Errorf("%s has %s", name, outside)
			}
		}
	}
	if !strings.Contains(pageHTML, generator) {
		t.Errorf("page.html is not marked with %s", generator)
	}
}

func TestFilesOfADelivery(t *testing.T) {
	dir := t.TempDir()
	const long = "pre-style-script-script-alert-1-script-img-src-x-onerror-alert-1-gnp-exe-31m"
	want := [][]string{
		{"001-email.html", "001-email.txt", "001-delivery.json", "001-topic.txt", "001-slack.json", "001-amazonq.json"}, {"002-queue.json"},
		{"003-delivery.json"}, nil, {"005-delivery.json"},
	}
	page := finished(t, dir)
	for n, d := range page.Deliveries {
		var names []string
		for _, p := range d.Files() {
			names = append(names, filepath.Base(p))
		}
		if !slices.Equal(names, want[n]) {
			t.Errorf("delivery %d: files %v, want %v", d.Number, names, want[n])
		}
	}
	twice := &Delivery{Number: 6, Items: []Item{{Place: "0.0"}, {Place: "0.1"}}, Calls: []fake.Call{{Place: "0.0", URL: "u", Input: "1"}, {Place: "0.1", URL: "u", Input: "2"}}}
	twice.Items[0].Sink, twice.Items[1].Sink = hostile, hostile
	if err := twice.Finish(dir); err != nil {
		t.Fatal(err)
	}
	for n, name := range []string{"006-" + long + ".json", "006-" + long + "-2.json"} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || strings.TrimSpace(string(text)) != fmt.Sprint(n+1) {
			t.Errorf("%s has %q, %v", name, text, err)
		}
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "001-email.html")); string(text) != page.Deliveries[0].Items[0].Mail.HTML {
		t.Errorf("the mail's file is %s", text)
	}

	// Only a folder that has one of our pages is cleaned, and of our files alone.
	other := filepath.Join(dir, "2026-notes.md")
	if err := os.WriteFile(other, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Prepare(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "001-email.html")); err != nil {
		t.Error("files without a page of ours beside them are gone")
	}
	if _, err := page.Write(dir); err != nil {
		t.Fatal(err)
	}
	if err := Prepare(dir); err != nil {
		t.Fatal(err)
	}
	left, _ := filepath.Glob(filepath.Join(dir, "*"))
	if want := []string{other, filepath.Join(dir, "index.html")}; !slices.Equal(left, want) {
		t.Errorf("left are %v, want %v", left, want)
	}
}
