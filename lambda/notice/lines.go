package notice

import "strings"

// Lines writes the summary and then each fact on a line of its own, or on several. A
// value has at most limit characters.
func (n *Notice) Lines(limit int) string {
	var b strings.Builder
	b.WriteString(Block(n.Summary))
	for _, f := range n.AllFacts() {
		b.WriteString("\n" + f.Plain(limit))
	}
	return b.String()
}

const (
	maxLinkLabel = 100   // characters
	maxLinkURL   = 800   // bytes
	maxLinkLines = 1_300 // bytes of all
)

// LinkLines writes each link on a line of its own, each after a line break, as many as
// fit into 1,300 bytes. Clean prepares the labels.
func LinkLines(links []Link, clean func(string) string) string {
	var b strings.Builder
	for _, l := range links {
		line := "\n" + Cut(clean(Line(l.Label)), maxLinkLabel) + ": " + l.URL
		if IsWeb(l.URL) && len(l.URL) <= maxLinkURL && b.Len()+len(line) <= maxLinkLines {
			b.WriteString(line)
		}
	}
	return b.String()
}

// AllLinks are the links and then those of the facts, each URL once.
func (n *Notice) AllLinks() []Link {
	var all []Link
	seen := map[string]bool{"": true}
	add := func(label, url string) {
		if !seen[url] {
			seen[url] = true
			all = append(all, Link{label, url})
		}
	}
	for _, l := range n.Links {
		add(l.Label, l.URL)
	}
	for _, f := range n.Facts {
		add(f.Label, f.URL)
	}
	return all
}

// Dotted joins the parts that are not empty with dots between, such as what is known
// of where and when something happened.
func Dotted(parts ...string) string {
	var known []string
	for _, part := range parts {
		if part != "" {
			known = append(known, part)
		}
	}
	return strings.Join(known, " · ")
}

// OrDash is s, or a dash where there is nothing to see.
func OrDash(s string) string {
	if strings.TrimSpace(s) == "" {
		return "–"
	}
	return s
}
