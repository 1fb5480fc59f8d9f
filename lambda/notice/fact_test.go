package notice

import (
	"strings"
	"testing"
)

func TestIsCode(t *testing.T) {
	long := strings.Repeat("ü", maxCodeLine-1)
	for value, want := range map[string]bool{
		"":                      false,
		"one line":              false,
		"one line\r\n":          false,
		"two\nlines":            true,
		"two\r\nlines":          true,
		long + "\n" + long:      true,
		"a\nparagraph x" + long: false,
	} {
		if got := (Fact{Value: value}).IsCode(); got != want {
			t.Errorf("IsCode of %.20q is %v", value, got)
		}
	}
}

func TestAfterIsNoCode(t *testing.T) {
	if (Fact{Label: After, Value: "6 minutes after one\nwhile another was going on"}).IsCode() {
		t.Error("deployments are shown as code")
	}
}

func TestPlain(t *testing.T) {
	for _, tt := range []struct {
		fact Fact
		max  int
		want string
	}{
		{Fact{Label: "a\nb", Value: "c"}, 9, "a b: c"},
		{Fact{Label: "Log", Value: "one\r\n  two"}, 99, "Log:\n    one\n      two"},
		{Fact{Label: "Log", Value: "one\ntwo"}, 3, "Log: on…"},
	} {
		if got := tt.fact.Plain(tt.max); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestOrUnknown(t *testing.T) {
	for _, k := range Kinds {
		if k.OrUnknown() != k {
			t.Errorf("%s became %s", k, k.OrUnknown())
		}
	}
	for _, k := range []Kind{"", "other", "Termination"} {
		if k.OrUnknown() != KindUnknown {
			t.Errorf("%q became %s", k, k.OrUnknown())
		}
	}
}
