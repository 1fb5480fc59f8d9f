package page

import (
	"strconv"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
)

// lane draws the marks of a lane.
func (p *writer) lane(l layout, lane lane, y int) {
	y += lanePadding + trackHeight/2
	if l.above {
		y += nameHeight - lanePadding
	}
	for _, m := range lane.marks {
		p.mark(l, m, y+m.track*trackHeight)
	}
}

// mark draws a mark at the height of its middle, as a link to the first of its rows.
func (p *writer) mark(l layout, m mark, y int) {
	first := m.rows[0]
	element := "a"
	if p.Widget {
		element = "g"
		p.html(`<g class="mark `, levelClass(m.level), `">`)
	} else {
		p.html(`<a id="`, l.prefix, strconv.Itoa(first.number), `" class="mark `, levelClass(m.level), `" href="#`, first.anchor(), `">`)
	}
	p.html("<title>")
	p.text(p.title(m), maxSummary)
	p.html("</title>")
	if m.bar {
		p.bar(l, m, y)
	} else {
		p.dot(l, m, y)
	}
	p.html("</", element, ">\n")
	if m.label != "" {
		p.label(l, m, y)
	}
}

// bar draws what lasts. Its ends are open where it is not all within the chart.
func (p *writer) bar(l layout, m mark, y int) {
	x, width := percent(m.left/l.width), percent((m.right-m.left)/l.width)
	p.html(`<rect class="bar" x="`, x, `" width="`, width, `" y="`, strconv.Itoa(y-7), `" height="14" rx="3"/>`)
	if m.before {
		p.html(`<svg class="at" x="`, x, `" y="`, strconv.Itoa(y), `"><path class="open" d="M1-8 7 0 1 8H-2V-8Z"/></svg>`)
	}
	if m.on {
		p.html(`<svg class="at" x="`, percent(m.right/l.width), `" y="`, strconv.Itoa(y), `"><path class="open" d="M-7-8-1 0-7 8H2V-8Z"/></svg>`)
	}
	middle := percent((m.left + m.right) / 2 / l.width)
	switch {
	case len(m.rows) > 1:
		p.html(`<text class="count" x="`, middle, `" y="`, strconv.Itoa(y+4), `">`, m.count(), "</text>")
	case m.right-m.left >= 2*dotHalf+4:
		p.html(`<svg class="at" x="`, middle, `" y="`, strconv.Itoa(y), `">`, signs[m.level].inside, "</svg>")
	}
}

// dot draws what happens, or the count of what happened at about the same time.
func (p *writer) dot(l layout, m mark, y int) {
	p.html(`<svg class="at" x="`, percent((m.left+m.right)/2/l.width), `" y="`, strconv.Itoa(y), `">`)
	if len(m.rows) > 1 {
		half := strconv.FormatFloat(m.half(), 'f', 1, 64)
		width := strconv.FormatFloat(2*m.half(), 'f', 1, 64)
		p.html(`<rect class="pill" x="-`, half, `" y="-9" width="`, width, `" height="18" rx="9"/><text class="count" y="4">`, m.count(), "</text>")
	} else {
		p.html(signs[m.level].shape, signs[m.level].inside)
	}
	p.html("</svg>")
}

// label writes the name of a release beside its mark.
func (p *writer) label(l layout, m mark, y int) {
	x, dx, class := m.end(), labelGap, "version "
	if m.labelLeft {
		x, dx, class = m.begin(), -labelGap, "version before "
	}
	if !m.bar { // it is at the middle of what keeps its size
		dx += int(x - m.left)
		x = m.left
	}
	p.html(`<svg class="at" x="`, percent(x/l.width), `" y="`, strconv.Itoa(y), `"><text class="`, class, levelClass(m.level), `" x="`, strconv.Itoa(dx), `" y="4">`)
	p.text(m.label, utf8.RuneCountInString(m.label))
	p.html("</text></svg>\n")
}

// percent writes a part of the width.
func percent(part float64) string {
	return strconv.FormatFloat(min(max(part, 0), 1)*100, 'f', 2, 64) + "%"
}

// sign is how a level is shown besides its color.
type sign struct {
	class, text   string
	shape, inside string // of a mark, around its middle
}

var signs = [notice.Levels]sign{
	notice.LevelInfo:     {"info", "●", `<circle r="6"/>`, ""},
	notice.LevelOK:       {"ok", "✓", `<circle r="7"/>`, `<path class="in" d="M-3 0-1 2.5 3-2.5"/>`},
	notice.LevelWarning:  {"warning", "▲", `<path d="M0-8 8 6H-8Z"/>`, `<path class="in" d="M0-3V1M0 3.2V3.8"/>`},
	notice.LevelError:    {"error", "✖", `<circle r="7"/>`, `<path class="in" d="M-2.6-2.6 2.6 2.6M2.6-2.6-2.6 2.6"/>`},
	notice.LevelCritical: {"critical", "✖✖", `<path d="M0-9 9 0 0 9-9 0Z"/>`, `<path class="in" d="M-2.6-2.6 2.6 2.6M2.6-2.6-2.6 2.6"/>`},
}

func levelClass(l notice.Level) string { return signs[l].class }
