package wire

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Step is one step on the way to a value of an event: into a field of an object, or
// into an array.
type Step struct {
	Field string
	// Index is the place in an array, from 0 on; -1 for a field.
	Index int
}

// ParsePath reads a path to a value of an event, such as $.detail.state,
// $.resources[0] or $.detail["Availability Zone"]. The "$." may be left out.
func ParsePath(path string) ([]Step, error) {
	steps, rest, err := readPath(path)
	switch {
	case err != nil:
		return nil, err
	case rest != "":
		return nil, fmt.Errorf("path %q: unexpected %q; write a name with such characters as [\"name\"]", path, rest)
	}
	return steps, nil
}

// readPath reads a path up to its end or a closing brace.
func readPath(path string) (steps []Step, rest string, err error) {
	rest = strings.TrimPrefix(path, "$")
	if rest == path && !strings.HasPrefix(path, "[") {
		rest = "." + path
	}
	for rest != "" && (rest[0] == '.' || rest[0] == '[') {
		var step Step
		var ok bool
		if rest[0] == '.' {
			step, rest, ok = dotted(rest[1:])
		} else {
			step, rest, ok = bracketed(rest[1:])
		}
		if !ok {
			return nil, "", fmt.Errorf("path %q: step %d is neither a name nor an index; write .name, [\"name\"] or [0]", path, len(steps)+1)
		}
		steps = append(steps, step)
	}
	if len(steps) == 0 {
		return nil, "", fmt.Errorf("path %q names no value; write such as $.detail.state", path)
	}
	return steps, rest, nil
}

// dotted reads a name up to the next step.
func dotted(s string) (step Step, rest string, ok bool) {
	end := strings.IndexFunc(s, func(r rune) bool { return strings.ContainsRune(".[]{}*\"' \t\r\n", r) })
	if end < 0 {
		end = len(s)
	}
	return Step{Field: s[:end], Index: -1}, s[end:], end > 0
}

// bracketed reads an index, or a name in quotes of either kind in which a backslash
// makes the next character plain, and the closing bracket.
func bracketed(s string) (step Step, rest string, ok bool) {
	if s == "" || s[0] != '"' && s[0] != '\'' {
		number, rest, closed := strings.Cut(s, "]")
		index, err := strconv.ParseUint(number, 10, 31)
		return Step{Index: int(index)}, rest, closed && err == nil
	}
	var name strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == s[0]:
			rest, ok = strings.CutPrefix(s[i+1:], "]")
			return Step{Field: name.String(), Index: -1}, rest, ok
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		name.WriteByte(s[i])
	}
	return Step{}, "", false
}

// Part is a piece of a title: text, or the path of the value that stands there.
type Part struct {
	Text string
	Path []Step
}

// ParseTitle takes a title of [Pattern] apart. A path stands in it as {$.detail.state};
// braces without a "$" are text.
func ParseTitle(title string) ([]Part, error) {
	var parts []Part
	for rest := title; rest != ""; {
		text, placeholder, found := strings.Cut(rest, "{$")
		if text != "" {
			parts = append(parts, Part{Text: text})
		}
		if !found {
			break
		}
		steps, after, err := readPath("$" + placeholder)
		if err == nil && !strings.HasPrefix(after, "}") {
			err = errors.New("a path in it has no end; close it with }")
		}
		if err != nil {
			return nil, fmt.Errorf("title %q: %w", title, err)
		}
		parts = append(parts, Part{Path: steps})
		rest = after[1:]
	}
	return parts, nil
}
