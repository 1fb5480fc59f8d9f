package event

import (
	"strings"
	"testing"
)

func TestAnd(t *testing.T) {
	for list, want := range map[string]string{
		"":              "",
		"a":             "a",
		"a b":           "a and b",
		"a b c":         "a, b and c",
		"a b c d e":     "a, b, c, d and e",
		"a b c d e f g": "a, b, c, d, e and 2 more",
	} {
		if got := And(strings.Fields(list)); got != want {
			t.Errorf("And(%s) = %q, want %q", list, got, want)
		}
	}
}
