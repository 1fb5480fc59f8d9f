package page

import (
	"slices"
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

// mostBrief is how many facts stand below a title.
const mostBrief = 4

// facts writes what is known of a row: the most telling in a line, the others folded.
func (p *writer) facts(r row) {
	brief, rest := split(r)
	if len(brief) > 0 {
		p.html(`<p class="facts">`)
		for _, f := range brief {
			p.html("<span>")
			if f.Label != notice.After { // which says so itself
				p.html("<i>")
				p.text(f.Label, maxLabel)
				p.html("</i> ")
			}
			p.linked(firstLine(f.Value), f.URL, maxNeeded)
			p.html("</span> ")
		}
		p.html("</p>")
	}
	limit := maxBytes
	if p.Widget {
		limit = maxWidgetBytes
	}
	if len(rest) == 0 {
		return
	}
	if p.Len() > limit {
		p.html(`<p class="note">`, notice.Count(len(rest), "more fact"), " left out</p>")
		return
	}
	p.html("<details><summary>", notice.Count(len(rest), "more fact"), "</summary><dl>")
	for _, f := range rest[:min(len(rest), maxFacts)] {
		p.fact(f)
	}
	p.more(len(rest)-maxFacts, "dd")
	p.html("</dl></details>")
}

// split divides the facts of a row: those that a person on call needs most, and then the
// first others, as far as they are short and say more than the title and the time. One of
// several lines is in both parts.
func split(r row) (brief, rest []notice.Fact) {
	isBrief := make([]bool, len(r.Facts))
	for _, needed := range []bool{true, false} {
		for i, f := range r.Facts {
			if len(brief) < mostBrief && f.IsNeeded() == needed && isShort(f) && !strings.Contains(r.Title, f.Value) {
				isBrief[i] = !strings.Contains(strings.TrimSpace(f.Value), "\n")
				brief = append(brief, f)
			}
		}
	}
	for i, f := range r.Facts {
		if !isBrief[i] && strings.TrimSpace(f.Value) != "" {
			rest = append(rest, f)
		}
	}
	return brief, rest
}

// times are the labels of facts that say when it was.
var times = []string{"Started", "Ended", "Time", "Since", "Created"}

func isShort(f notice.Fact) bool {
	if f.IsNeeded() {
		return !f.IsCode() && firstLine(f.Value) != ""
	}
	return strings.TrimSpace(f.Value) != "" && len(f.Value) <= maxShort && !strings.Contains(f.Value, "\n") && !slices.Contains(times, f.Label)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

func (p *writer) fact(f notice.Fact) {
	p.html("<dt>")
	p.text(f.Label, maxLabel)
	p.html("</dt><dd>")
	switch {
	case f.IsCode():
		p.html("<pre>")
		p.block(f.Value, maxCode)
		p.html("</pre>")
	case safeURL(f.URL) != "":
		p.linked(f.Value, f.URL, maxValue)
	default:
		p.block(f.Value, maxValue)
	}
	p.html("</dd>")
}
