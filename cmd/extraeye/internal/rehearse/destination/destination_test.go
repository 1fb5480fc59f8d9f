package destination

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

// The golden cards are of handwritten requests with everything that is drawn, elements
// that are not, and text that would break out of the page.
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

// harmless looks for elements that a text in a request must not become.
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

// goldenBodies returns the messages that a sink's own tests compare with, by the name of
// the file.
func goldenBodies(t *testing.T, sink string) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "..", "lambda", "sink", sink, "testdata", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string][]byte{}
	for _, path := range paths {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bodies[strings.TrimSuffix(filepath.Base(path), ".json")] = body
	}
	return bodies
}

// The text of the notice can be read on every card, without the marks and the escapes of
// any destination.
func TestSinksAreDrawn(t *testing.T) {
	samples := sinktest.Samples()
	for sink := range destinations {
		if !IsDrawn(sink) {
			continue
		}
		bodies := goldenBodies(t, sink)
		for name := range samples {
			if bodies[name] == nil {
				t.Errorf("lambda/sink/%s/testdata has no %s.json", sink, name)
			}
		}
		for name, body := range bodies {
			t.Run(sink+"/"+name, func(t *testing.T) {
				drawn := string(Draw(sink, body))
				harmless(t, drawn)
				if drawn == "" || strings.Contains(drawn, "not drawn here") {
					t.Errorf("something is not drawn: %s", drawn)
				}
				if n := samples[name]; n != nil && name != "hostile" && name != "many-facts" { // of which much is cut, and not everywhere at the same place
					checkText(t, n, drawn)
				}
			})
		}
	}
}

// checkText looks for the title and for the beginning of each fact's value.
func checkText(t *testing.T, n *notice.Notice, drawn string) {
	t.Helper()
	const sure = 300 // characters; no sink cuts a value before
	text := strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(drawn, " "))), " ")
	wants := []string{n.Title}
	for _, f := range n.Facts {
		value := []rune(f.Value)
		wants = append(wants, string(value[:min(len(value), sure)]))
	}
	for _, want := range wants {
		if want = strings.Join(strings.Fields(want), " "); !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

// The golden file has the answer of each destination at the path of an API and, if that
// differs, at one of Slack's webhooks. The tests that run the notifier show that the sinks
// take the answers for a success.
func TestAnswers(t *testing.T) {
	var lines strings.Builder
	for _, sink := range append(OutsideAWS(), "carrierPigeon") {
		last := ""
		for _, path := range []string{"/api/chat.postMessage", "/services/T/B/X"} {
			a := Answer(sink, path, []byte(`{"dedup_key":"k"}`))
			if a.Status < 200 || a.Status > 299 {
				t.Errorf("%s answers %d", sink, a.Status)
			}
			if text := fmt.Sprintf("%d %s %s", a.Status, a.ContentType, a.Body); text != last {
				fmt.Fprintf(&lines, "%s %s: %s\n", sink, path, strings.TrimSpace(text))
				last = text
			}
		}
	}
	golden.File(t, "testdata/answers.txt", lines.String())
}

// Every sink of the contract has a file here, whose entry has a fake value for each of
// its secrets.
func TestEverySinkIsADestination(t *testing.T) {
	known := map[string]bool{}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[wire.Sink]()) {
		name := jsonName(field)
		known[name] = true
		d, ok := destinations[name]
		if !ok {
			t.Errorf("wire.Sink.%s: add %s.go with an entry for %q", field.Name, strings.ToLower(field.Name), name)
			continue
		}
		if _, err := os.Stat(strings.ToLower(field.Name) + ".go"); err != nil {
			t.Errorf("wire.Sink.%s: %v", field.Name, err)
		}
		if (d.viaAWS == "") != (d.answer != nil) || d.answer != nil && d.draw == nil {
			t.Errorf("%s: it needs viaAWS, or answer and draw", name)
		}
		if secrets := secretNames(field.Type.Elem()); !slices.Equal(slices.Sorted(maps.Keys(d.secrets)), secrets) {
			t.Errorf("%s: it has fake values for the secrets %q, want %q", name, slices.Sorted(maps.Keys(d.secrets)), secrets)
		}
	}
	for name := range destinations {
		if !known[name] {
			t.Errorf("wire.Sink has no sink %s", name)
		}
	}
}

// secretNames are the JSON names of the secrets in a sink's configuration.
func secretNames(config reflect.Type) []string {
	var names []string
	for _, field := range reflect.VisibleFields(config) {
		if field.Type == reflect.TypeFor[wire.Secret]() || field.Type == reflect.TypeFor[*wire.Secret]() {
			names = append(names, jsonName(field))
		}
	}
	slices.Sort(names)
	return names
}

func TestNotDrawn(t *testing.T) {
	for _, c := range []struct{ sink, body string }{{"slack", "payload=1"}, {"slack", ""}, {"email", "{}"}, {"", "{}"}} {
		if got := Draw(c.sink, []byte(c.body)); got != "" {
			t.Errorf("%s for %q: %s", c.sink, c.body, got)
		}
	}
}

func FuzzDraw(f *testing.F) {
	for sink := range destinations {
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
