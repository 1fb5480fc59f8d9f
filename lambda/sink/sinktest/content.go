package sinktest

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
)

// samples sends each sample and looks at its request.
func samples(t *testing.T, h Harness) {
	for _, markup := range h.Markup {
		if !strings.Contains(Hostile, markup) {
			t.Errorf("%q is not in Hostile, so nothing is shown by its absence", markup)
		}
	}
	all := Samples()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		bubble(t, name, func(t *testing.T) {
			n := all[name]
			r, sent := sendSample(t, h, n)
			if !sent {
				return
			}
			h.Check(t, n, r)
			checkTexts(t, h, r)
			switch name {
			case "explained", "log-tail":
				checkOrder(t, n, r)
			case "many-facts":
				checkCut(t, n, r)
			}
		})
	}
}

// sendSample sends a sample and returns its request, if the sink is not silent about it.
func sendSample(t *testing.T, h Harness, sample *notice.Notice) (r Request, sent bool) {
	t.Helper()
	n := newNetwork(t, h, connect, with(h.Good))
	if err := n.send(sample); err != nil {
		t.Fatal(err)
	}
	requests := n.sent()
	if h.Silent != nil && h.Silent(sample) {
		if len(requests) != 0 {
			t.Errorf("sent %d requests, want none", len(requests))
		}
		return Request{}, false
	}
	if len(requests) != 1 {
		t.Fatalf("sent %d requests, want 1", len(requests))
	}
	return requests[0], true
}

// checkTexts checks that the texts of a request are clean, and have no markup.
func checkTexts(t *testing.T, h Harness, r Request) {
	t.Helper()
	if !utf8.Valid(r.Body) {
		t.Error("the body is not valid UTF-8")
	}
	all := r.allTexts()
	if i := firstUnclean(all); i >= 0 {
		t.Errorf("the body has a character that nobody sees: %+.80q", all[i:])
	}
	for _, markup := range h.Markup {
		if strings.Contains(all, markup) {
			t.Errorf("%q is in a text unescaped", markup)
		}
	}
}

// firstUnclean returns where the first invisible character is, or -1.
func firstUnclean(text string) int {
	before := ' '
	for i, c := range text {
		inEmoji := (c == '\u200D' || c == '\uFE0F') && before > '\u2000'
		if isUnclean(c) && !inEmoji {
			return i
		}
		before = c
	}
	return -1
}

func isUnclean(c rune) bool {
	return unicode.IsControl(c) && c != '\n' && c != '\t' || c == '\u2028' || c == '\u2029' || c == '\u2800' ||
		unicode.In(c, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// checkCut checks how the texts of a request are cut that has no room for all.
func checkCut(t *testing.T, n *notice.Notice, r Request) {
	t.Helper()
	all := r.allTexts()
	if strings.ContainsRune(all, utf8.RuneError) {
		t.Error("a character was cut in two")
	}
	if !strings.Contains(all, "…") && len(all) < len(n.Text()) {
		t.Error("texts were cut, and no … says so")
	}
	if !strings.Contains(all, n.Links[0].URL) && !strings.Contains(all, n.Release.URL) {
		t.Error("no link leads to the whole")
	}
}

// checkOrder checks that facts are shown in their order, and that only the last of
// them, which are details, may be left out.
func checkOrder(t *testing.T, n *notice.Notice, r Request) {
	t.Helper()
	body := string(r.Body)
	if r.isForm() {
		body, _ = url.QueryUnescape(body)
	}
	rest, left := body, ""
	for _, f := range n.Facts {
		value := strings.TrimSuffix(notice.Cut(f.Value, 20), "…")
		_, after, shown := strings.Cut(rest, value)
		switch {
		case shown && left != "":
			t.Errorf("%s is shown, and %s is left out before it", f.Label, left)
		case shown:
			rest = after
		case strings.Contains(body, value) && !strings.Contains(n.Title+n.Summary, value):
			t.Errorf("%s is shown too early", f.Label)
		default:
			left = cmp.Or(left, f.Label)
		}
		if f.IsNeeded() && left != "" {
			t.Errorf("%s is left out", left)
		}
	}
}

// Unclean is a text from its first invisible character on, "" if it has none.
func Unclean(text string) string {
	if i := firstUnclean(text); i >= 0 {
		return text[i:]
	}
	return ""
}
