package page

import (
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/timeline"
)

const (
	stripWidth   = 1000 // across, which is stretched to the width that there is
	maxStripName = 16   // characters that have room
	maxStripNote = 22
)

// strip draws a metric, with its name beside or above.
func (p *writer) strip(l layout, m *timeline.Metric, y int) {
	c := curveOf(m, p.span)
	top := y + stripTop
	if l.above {
		top += nameHeight + noteHeight
	}
	bottom := top + stripHeight
	p.html(`<g role="img"><title>`)
	p.text(p.described(m, c), maxTitle)
	p.html("</title>")
	p.stripName(l, m, c, y, top)
	p.html(`<line class="edge" x1="0" x2="100%" y1="`, strconv.Itoa(bottom), `" y2="`, strconv.Itoa(bottom), `"/>`)
	if m.Threshold != nil && c.within(*m.Threshold) {
		at := coordinate(float64(top) + c.y(*m.Threshold))
		p.html(`<line class="threshold" x1="0" x2="100%" y1="`, at, `" y2="`, at, `"/>`)
	}
	p.html(`<svg x="0" y="`, strconv.Itoa(top), `" width="100%" height="`, strconv.Itoa(stripHeight), `" viewBox="0 0 `, strconv.Itoa(stripWidth), " ", strconv.Itoa(stripHeight), `" preserveAspectRatio="none">`)
	for _, run := range c.runs {
		p.run(c, run, m.Period)
	}
	p.html("</svg></g>\n")
}

// described says a metric in words, for those who do not see it.
func (p *writer) described(m *timeline.Metric, c curve) string {
	text := m.Label
	if m.Unit != "" {
		text += " (" + m.Unit + ")"
	}
	if !c.any {
		return text + ": no data"
	}
	return text + ": " + p.peak(c)
}

func (p *writer) peak(c curve) string {
	return "max " + number(c.peak.Value) + " at " + p.clock.moment(c.peak.Time)
}

// stripName writes the name of a metric, its unit and its scale.
func (p *writer) stripName(l layout, m *timeline.Metric, c curve, y, top int) {
	note := "no data"
	if c.any {
		note = p.peak(c)
	}
	if l.above {
		p.html(`<text class="name" x="0" y="`, strconv.Itoa(y+stripTop+14), `">`)
		p.text(m.Label, maxStripName)
		p.html(`<tspan class="unit"> `)
		p.text(m.Unit, maxStripNote)
		p.html(`</tspan></text><text class="unit" x="0" y="`, strconv.Itoa(top-8), `">`)
		p.text(note, 2*maxStripNote)
		p.html("</text>")
		return
	}
	p.html(`<text class="name" x="`, l.nameLeft(), `" y="`, strconv.Itoa(top+12), `">`)
	p.text(m.Label, maxStripName)
	for i, text := range []string{m.Unit, note} {
		p.html(`</text><text class="unit" x="`, l.nameLeft(), `" y="`, strconv.Itoa(top+28+i*16), `">`)
		p.text(text, (i+1)*maxStripNote)
	}
	p.html("</text>")
	if c.any {
		p.html(`<text class="scale" x="-8" y="`, strconv.Itoa(top+8), `">`, number(c.high), `</text><text class="scale" x="-8" y="`, strconv.Itoa(top+stripHeight), `">`, number(c.low), "</text>")
	}
}

// run draws points without gaps. The last has its value for a period.
func (p *writer) run(c curve, points []timeline.Point, period time.Duration) {
	var path strings.Builder
	add := func(t time.Time, value float64) {
		path.WriteString(coordinate(stripWidth*p.span.at(t)) + "," + coordinate(c.y(value)) + " ")
	}
	for _, point := range points {
		add(point.Time, point.Value)
	}
	last := points[len(points)-1]
	if period > 0 {
		add(last.Time.Add(period), last.Value)
	}
	base := coordinate(c.y(min(max(0, c.low), c.high)))
	begin, end := coordinate(stripWidth*p.span.at(points[0].Time)), coordinate(stripWidth*p.span.at(last.Time.Add(max(period, 0))))
	line := strings.TrimSpace(path.String())
	p.html(`<polygon class="area" points="`, begin, ",", base, " ", line, " ", end, ",", base, `"/><polyline class="curve" points="`, line, `"/>`)
}
