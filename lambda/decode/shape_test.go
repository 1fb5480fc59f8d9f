package decode

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
)

// TestValuesInAnyShape puts every kind of value in the place of every other one, at any
// depth, in the recorded events whose details are nested.
func TestValuesInAnyShape(t *testing.T) {
	others := []any{nil, "", 0, true, []any{}, map[string]any{}, []any{"a", nil}, " <b>\r\n\u202e"}
	watches := []wire.Watch{{}, {Pattern: &wire.Pattern{Title: "{$.detail.state.value} {$.resources[0]}"}}}
	for _, file := range recordedFiles(t) {
		if service := filepath.Base(filepath.Dir(filepath.Dir(file))); service != "cloudwatch" && service != "health" {
			continue
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var event any
		if err := json.Unmarshal(raw, &event); err != nil {
			t.Fatal(err)
		}
		tries := 0
		everywhere(event, others, func() {
			tries++
			changed, _ := json.Marshal(event)
			for _, watch := range watches {
				eventtest.Check(t, Decode(changed, watch).Notice(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
			}
		})
		if tries < 100 {
			t.Errorf("%s has only %d values in other shapes", file, tries)
		}
	}
}

// TestNamelessThings checks that two things without a name are not taken for one.
func TestNamelessThings(t *testing.T) {
	for source, decoders := range services {
		for detailType := range decoders {
			key := func(id string) string {
				raw, _ := json.Marshal(map[string]any{"id": id, "source": source, "detail-type": detailType, "detail": map[string]any{}})
				return Decode(raw, wire.Watch{}).Notice(time.Now()).Key
			}
			if key("1") == key("2") {
				t.Errorf("%s, %s: one key for two things: %s", source, detailType, key("1"))
			}
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
