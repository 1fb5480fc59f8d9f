package event

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
)

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
			golden.JSON(t, strings.TrimSuffix(file, ".json")+".notice.json", n)
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
	golden.JSON(t, "testdata/evidence/"+name+".notice.json", n)
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
