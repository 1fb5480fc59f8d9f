package decode

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
)

// TestGoldenNotices reads every recorded event and compares the whole notice.
func TestGoldenNotices(t *testing.T) {
	for _, file := range recordedFiles(t) {
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

// recordedFiles are the recorded events of every service.
func recordedFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("../event/*/testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	files = slices.DeleteFunc(files, func(file string) bool { return strings.HasSuffix(file, ".notice.json") })
	if len(files) < 80 {
		t.Fatalf("only %d events are recorded", len(files))
	}
	return files
}

// recorded reads a recorded event, whichever service sent it, for a watch.
func recorded(t testing.TB, name string, watch wire.Watch) *event.Event {
	t.Helper()
	for _, file := range recordedFiles(t) {
		if filepath.Base(file) == name+".json" {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			return Decode(raw, watch)
		}
	}
	t.Fatalf("no event is recorded as %s", name)
	return nil
}
