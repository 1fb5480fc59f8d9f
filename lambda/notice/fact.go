package notice

import (
	"strings"
	"unicode/utf8"
)

// Fact is one thing that is known. Label and Value are never empty, Value may
// have line breaks and any length; URL may be empty.
type Fact struct {
	Label string `json:"label"`
	Value string `json:"value"`
	URL   string `json:"url,omitempty"`
}

// The labels of the facts that a person on call needs most: sinks with little room
// keep these.
const (
	After     = "After"     // what came shortly before
	HowOften  = "How often" // of late
	LastWords = "Last words"
)

// maxCodeLine is the longest line that is shown as code, in characters: one that is
// wrapped many times gains nothing from letters of one width.
const maxCodeLine = 240

// IsCode reports whether the value is lines that a program wrote, such as a log,
// rather than sentences: it has several, and none is as long as a paragraph. What came
// before is told in sentences, however short.
func (f Fact) IsCode() bool {
	if f.Label == After {
		return false
	}
	value := Block(f.Value)
	for line := range strings.Lines(value) {
		if utf8.RuneCountInString(line) > maxCodeLine {
			return false
		}
	}
	return strings.Contains(value, "\n")
}

// Plain writes the fact as text, with a value of at most max characters: on one line,
// or one of several lines indented below its label.
func (f Fact) Plain(max int) string {
	value := Cut(Block(f.Value), max)
	if strings.Contains(value, "\n") {
		return Line(f.Label) + ":\n" + indent(value)
	}
	return Line(f.Label) + ": " + value
}
