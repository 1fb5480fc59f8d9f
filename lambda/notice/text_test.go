package notice

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	full := &Notice{
		ID: "12345678-1234", Account: "123456789012", Region: "eu-west-1", Service: "some-service", Kind: KindTermination,
		Title: "Instance killed", Summary: "An instance was taken out of service.",
		Facts: []Fact{
			{"Instance", "i-1", "https://console/i-1"},
			{"Größe", "t3.small", ""},
			{"AppSpec", "version: 0.0\r\nResources:\n  - a\n", ""},
			{"A label of more than twenty characters", "x", "https://console/x"},
		},
		Links: []Link{{"Instance", "https://console/i-1"}, {"Group", "https://console/g?a=b&c=d"}},
		Event: json.RawMessage(`{"a":1}`),
	}
	tests := []struct {
		name   string
		notice *Notice
		want   string
	}{
		{"full", full, `Instance killed

An instance was taken out of service.

Instance: i-1
Größe:    t3.small
AppSpec:
    version: 0.0
    Resources:
      - a
A label of more than twenty characters: x

Instance: https://console/i-1
Group: https://console/g?a=b&c=d
A label of more than twenty characters: https://console/x

-- 
extraeye: service some-service, account 123456789012, region eu-west-1, event 12345678-1234
`},
		{"empty", &Notice{}, "\n"},
		{"unread event", &Notice{Kind: KindUnknown, Title: "Unread", Event: json.RawMessage("{\n \"a\": 1\n}")},
			"Unread\n\nThe event as it came:\n    {\n     \"a\": 1\n    }\n"},
		{"hostile", &Notice{Title: "a\nb\x00c", Facts: []Fact{{"x\ny", "1\u20282\x1b[31m\xff", ""}}}, "a b c\n\nx y:\n    1\n    2 [31m\uFFFD\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.notice.Text(); got != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
	if len(full.Links) != 2 {
		t.Errorf("the notice was changed: %v", full.Links)
	}
}

func FuzzText(f *testing.F) {
	f.Add("title", "label", "value\nof\rlines", "https://x")
	f.Fuzz(func(t *testing.T, title, label, value, url string) {
		n := &Notice{Title: title, Facts: []Fact{{label, value, url}}, Kind: KindUnknown, Event: json.RawMessage(value)}
		text := n.Text()
		if !utf8.ValidString(text) || !strings.HasSuffix(text, "\n") {
			t.Errorf("%q is not text", text)
		}
		if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7F }); i >= 0 {
			t.Errorf("%q has a control character at %d", text, i)
		}
	})
}
