package event

import (
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

// Finding is what a look-up found, or why it found nothing. Both are set if it found only
// a part. The zero value means that nothing was looked up.
type Finding[T any] struct {
	Value T
	// Known is true if Value was found, even if it is empty.
	Known bool
	// Problem says in a few words why there is none, or not all of it.
	Problem string
	// Temporary is true if the value is unknown only because AWS throttled the look-up or did
	// not answer in time. It is set for what a severity depends on.
	Temporary bool `json:",omitempty"`
}

// Found returns a finding with a value.
func Found[T any](v T) Finding[T] { return Finding[T]{Value: v, Known: true} }

// NotFound returns a finding without a value.
func NotFound[T any](problem string) Finding[T] { return Finding[T]{Problem: problem} }

// Gaps are what could not be looked up, a line for each problem.
type Gaps []gap

type gap struct{ what, problem string }

// Add adds a problem, if there is one.
func (g *Gaps) Add(what, problem string) {
	if problem == "" {
		return
	}
	for i := range *g {
		if (*g)[i].problem == problem {
			(*g)[i].what += ", " + what
			return
		}
	}
	*g = append(*g, gap{what, problem})
}

// AddTo adds the gaps to a notice. It comes after all other facts.
func (g Gaps) AddTo(n *notice.Notice) {
	var lines []string
	for _, gap := range g {
		lines = append(lines, gap.what+": "+gap.problem)
	}
	n.Add("Not looked up", strings.Join(lines, "\n"), "")
}
