// Package eventtest tests the packages that read the events of a service: it decodes
// recorded events and compares whole notices with golden files.
package eventtest

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Decode reads an event of a service for a watch. It panics if the service has no
// decoder for it.
func Decode(decoders event.Decoders, raw string, watch wire.Watch) *event.Event {
	e, fields, _ := event.Read(json.RawMessage(raw), watch)
	decode, known := decoders[e.DetailType]
	if !known {
		panic("no decoder for " + raw)
	}
	e.Subject = decode(e, fields.Object("detail"))
	return e
}

// Recorded reads testdata/NAME.json for a watch.
func Recorded(t *testing.T, decoders event.Decoders, name string, watch wire.Watch) *event.Event {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return Decode(decoders, string(raw), watch)
}

// Golden compares the whole notice of a recorded event for a watch, with the evidence
// that it is given, a minute after the event.
func Golden(t *testing.T, decoders event.Decoders, name, recorded string, watch wire.Watch, evidence func(*event.Event)) {
	t.Helper()
	e := Recorded(t, decoders, recorded, watch)
	evidence(e)
	n := e.Notice(e.Time.Add(time.Minute))
	Check(t, n)
	golden.JSON(t, "testdata/evidence/"+name+".notice.json", n)
}

// Titles decodes events, each a name, the event and the title that its notice should
// have.
func Titles(t *testing.T, decoders event.Decoders, watch wire.Watch, tests [][3]string) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt[0], func(t *testing.T) {
			e := Decode(decoders, tt[1], watch)
			n := e.Notice(e.Time.Add(time.Minute))
			if n.Title != tt[2] {
				t.Errorf("title is %q, want %q", n.Title, tt[2])
			}
			Check(t, n)
		})
	}
}

// Case is a recorded event that was published somewhere, and what its notice says.
type Case struct {
	Event  string // testdata/EVENT.json
	Source string // where it comes from: a page of AWS's, an issue, or what was recorded
	Title  string // "" if the watch does not report the event
}

// Cases compares the titles of recorded events. The golden files have the rest.
func Cases(t *testing.T, decoders event.Decoders, watch wire.Watch, cases []Case) {
	t.Helper()
	for _, tt := range cases {
		t.Run(tt.Event, func(t *testing.T) {
			e := Recorded(t, decoders, tt.Event, watch)
			title := ""
			if e.SkipReason() == "" {
				n := e.Notice(e.Time.Add(time.Minute))
				Check(t, n)
				title = n.Title
			}
			if title != tt.Title {
				t.Errorf("%s:\ntitle is %q\nwant     %q", tt.Source, title, tt.Title)
			}
		})
	}
}

// Check checks what holds for every notice, whatever the event was.
func Check(t *testing.T, n *notice.Notice) {
	t.Helper()
	for name, value := range map[string]string{
		"ID": n.ID, "title": n.Title, "summary": n.Summary, "key": n.Key,
		"kind": string(n.Kind), "severity": string(n.Severity), "status": string(n.Status),
	} {
		if value == "" {
			t.Errorf("a notice has no %s: %+v", name, n)
		}
	}
	if strings.ContainsAny(n.Title+n.Summary, "\r\n") {
		t.Errorf("title or summary has a line break: %q, %q", n.Title, n.Summary)
	}
	if !json.Valid(n.Event) {
		t.Errorf("the event is not JSON: %q", n.Event)
	}
	for _, f := range n.Facts {
		if f.Label == "" || f.Value == "" {
			t.Errorf("a fact is empty: %+v", f)
		}
	}
	for _, l := range n.Links {
		if !strings.HasPrefix(l.URL, "https://") {
			t.Errorf("link %+v is not https", l)
		}
	}
}

// Fact returns the value of a fact, "" if there is none.
func Fact(n *notice.Notice, label string) string {
	for _, f := range n.Facts {
		if f.Label == label {
			return f.Value
		}
	}
	return ""
}
