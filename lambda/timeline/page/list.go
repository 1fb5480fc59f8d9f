package page

import (
	"strconv"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// list writes all rows, each linked to its mark.
func (p *writer) list() {
	p.html("<h2>What happened</h2>\n")
	if len(p.rows) == 0 {
		p.html("<p class=\"note\">Nothing was found.</p>\n")
		return
	}
	if p.left > 0 {
		p.html(`<p class="note">`, strconv.Itoa(p.left), " rows are not shown: the least severe, and of these the oldest.</p>\n")
	}
	p.html("<ol class=\"rows\">\n")
	day := ""
	for _, r := range p.rows {
		if d := p.dayOf(r.Start); d != day {
			if day = d; p.clock.days || r.Start.IsZero() {
				p.html(`<li class="day">`, day, "</li>\n")
			}
		}
		p.row(r)
	}
	p.html("</ol>\n")
}

func (p *writer) dayOf(t time.Time) string {
	if t.IsZero() {
		return "Time not known"
	}
	return p.clock.day(t)
}

func (p *writer) row(r row) {
	p.html("<li")
	if !p.Widget {
		p.html(` id="`, r.anchor(), `"`)
	}
	p.html(` class="`, levelClass(r.level), `"><span class="when">`)
	p.whenShown(r)
	p.html(`</span><span class="sign">`)
	p.sign(r)
	p.html(`</span><div class="what"><b>`)
	n := notice.Notice{Title: r.Title}
	p.text(n.Headline(), maxTitle)
	p.html("</b>")
	p.facts(r)
	p.html(`</div><span class="link">`)
	if safeURL(r.Link.URL) != "" {
		p.linked(label(r.Link.Label)+" ↗", r.Link.URL, maxLabel)
	}
	p.html("</span></li>\n")
}

func label(s string) string {
	if s = notice.Cut(notice.Line(s), maxLabel-4); s != "" {
		return s
	}
	return "Open"
}

// when says when a row was, in the readers' zone.
func (p *writer) when(r row) string {
	if r.Start.IsZero() {
		return "at an unknown time"
	}
	_, end := p.clock.between(r.Start, r.End)
	begin := p.clock.moment(r.Start)
	switch {
	case r.End.IsZero():
		return "since " + begin
	case r.End.After(r.Start):
		return begin + "–" + end
	}
	return begin
}

// whenShown writes when a row was, and in UTC if that is something else.
func (p *writer) whenShown(r row) {
	if r.Start.IsZero() {
		p.html("–")
		return
	}
	begin, end := p.clock.between(r.Start, r.End)
	p.html(`<time datetime="`, r.Start.UTC().Format(time.RFC3339), `" title="`, notice.Stamp(r.Start), `">`, begin, "</time>")
	switch {
	case r.End.IsZero():
		p.html("<span>– …</span>")
	case r.End.After(r.Start) && end != begin:
		p.html("<span>–", end, "</span>")
	}
	if !p.clock.utc {
		p.html("<small>", r.Start.UTC().Format(p.clock.format), " UTC</small>")
	}
}

// sign shows the level of a row, as a link to its mark in that form of the chart which is
// shown.
func (p *writer) sign(r row) {
	s := signs[r.level]
	for _, l := range layouts {
		mark := r.marks[l.index]
		if p.Widget || mark == 0 {
			p.html(`<i role="img" aria-label="`, r.level.String(), `">`, s.text, "</i>")
			return
		}
		p.html(`<a class="`, l.class, `" href="#`, l.prefix, strconv.Itoa(mark), `" aria-label="`, r.level.String(), `, in the chart">`, s.text, "</a>")
	}
}
