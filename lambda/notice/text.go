package notice

import (
	"strings"
	"unicode/utf8"
)

// maxAligned is the longest label, in characters, that the values of all facts are
// aligned with.
const maxAligned = 20

// Text writes the notice as plain text for people: title, summary, facts, the
// event if it could not be read, links, and where it comes from. It has no length
// limit, no line break but \n and no control characters but \n and tabs.
func (n *Notice) Text() string {
	parts := []string{Line(n.Title), Block(n.Summary), facts(n.Facts)}
	if n.ShowsEvent() {
		parts = append(parts, "The event as it came:\n"+indent(Block(string(n.Event))))
	}
	parts = append(parts, linkLines(n), origin(n))

	var b strings.Builder
	for _, part := range parts {
		if part = strings.TrimRight(part, "\n"); part == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(part)
	}
	b.WriteString("\n")
	return b.String()
}

// facts aligns the values of one line and indents those of several below their label.
func facts(all []Fact) string {
	width := 0
	for _, f := range all {
		if n := utf8.RuneCountInString(Line(f.Label)); n <= maxAligned && !several(f.Value) {
			width = max(width, n)
		}
	}
	var b strings.Builder
	for _, f := range all {
		label := Line(f.Label) + ":"
		b.WriteString(label)
		if several(f.Value) {
			b.WriteString("\n" + indent(Block(f.Value)))
		} else {
			b.WriteString(strings.Repeat(" ", max(1, width+2-utf8.RuneCountInString(label))) + Line(f.Value))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func several(value string) bool { return strings.Contains(Block(value), "\n") }

func linkLines(n *Notice) string {
	var b strings.Builder
	for _, l := range n.AllLinks() {
		b.WriteString(Line(l.Label) + ": " + Line(l.URL) + "\n")
	}
	return b.String()
}

// origin says in one line where the notice comes from, as far as that is known.
func origin(n *Notice) string {
	var known []string
	for _, part := range []struct{ name, value string }{
		{"service", n.Service}, {"account", n.Where()}, {"region", n.Region}, {"event", n.ID},
	} {
		if value := Line(part.value); value != "" {
			known = append(known, part.name+" "+value)
		}
	}
	if len(known) == 0 {
		return ""
	}
	return "-- \nextraeye: " + strings.Join(known, ", ")
}

func indent(s string) string { return "    " + strings.ReplaceAll(s, "\n", "\n    ") }
