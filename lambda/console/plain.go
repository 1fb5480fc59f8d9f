package console

import "strings"

// plain removes the escape sequences that set a terminal's colors and move its cursor.
//
// https://www.ecma-international.org/publications-and-standards/standards/ecma-48/
func plain(text string) string {
	before, after, ok := strings.Cut(text, "\x1b")
	if !ok {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for ; ok; before, after, ok = strings.Cut(after, "\x1b") {
		b.WriteString(before)
		if sequence, ok := strings.CutPrefix(after, "["); ok {
			// Parameters, then one final byte.
			end := strings.IndexFunc(sequence, func(r rune) bool { return r >= '@' || r == '\n' || r == '\r' })
			after = sequence[end+1:]
		} else if after != "" {
			after = after[1:]
		}
	}
	b.WriteString(before)
	return b.String()
}
