package services

import (
	"cmp"
	"fmt"
	"strings"
)

// Error is something wrong in a file.
type Error struct {
	File string
	// Line and Column are where it is, from 1 on; 0 if it is nowhere in particular.
	Line, Column int
	// Text says what is wrong, with which value, and what to write instead.
	Text string
}

// Error writes it as compilers do.
func (e Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Text)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text)
}

// Errors are all that is wrong in a file, in its order.
type Errors []Error

func (e Errors) Error() string {
	var lines []string
	for _, one := range e {
		lines = append(lines, one.Error())
	}
	return strings.Join(lines, "\n")
}

func compareErrors(a, b Error) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), strings.Compare(a.Text, b.Text))
}
