package event

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGoldenNotices reads every recorded event and compares the whole notice.
func TestGoldenNotices(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no events in testdata: %v", err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".notice.json") {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			e := Decode(raw, wire.Watch{Service: "some-service"})
			n := e.Notice(e.Time.Add(90 * time.Second))
			golden(t, strings.TrimSuffix(file, ".json")+".notice.json", n)
		})
	}
}

// goldenWith compares the whole notice of a recorded event for a watch, with evidence
// that it is given, a minute after the event.
func goldenWith(t *testing.T, name, event string, watch wire.Watch, evidence func(*Event)) {
	t.Helper()
	e := recorded(t, event, watch)
	if evidence != nil {
		evidence(e)
	}
	n := e.Notice(e.Time.Add(time.Minute))
	check(t, n)
	golden(t, "testdata/evidence/"+name+".notice.json", n)
}

// recorded reads a recorded event for a watch.
func recorded(t *testing.T, name string, watch wire.Watch) *Event {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return Decode(raw, watch)
}

// golden compares v, as JSON, with a file.
func golden(t *testing.T, file string, v any) {
	t.Helper()
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -update to accept):\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}
