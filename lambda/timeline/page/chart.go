package page

import (
	"strconv"

	"github.com/extraeye/extraeye/lambda/timeline"
)

// The heights of what the chart is made of, in pixels.
const (
	axisHeight  = 30
	nameHeight  = 20 // of a name above what it names
	noteHeight  = 15 // of a line below it
	trackHeight = 22
	lanePadding = 6
	stripTop    = 14
	stripHeight = 56
	nameWidth   = 170 // of the names beside the chart, as in the style
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
	p.releases(l, axisHeight, height)
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
		return stripTop + nameHeight + noteHeight + stripHeight
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
func (p *writer) releases(l layout, top, bottom int) {
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
