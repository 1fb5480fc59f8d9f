package main

import (
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
)

func TestParseMetric(t *testing.T) {
	m, err := parseMetric(`{"namespace":"Shop","name":"Orders","dimensions":{"Env":"prod"},"statistic":"Sum","worse":"lower"}`)
	if err != nil || m.Name != "Orders" || m.Dimensions["Env"] != "prod" || m.Worse != wire.WorseLower {
		t.Errorf("%+v: %v", m, err)
	}
	for text, want := range map[string]string{
		``:                                   "not the JSON of a metric",
		`Shop/Orders`:                        "not the JSON of a metric",
		`{"namespace":"Shop"}`:               "needs a namespace and a name",
		`{"namespace":"S","name":"O","x":1}`: `unknown field "x"`,
		`{"namespace":"S","name":"O"}{}`:     "more than one metric",
		`{"namespace":"S","name":"O","worse":"up"}`: `worse is "up"; it must be "higher", "lower" or "neither"`,
	} {
		if _, err := parseMetric(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func FuzzParseMetric(f *testing.F) {
	f.Add(`{"namespace":"Shop","name":"Orders","dimensions":{"Env":"prod"},"statistic":"Sum","worse":"lower"}`)
	f.Add(`{"namespace":null,"name":[]}`)
	f.Fuzz(func(t *testing.T, text string) {
		if m, err := parseMetric(text); err == nil && (m.Namespace == "" || m.Name == "") {
			t.Errorf("%q is a metric without a name", text)
		}
	})
}
