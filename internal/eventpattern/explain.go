package eventpattern

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The lengths of what explanations quote.
const (
	maxText  = 80 // characters of one value
	maxTexts = 4  // values of one field
)

// Difference says why a pattern does not match an event.
type Difference struct {
	Path    string // of the first field that differs, as detail.AutoScalingGroupName
	Want    string // what the pattern wants there, for people
	Got     string // what the event has there; empty when it has nothing
	Matched int    // how many fields of the pattern do match: the nearest rule has most
}

// String is one line: what is there, and what the rule wants.
func (d *Difference) String() string {
	got := "is missing"
	if d.Got != "" {
		got = "is " + d.Got
	}
	return d.Path + " " + got + ", the rule wants " + d.Want
}

// Explain returns the first field in which the event differs from the pattern:
// source, then detail-type, then the others as the pattern orders them. It
// returns nil when the pattern matches, and an error if there is too much to try.
func (p *Pattern) Explain(e *Event) (*Difference, error) {
	var best *Difference
	var w work
	for _, a := range p.alternatives {
		d := a.explain(e, &w)
		if err := w.check(p, e); err != nil {
			return nil, err
		}
		if d == nil {
			return nil, nil
		}
		if best == nil || d.Matched > best.Matched {
			best = d
		}
	}
	return best, nil
}

func (a alternative) explain(e *Event, w *work) *Difference {
	s := newSearch(e, a.sorted, w)
	if s.match() {
		return nil
	}
	rank := func(f field) int {
		return slices.Index([]string{"detail-type", "source"}, f.path)
	}
	ordered := slices.Clone(a.fields)
	slices.SortStableFunc(ordered, func(x, y field) int { return rank(y) - rank(x) })

	var differs []field
	for _, f := range ordered {
		if !f.acceptsAny(e, w) {
			differs = append(differs, f)
		}
	}
	if len(differs) > 0 {
		f := differs[0]
		return &Difference{Path: printable(f.path), Want: f.describe(), Got: e.describe(f.path), Matched: len(ordered) - len(differs)}
	}
	// Each field matches, but in different elements of an array.
	f := a.sorted[s.deepest]
	return &Difference{
		Path: printable(f.path), Want: f.describe() + " in the same element of the array as the other fields",
		Got: e.describe(f.path), Matched: len(ordered) - 1,
	}
}

// describe says what a field may be.
func (f field) describe() string {
	var texts []string
	for _, w := range f.wants {
		texts = append(texts, w.text)
	}
	return either(texts)
}

// describe says what the event has at a path.
func (e *Event) describe(path string) string {
	vs := e.fields[path]
	if vs == nil {
		return e.containers[path]
	}
	var texts []string
	for _, v := range vs.all[:min(len(vs.all), maxTexts+1)] {
		texts = append(texts, node{kind: v.kind, text: v.text}.String())
	}
	if len(vs.all) > maxTexts {
		texts[maxTexts] = fmt.Sprintf("%d more", len(vs.all)-maxTexts)
	}
	return enumerate(texts, "and")
}

// either joins alternatives, cut short.
func either(texts []string) string {
	if len(texts) > maxTexts {
		texts = append(slices.Clone(texts[:maxTexts]), fmt.Sprintf("%d more", len(texts)-maxTexts))
	}
	return enumerate(texts, "or")
}

// enumerate joins texts with commas and a last word.
func enumerate(texts []string, word string) string {
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	last := len(texts) - 1
	return strings.Join(texts[:last], ", ") + " " + word + " " + texts[last]
}

// quote quotes a value for one line of text, cut short.
func quote(s string) string { return strconv.Quote(shorten(s)) }

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= maxText {
		return s
	}
	return string([]rune(s)[:maxText]) + "…"
}

// printable makes a path fit for one line of text.
func printable(path string) string {
	return shorten(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, path))
}
