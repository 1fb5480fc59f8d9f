package page

import (
	"cmp"
	"math"
	"strconv"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// verdicts are how verdicts are shown besides their colors.
var verdicts = map[timeline.Verdict]struct{ class, sign string }{
	timeline.Worse:   {"bad", "✖"},
	timeline.Better:  {"good", "✓"},
	timeline.Same:    {"", ""},
	timeline.Unclear: {"", "?"},
}

// comparisons writes the table of what was before and after each release.
func (p *writer) comparisons() {
	all := p.t.Compared.Releases
	if len(all) == 0 {
		return
	}
	all = all[:min(len(all), maxReleases)]
	p.html("<h2>Before and after each release</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Release</th><th scope=\"col\">At</th>")
	columns := columns(all)
	for _, c := range columns {
		p.html(`<th scope="col">`)
		p.text(heading(c), maxLabel/2)
		p.html("</th>")
	}
	p.html("<th scope=\"col\">Deaths after</th><th scope=\"col\">Alarms after</th><th scope=\"col\">Verdict</th></tr></thead>\n<tbody>\n")
	anchors := p.releaseRows()
	for _, c := range all {
		p.comparison(c, columns, anchors[c.Release.ID])
	}
	p.html("</tbody>\n</table></div>\n")
	p.more(len(p.t.Compared.Releases)-maxReleases, "p")
	p.html(`<p class="note">`)
	p.text(cmp.Or(p.t.Compared.How, "After, not because of."), maxSummary)
	p.html("</p>\n")
}

// columns are the metrics of the comparisons, in their order.
func columns(all []timeline.Comparison) []timeline.Change {
	const most = 5
	for _, c := range all {
		if len(c.Changes) > 0 {
			return c.Changes[:min(len(c.Changes), most)]
		}
	}
	return nil
}

func heading(c timeline.Change) string {
	if c.Unit == "" {
		return c.Label
	}
	return c.Label + ", " + c.Unit
}

func (p *writer) comparison(c timeline.Comparison, columns []timeline.Change, anchor string) {
	p.html(`<tr><th scope="row">`)
	if anchor != "" && !p.Widget {
		p.html(`<a href="#`, anchor, `">`)
	}
	if c.Release.Rollback {
		p.html("↩ ")
	}
	p.text(cmp.Or(notice.Line(c.Release.Version), notice.Line(c.Release.Commit), notice.Line(c.Release.ID), "unnamed"), maxLabel)
	if anchor != "" && !p.Widget {
		p.html("</a>")
	}
	p.html("</th>")
	at := "–"
	if !c.At.IsZero() {
		at = p.clock.moment(c.At)
	}
	p.html(`<td class="at" data-name="At">`, at, "</td>")
	for i, column := range columns {
		p.open(heading(column), changeOf(c, i).Verdict)
		p.change(changeOf(c, i))
		p.html("</td>")
	}
	p.cell("Deaths after", bad(c.Deaths), strconv.Itoa(c.Deaths))
	p.cell("Alarms after", bad(c.Alarms), strconv.Itoa(c.Alarms))
	p.open("Verdict", c.Verdict)
	p.html("<b>")
	p.text(string(c.Verdict), maxLabel)
	p.html("</b>")
	if c.Why != "" {
		p.html("<small>")
		p.text(c.Why, maxTitle)
		p.html("</small>")
	}
	p.html("</td></tr>\n")
}

// changeOf is a change of a comparison that may have fewer than there are columns.
func changeOf(c timeline.Comparison, i int) timeline.Change {
	if i < len(c.Changes) {
		return c.Changes[i]
	}
	return timeline.Change{}
}

// change writes a metric before and after a release, and by how much it changed.
func (p *writer) change(c timeline.Change) {
	p.html(mean(c.Before), " → <b>", mean(c.After), "</b>")
	if c.Before.Points > 0 && c.After.Points > 0 {
		p.html(" <small>", relative(c.Before.Mean, c.After.Mean), "p99 ", number(c.Before.P99), " → ", number(c.After.P99), "</small>")
	}
}

func mean(s timeline.Stats) string {
	if s.Points == 0 {
		return "–"
	}
	return number(s.Mean)
}

// relative says a change in percent, where that says something.
func relative(before, after float64) string {
	percent := math.Round((after/before - 1) * 100)
	if before <= 0 || !finite(percent) || math.Abs(percent) >= 10_000 {
		return ""
	}
	if percent > 0 {
		return "+" + number(percent) + " % · "
	}
	return number(percent) + " % · "
}

func bad(n int) timeline.Verdict {
	if n > 0 {
		return timeline.Worse
	}
	return timeline.Same
}

func (p *writer) cell(name string, v timeline.Verdict, text string) {
	p.open(name, v)
	p.html(text, "</td>")
}

// open begins a cell. A narrow table has the names of the columns in the cells.
func (p *writer) open(name string, v timeline.Verdict) {
	p.html(`<td class="`, verdicts[v].class, `" data-name="`)
	p.text(name, maxLabel)
	p.html(`">`)
	if sign := verdicts[v].sign; sign != "" {
		p.html(`<i role="img" aria-label="`, string(v), `">`, sign, "</i> ")
	}
}

// releaseRows are the anchors of the rows of releases, by the releases' ids.
func (v *view) releaseRows() map[string]string {
	anchors := map[string]string{}
	for _, r := range v.rows {
		if r.Release != nil && r.Release.ID != "" {
			anchors[r.Release.ID] = r.anchor()
		}
	}
	return anchors
}
