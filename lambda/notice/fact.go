package notice

import (
	"slices"
	"strings"
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
	FailedAt  = "Failed at" // which step of a deployment
	After     = "After"     // what came shortly before
	HowOften  = "How often" // recently
	LastWords = "Last words"
	LogTail   = "Log tail" // of the step that failed
)

// IsNeeded reports whether a person on call needs the fact most.
func (f Fact) IsNeeded() bool {
	return slices.Contains([]string{FailedAt, After, HowOften, LastWords, LogTail}, f.Label)
}

// IsCode reports whether the value is lines that a program wrote, rather than sentences
// or a list.
func (f Fact) IsCode() bool { return f.Label == LastWords || f.Label == LogTail }

// Plain writes the fact as text, with a value of at most limit characters: on one line,
// or one of several lines indented below its label.
func (f Fact) Plain(limit int) string {
	value := Cut(Block(f.Value), limit)
	if strings.Contains(value, "\n") {
		return Line(f.Label) + ":\n" + indent(value)
	}
	return Line(f.Label) + ": " + value
}
