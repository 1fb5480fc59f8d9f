package event

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// TestValuesInAnyShape puts every kind of value in the place of every other one, at any
// depth, in the recorded events whose details are nested.
func TestValuesInAnyShape(t *testing.T) {
	others := []any{nil, "", 0, true, []any{}, map[string]any{}, []any{"a", nil}, " <b>\r\n\u202e"}
	watches := []wire.Watch{{}, {Pattern: &wire.Pattern{Title: "{$.detail.state.value} {$.resources[0]}"}}}
	for _, files := range []string{"testdata/cloudwatch-*.json", "testdata/health-*.json"} {
		matches, _ := filepath.Glob(files)
		if len(matches) == 0 {
			t.Errorf("no events are named %s", files)
		}
		for _, file := range matches {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var event any
			if err := json.Unmarshal(raw, &event); err != nil {
				t.Fatal(err)
			}
			everywhere(event, others, func() {
				changed, _ := json.Marshal(event)
				for _, watch := range watches {
					check(t, Decode(changed, watch).Notice(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
				}
			})
		}
	}
}

// TestNamelessThings checks that two things without a name are not taken for one.
func TestNamelessThings(t *testing.T) {
	for kind := range decoders {
		key := func(id string) string {
			raw, _ := json.Marshal(map[string]any{"id": id, "source": kind[0], "detail-type": kind[1], "detail": map[string]any{}})
			return Decode(raw, wire.Watch{}).Notice(time.Now()).Key
		}
		if key("1") == key("2") {
			t.Errorf("%s: one key for two things: %s", kind, key("1"))
		}
	}
}

// everywhere calls try with each of others in the place of each value within v.
func everywhere(v any, others []any, try func()) {
	replace := func(now any, set func(any)) {
		everywhere(now, others, try)
		for _, other := range others {
			set(other)
			try()
		}
		set(now)
	}
	switch v := v.(type) {
	case map[string]any:
		for key, now := range v {
			replace(now, func(other any) { v[key] = other })
		}
	case []any:
		for i, now := range v {
			replace(now, func(other any) { v[i] = other })
		}
	}
}
