package inbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
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
	mail := Item{
		Number: 1,
		Result: result.Result{
			File: "termination-elb-health-check", EventID: "e1", DetailType: "EC2 Instance Terminate Successful", Rule: "EyeTerminations",
			Target: "Target0", Sink: "email", Outcome: result.Sent, Severity: notice.Error, Status: notice.Open, Title: "Instance terminated",
			Summary: "It failed.", Facts: []result.Fact{{Label: "Group", Value: "g", URL: "https://console.example.com/?a=1&b=2"}}, MS: 12,
		},
		Event: json.RawMessage(`{}`), Input: json.RawMessage(`{"sinks":[{"email":{}}]}`),
		Mail:  &fakeaws.Mail{From: "ops@example.com", To: []string{"a@example.com", "b@example.com"}, CC: []string{"c@example.com"}, ReplyTo: []string{"d@example.com"}, Subject: "Instance <gone>", Text: "plain & simple", HTML: `<p class="x">it's "gone"</p>`},
		Calls: []fake.Call{{Service: "ses", Operation: "SendEmail", Status: 200}, {Service: "ec2", Operation: "DescribeInstances", Status: 400}},
		Log:   "{\"level\":\"INFO\"}\n",
	}
	topic := mail
	topic.Number, topic.Sink, topic.Mail, topic.Log, topic.Calls = 2, "topic", nil, "", nil
	topic.Message = &fakeaws.Message{TopicARN: "arn:aws:sns:us-east-1:123456789012:t", Subject: "Gone", Text: "It is gone.", Attributes: []fakeaws.Attribute{{Name: "kind", Value: "termination"}}}
	queue := Item{Number: 3, Result: result.Result{File: topic.File, EventID: "e1", Sink: "queue", Outcome: result.Sent, Rule: "Raw", DetailType: topic.DetailType}, Input: json.RawMessage(`{"id":"e1"}`), Carried: true}
	skipped := Item{Number: 4, Result: result.Result{File: "termination-scale-in", EventID: "e2", Sink: "email", Outcome: result.Skipped, Reason: "scale-in is not watched"}, Input: json.RawMessage(`{}`)}
	unmatched := Item{Number: 5, Result: result.Result{File: "other.json", EventID: "e3", Outcome: result.Unmatched, Reason: hostile, DetailType: hostile}, Event: json.RawMessage(`{"a":1}`)}
	failed := mail
	failed.Number, failed.Mail, failed.Outcome, failed.Reason, failed.EventID, failed.File = 6, nil, result.Failed, "the identity is not verified", "e4", hostile
	failed.Title, failed.Summary, failed.Log, failed.Input = hostile, hostile, hostile, json.RawMessage(hostile)
	failed.Rule, failed.Target, failed.Sink, failed.DetailType = hostile, hostile, hostile, hostile
	failed.Facts = []result.Fact{{Label: hostile, Value: hostile, URL: "javascript:alert(1)"}}
	chat := topic
	chat.Number, chat.Sink, chat.Message = 7, "slack", nil
	chat.Calls = []fake.Call{{Service: "secretsmanager", Operation: "GetSecretValue", Status: 200}, {
		Service: "slack", Operation: "POST", Status: 200, URL: "https://slack.com/api/chat.postMessage",
		Header: []fake.Header{{Name: "Authorization", Value: "Bearer •••"}},
		Input:  `{"channel":"#ops","text":"Gone","blocks":[{"type":"header","text":{"type":"plain_text","text":"Gone"}},{"type":"odd","text":"</pre><script>alert(1)</script>"}]}`,
	}}
	amazon := topic
	amazon.Number, amazon.Sink = 8, "amazonq"
	amazon.Message = &fakeaws.Message{TopicARN: topic.Message.TopicARN, Text: `{"version":"1.0","content":{"title":"Gone","description":"*Group:* g"},"metadata":{"threadId":"t"}}`}
	return Page{App: "some-service", Made: time.Date(2026, 11, 22, 21, 0, 0, 0, time.UTC), Timeline: "timeline.html", Items: []Item{mail, topic, queue, skipped, unmatched, failed, chat, amazon}}
}

// The golden file is the page without its style and script.
func TestPage(t *testing.T) {
	dir := t.TempDir()
	path, err := rehearsal().Write(dir)
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
	path, err := rehearsal().Write(t.TempDir())
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
	p := Page{Items: make([]Item, maxShown+10)}
	for n := range p.Items {
		p.Items[n] = Item{Number: n + 1, Result: result.Result{File: "event", Outcome: result.Sent}}
	}
	p.Items[maxShown+5].Outcome = result.Failed
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

func TestFilesOfAnItem(t *testing.T) {
	dir := t.TempDir()
	want := [][]string{
		{"001-email.html", "001-email.txt", "001-email.json"}, {"002-topic.txt", "002-topic.json"}, {"003-queue.json"},
		{"004-email.json"}, {}, {"006-pre-style-script-script-alert-1-script-img-src-x-onerror-alert-1-gnp-exe-31m.json"}, {"007-slack.json", "007-slack.delivery.json"}, {"008-amazonq.json", "008-amazonq.delivery.json"},
	}
	page := rehearsal()
	for n, i := range page.Items {
		paths, err := i.WriteFiles(dir)
		if err != nil {
			t.Fatal(err)
		}
		names := []string{}
		for _, p := range paths {
			names = append(names, filepath.Base(p))
		}
		if !slices.Equal(names, want[n]) {
			t.Errorf("item %d: files %v, want %v", i.Number, names, want[n])
		}
	}
	if text, _ := os.ReadFile(filepath.Join(dir, "001-email.html")); string(text) != page.Items[0].Mail.HTML {
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
