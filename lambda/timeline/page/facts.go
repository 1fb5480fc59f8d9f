package page

import (
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
			if f.Label != notice.After && f.Label != notice.HowOften { // which are clear by themselves
				p.html("<i>")
				p.text(f.Label, maxLabel)
				p.html("</i> ")
			}
			p.linked(f.Value, f.URL, maxShort)
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
// first others, as far as they are short and not in the title.
func split(r row) (brief, rest []notice.Fact) {
	isBrief := make([]bool, len(r.Facts))
	for _, needed := range []bool{true, false} {
		for i, f := range r.Facts {
			if len(brief) < mostBrief && f.IsNeeded() == needed && isShort(f) && !strings.Contains(r.Title, f.Value) {
				isBrief[i] = true
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

func isShort(f notice.Fact) bool {
	return f.Value != "" && len(f.Value) <= maxShort && !f.IsCode() && !strings.Contains(f.Value, "\n")
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
