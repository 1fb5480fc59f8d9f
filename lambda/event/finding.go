package event

import (
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

// Finding is what a look-up found, or why it found nothing; it may have found a part
// and say why not the rest. The zero value says that nothing was looked up.
type Finding[T any] struct {
	Value T
	// Known says that there is a Value.
	Known bool
	// Problem says in a few words why there is none, or not all of it.
	Problem string
}

// Found is a finding.
func Found[T any](v T) Finding[T] { return Finding[T]{Value: v, Known: true} }

// NotFound says why there is none.
func NotFound[T any](problem string) Finding[T] { return Finding[T]{Problem: problem} }

// Gaps collects what could not be looked up, a line for each.
type Gaps []string

// Add notes a problem, if there is one.
func (g *Gaps) Add(what, problem string) {
	if problem != "" {
		*g = append(*g, what+": "+problem)
	}
}

// AddTo adds the gaps, after all other facts.
func (g Gaps) AddTo(n *notice.Notice) { n.Add("Not looked up", strings.Join(g, "\n"), "") }
