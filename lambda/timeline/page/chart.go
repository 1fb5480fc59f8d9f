package page

import (
	"strconv"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// The heights of what the chart is made of, in pixels.
const (
	axisHeight  = 30
	nameHeight  = 20 // of a name above what it names
	trackHeight = 22
	lanePadding = 6
	stripTop    = 14
	stripHeight = 56
	nameWidth   = 150 // of the names beside the chart, as in the style
)

// chart draws lanes and metrics on one axis. Across, all is in percent, so that the chart
// is as wide as the window and text keeps its size.
func (p *writer) chart(l layout) {
	if p.span.from.IsZero() {
		return
	}
	lanes := p.lanes(l)
	height := axisHeight
	for _, lane := range lanes {
		height += l.laneHeight(lane)
	}
	metrics := p.t.Metrics[:min(len(p.t.Metrics), maxMetrics)]
	for range metrics {
		height += l.stripHeight()
	}
	p.html(`<svg class="chart `, l.class, `" width="100%" height="`, strconv.Itoa(height), `" role="group" aria-label="`)
	p.text("What happened, "+p.clock.span(p.span), maxTitle)
	p.html("\">\n")
	p.axis(l, height)
	y := axisHeight
	for _, lane := range lanes {
		y += l.laneHeight(lane)
		p.html(`<line class="edge" x1="`, l.nameLeft(), `" x2="100%" y1="`, strconv.Itoa(y), `" y2="`, strconv.Itoa(y), "\"/>\n")
	}
	p.releases(lanes[0], l, axisHeight, height)
	y = axisHeight
	for _, lane := range lanes {
		p.laneName(l, lane, y)
		p.lane(l, lane, y)
		y += l.laneHeight(lane)
	}
	for i := range metrics {
		p.strip(l, &metrics[i], y)
		y += l.stripHeight()
	}
	p.html("</svg>\n")
}

func (l layout) laneHeight(lane lane) int {
	height := lanePadding + lane.tracks*trackHeight + lanePadding
	if l.above {
		height += nameHeight - lanePadding
	}
	return height
}

func (l layout) stripHeight() int {
	if l.above {
		return stripTop + nameHeight + stripHeight
	}
	return stripTop + stripHeight + stripTop
}

// nameLeft is where names begin: left of the axis or at its beginning.
func (l layout) nameLeft() string {
	if l.above {
		return "0"
	}
	return strconv.Itoa(-nameWidth)
}

// axis draws the times and their lines.
func (p *writer) axis(l layout, height int) {
	for _, t := range p.clock.ticks(p.span, l.ticks) {
		anchor := ""
		switch x := t.at * l.width; {
		case x < 20 && l.above:
			anchor = " first"
		case x > l.width-20:
			anchor = " last"
		}
		p.html(`<line class="grid" x1="`, percent(t.at), `" x2="`, percent(t.at), `" y1="`, strconv.Itoa(axisHeight-8), `" y2="`, strconv.Itoa(height), `"/>`,
			`<text class="tick`, anchor, `" x="`, percent(t.at), `" y="14">`, t.text, "</text>\n")
	}
}

func (p *writer) laneName(l layout, lane lane, y int) {
	base := y + lanePadding + trackHeight/2 + 4
	if l.above {
		base = y + 15
	}
	p.html(`<text class="name" x="`, l.nameLeft(), `" y="`, strconv.Itoa(base), `">`)
	p.text(lane.name, maxLabel)
	p.html("</text>\n")
}

// releases draws a line through everything for each release, at its end.
func (p *writer) releases(lane lane, l layout, top, bottom int) {
	drawn, before := 0, -1.0
	for i := range p.rows {
		r := &p.rows[i]
		if r.Lane != timeline.Releases || r.marks[l.index] == 0 {
			continue
		}
		at := latest(r.Start, r.End)
		x := p.span.at(at)
		if at.After(p.span.to) || at.Before(p.span.from) || drawn >= maxLines || (x-before)*l.width < 1 && x >= before {
			continue
		}
		drawn, before = drawn+1, x
		p.html(`<line class="release `, levelClass(r.level), `" x1="`, percent(x), `" x2="`, percent(x), `" y1="`, strconv.Itoa(top), `" y2="`, strconv.Itoa(bottom), "\"/>\n")
	}
}

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
