// Package page writes a timeline as one HTML page: what happened in lanes on one axis,
// metrics below, how each release did, and everything in words. It has no script, loads
// nothing, and fits a phone, a printer and a widget of a CloudWatch dashboard.
package page

import (
	"io"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// Options say how a timeline is shown. The zero value is a whole page in UTC.
type Options struct {
	// Zone is the time zone of the readers. UTC is shown beside it. Nil: UTC.
	Zone *time.Location
	// Widget leaves out what only a whole page has, for a custom widget of a CloudWatch
	// dashboard: the frame, and links within the page, which the console would follow.
	Widget bool
	// Theme is "light" or "dark". Empty: as the reader's system is set.
	Theme string
}

// Write writes the page.
func Write(w io.Writer, t *timeline.Timeline, o Options) error {
	p := &writer{view: newView(t, o)}
	p.begin()
	p.header()
	if len(p.rows) > 0 || len(t.Metrics) > 0 {
		for _, l := range layouts {
			p.chart(l)
		}
		if more := len(t.Metrics) - maxMetrics; more > 0 {
			p.html(`<p class="note">`, notice.Count(more, "more metric"), " not drawn</p>\n")
		}
	}
	p.comparisons()
	p.list()
	p.sources()
	p.end()
	_, err := p.WriteTo(w)
	return err
}

func (p *writer) begin() {
	theme := ""
	if p.Theme == "light" || p.Theme == "dark" {
		theme = " " + p.Theme
	}
	if p.Widget {
		// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/add_custom_widget_dashboard_about.html
		p.html(`<div class="cwdb-no-default-styles"></div><style>`, style, "</style>\n", `<div class="xe`, theme, `"><div class="in">`, "\n")
		return
	}
	p.html(`<!DOCTYPE html>
<html lang="en" dir="ltr" class="xe-page`, theme, `">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'" />
<meta name="viewport" content="width=device-width,initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="referrer" content="no-referrer" />
<meta name="generator" content="extraeye timeline" />
<title>`)
	p.text(notice.Dotted(p.name(), p.clock.span(p.span)), maxTitle)
	p.html("</title>\n<style>", style, "</style>\n</head>\n<body>\n", `<main class="xe`, theme, `"><div class="in">`, "\n")
}

func (p *writer) end() {
	if p.Widget {
		p.html("</div></div>\n")
		return
	}
	p.html("</div></main>\n</body>\n</html>\n")
}

// name is what the timeline is of.
func (p *writer) name() string {
	if name := notice.Cut(notice.Line(p.t.Service), maxLabel); name != "" {
		return name
	}
	return "Timeline"
}

// header says of what and when the timeline is, and sums it up.
func (p *writer) header() {
	n := notice.Notice{Account: p.t.Account, Alias: p.t.Alias}
	account := notice.Line(n.Where())
	if account != "" {
		account = "account " + account
	}
	p.html("<header>\n<h1>")
	p.text(p.name(), maxLabel)
	p.html(`</h1><p class="where">`)
	p.text(notice.Dotted(account, notice.Line(p.t.Region), p.clock.span(p.span)), maxTitle)
	p.html(`</p><p class="say">`)
	p.text(timeline.Summary(p.t), maxSummary)
	p.html("</p>\n</header>\n")
}

// sources says what was asked, what was not, and what could not be.
func (p *writer) sources() {
	lists := []struct {
		name  string
		items []string
	}{{"Asked", p.t.Asked}, {"Not asked", p.t.NotAsked}, {"Could not be asked", p.t.Failed}}
	p.html("<footer>\n")
	for _, l := range lists {
		if len(l.items) == 0 {
			continue
		}
		p.html("<p>", l.name, ": ")
		for i, item := range l.items[:min(len(l.items), maxSources)] {
			if i > 0 {
				p.html(" · ")
			}
			p.html("<span>")
			p.text(item, maxValue)
			p.html("</span>")
		}
		p.more(len(l.items)-maxSources, "span")
		p.html("</p>\n")
	}
	p.html("</footer>\n")
}
