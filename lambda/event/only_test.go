package event

import (
	"encoding/json"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
)

// TestOnly checks which events a watch gets whose rule matches more than it wants.
func TestOnly(t *testing.T) {
	state := map[string][]string{"detail.state": {"FAILURE", "STOP"}}
	for _, tt := range []struct {
		name, event string
		only        map[string][]string
		skip        string
	}{
		{"nothing said", `{"detail":{"state":"SUCCESS"}}`, nil, ""},
		{"wanted", `{"detail":{"state":"STOP"}}`, state, ""},
		{"not wanted", `{"detail":{"state":"SUCCESS"}}`, state, "detail.state is SUCCESS, which this watch does not report"},
		{"another case", `{"detail":{"state":"stop"}}`, state, "detail.state is stop, which this watch does not report"},
		{"one of two fields", `{"detail":{"state":"STOP","group":"canary"}}`, map[string][]string{"detail.state": {"STOP"}, "detail.group": {"production"}}, "detail.group is canary, which this watch does not report"},
		{"a field with a dash, deeper", `{"detail":{"a-b":{"value":"x"}}}`, map[string][]string{"detail.a-b.value": {"y"}}, "detail.a-b.value is x, which this watch does not report"},
		{"one of an array", `{"resources":["a","b"]}`, map[string][]string{"resources": {"b"}}, ""},
		{"none of an array", `{"resources":["a","b"]}`, map[string][]string{"resources": {"c"}}, "resources is a, b, which this watch does not report"},
		{"no field", `{"detail":{}}`, state, ""},
		{"no detail", `{}`, state, ""},
		{"null", `{"detail":{"state":null}}`, state, ""},
		{"another type", `{"detail":{"state":{"value":"SUCCESS"}}}`, state, ""},
		{"a detail of another type", `{"detail":"SUCCESS"}`, state, ""},
		{"not a path", `{"detail":{"state":"SUCCESS"}}`, map[string][]string{"detail..state": {"STOP"}}, ""},
		{"not an object", `[]`, state, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, _, _ := Read(json.RawMessage(tt.event), wire.Watch{Only: tt.only})
			e.Subject = always{}
			if got := e.SkipReason(); got != tt.skip {
				t.Errorf("skipped because %q, want %q", got, tt.skip)
			}
		})
	}
}

// always is reported by every watch.
type always struct{ Subject }

func (always) SkipReason(wire.Watch) string { return "" }
