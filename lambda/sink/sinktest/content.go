package sinktest

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
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
			s := newNetwork(t, h, connect, with(h.Good))
			if err := s.send(n); err != nil {
				t.Fatal(err)
			}
			requests := s.sent()
			if h.Silent != nil && h.Silent(n) {
				if len(requests) != 0 {
					t.Errorf("sent %d requests, want none", len(requests))
				}
				return
			}
			if len(requests) != 1 {
				t.Fatalf("sent %d requests, want 1", len(requests))
			}
			h.Check(t, n, requests[0])
			checkTexts(t, h, name, n, requests[0])
			if name == "explained" || name == "log-tail" {
				checkOrder(t, n, requests[0])
			}
		})
	}
}

// checkTexts checks what holds for the texts of every sink.
func checkTexts(t *testing.T, h Harness, name string, n *notice.Notice, r Request) {
	t.Helper()
	if !utf8.Valid(r.Body) {
		t.Error("the body is not valid UTF-8")
	}
	all := strings.Join(r.Texts(), "\n")
	if i := strings.IndexFunc(all, func(c rune) bool {
		return c != '\n' && c != '\t' && notice.Line("a"+string(c)+"b") != "a"+string(c)+"b" && c != ' ' && c != '\u00A0'
	}); i >= 0 {
		t.Errorf("the body has a control or bidi character: %+.80q", all[i:])
	}
	for _, markup := range h.Markup {
		if strings.Contains(all, markup) {
			t.Errorf("%q stands in a text as it came", markup)
		}
	}
	if name != "many-facts" {
		return
	}
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

// checkOrder checks that the facts are told in their order, and that only the last of
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
		_, after, told := strings.Cut(rest, value)
		switch {
		case told && left != "":
			t.Errorf("%s is told, and %s is left out before it", f.Label, left)
		case told:
			rest = after
		case strings.Contains(body, value) && !strings.Contains(n.Title+n.Summary, value):
			t.Errorf("%s is told too early", f.Label)
		case left == "":
			left = f.Label
		}
		if f.IsNeeded() && left != "" {
			t.Errorf("%s is left out", left)
		}
	}
}
