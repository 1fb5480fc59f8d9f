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

func TestSentences(t *testing.T) {
	for _, tt := range []struct {
		first string
		more  []string
		want  string
	}{
		{"It failed", nil, "It failed."},
		{"It failed", []string{""}, "It failed."},
		{"It failed…", nil, "It failed…"},
		{"It failed", []string{"the cause is not known", "", "nobody was asked"}, "It failed. The cause is not known; nobody was asked."},
	} {
		if got := Sentences(tt.first, tt.more...); got != tt.want {
			t.Errorf("Sentences(%q, %q) = %q, want %q", tt.first, tt.more, got, tt.want)
		}
	}
}

// TestListed shows that a list says how many more there are only if there are more.
func TestListed(t *testing.T) {
	all := strings.Split(strings.Repeat("x ", maxListed)+"y z", " ")
	if got := Listed(all[:maxListed]); got != strings.Join(all[:maxListed], "\n") {
		t.Errorf("as many as there may be: %q", got)
	}
	if got := Listed(all); !strings.HasSuffix(got, "x\nand 2 more") || strings.Count(got, "x") != maxListed {
		t.Errorf("two more: %q", got)
	}
	if all[maxListed] != "y" {
		t.Error("the list was changed")
	}
}

func TestFirstOf(t *testing.T) {
	for list, want := range map[string]string{"a": "a", "a b": "a and 1 more", "a b c": "a and 2 more"} {
		if got := FirstOf(strings.Fields(list)); got != want {
			t.Errorf("FirstOf(%s) = %q, want %q", list, got, want)
		}
	}
}

func TestLabeled(t *testing.T) {
	for value, want := range map[string]string{"": "", "b": "a: b"} {
		if got := Labeled("a: ", value); got != want {
			t.Errorf("Labeled(%q) = %q, want %q", value, got, want)
		}
	}
}

func TestReleaseName(t *testing.T) {
	for _, tt := range [][3]string{
		{"web", "", "web"},
		{"web", "1.4.2", "web 1.4.2"},
		{"web", "web", "web"},
		{"Web", "web-1.4.2", "web-1.4.2"},
		{"web", "web_v2", "web_v2"},
		{"web", "web-0.9", "web-0.9"},
		{"web", "web:9", "web:9"},
		{"web", "web:42", "web:42"},
		{"web", "web-", "web web-"},
		{"web", "web-+1", "web web-+1"},
		{"web", "web-api:3", "web web-api:3"}, // of another family
		{"web", "website-1", "web website-1"},
		{"web", "web2:1", "web web2:1"},
		{"", "1.4.2", "1.4.2"},
		{"É", "é-1", "é-1"},
	} {
		if got := ReleaseName(tt[0], tt[1]); got != tt[2] {
			t.Errorf("ReleaseName(%q, %q) = %q, want %q", tt[0], tt[1], got, tt[2])
		}
	}
}
