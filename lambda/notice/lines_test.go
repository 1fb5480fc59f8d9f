package notice

import (
	"slices"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	n := &Notice{Kind: KindPattern, Summary: "What\r\nhappened", Facts: []Fact{{"Cause", "a long value", ""}, {"Log", "a\nb", ""}}, Event: []byte("{}")}
	const want = "What\nhappened\nCause: a lo…\nLog:\n    a\n    b\nThe event as it came: {}"
	if got := n.Lines(5); got != want {
		t.Errorf("got %q", got)
	}
}

func TestLinkLines(t *testing.T) {
	longest := "https://example.com/" + strings.Repeat("u", maxLinkURL-len("https://example.com/"))
	label := strings.Repeat("😀", 500)
	got := LinkLines([]Link{
		{label, longest},
		{"Too long", longest + "u"},
		{"No web page", "javascript:alert(1)"},
		{"No room", longest},
		{"a\nb", "https://example.com/b"},
	}, strings.ToUpper)
	if want := "\n" + Cut(label, maxLinkLabel) + ": " + longest + "\nA B: https://example.com/b"; got != want {
		t.Errorf("got %q", got)
	}
	if got := LinkLines(nil, strings.ToUpper); got != "" {
		t.Errorf("no links became %q", got)
	}
}

func TestAllLinks(t *testing.T) {
	n := &Notice{Links: []Link{{"A", "a"}, {"B", "b"}, {"", ""}}, Facts: []Fact{{"C", "c", "c"}, {"B", "x", "b"}, {"D", "d", ""}}}
	if got, want := n.AllLinks(), []Link{{"A", "a"}, {"B", "b"}, {"C", "c"}}; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestDotted(t *testing.T) {
	if got := Dotted("", "a", "", "b"); got != "a · b" {
		t.Errorf("got %q", got)
	}
	if got := Dotted("", ""); got != "" {
		t.Errorf("nothing became %q", got)
	}
}

func TestOrDash(t *testing.T) {
	for s, want := range map[string]string{"": "–", " \n": "–", " a ": " a "} {
		if got := OrDash(s); got != want {
			t.Errorf("%q became %q", s, got)
		}
	}
}
