package page

import (
	"bytes"
	"html"
	"strconv"

	"github.com/extraeye/extraeye/lambda/notice"
)

// How much of what is shown, in characters unless it says otherwise.
const (
	maxTitle    = 300
	maxSummary  = 1_000
	maxLabel    = 80
	maxShort    = 120  // a fact beside others
	maxNeeded   = 240  // one that a person on call needs
	maxValue    = 600  // any other value
	maxCode     = 6000 // lines of a program
	maxURL      = 2_000
	maxFacts    = 40 // of a row
	maxSources  = 50 // of a list
	maxMetrics  = 12
	maxReleases = 200 // that are compared
)

// How much a page and a widget hold: rows, and the byte after which rows have no more
// facts. A function's answer has at most 6 MB.
//
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	maxRows, maxBytes             = 10_000, 8_000_000
	maxWidgetRows, maxWidgetBytes = 500, 1_000_000
)

// writer writes the page. Text goes in through text alone, which cleans, cuts and escapes
// it; html is for what this package wrote itself only.
type writer struct {
	bytes.Buffer
	*view
}

func (p *writer) html(markup ...string) {
	for _, s := range markup {
		p.WriteString(s)
	}
}

// text writes one line of at most limit characters, into an element or an attribute.
func (p *writer) text(s string, limit int) {
	p.WriteString(html.EscapeString(notice.Cut(notice.Line(s), limit)))
}

// block writes lines.
func (p *writer) block(s string, limit int) {
	p.WriteString(html.EscapeString(notice.Cut(notice.Block(s), limit)))
}

// linked writes one line as a link, if it has the URL of a web page.
func (p *writer) linked(s, url string, limit int) {
	if url = safeURL(url); url == "" {
		p.text(s, limit)
		return
	}
	p.html(`<a href="`, url, `" target="_blank" rel="noopener noreferrer">`)
	p.text(s, limit)
	p.html("</a>")
}

// more says in an element how much is left out, if anything is.
func (p *writer) more(n int, element string) {
	if n > 0 {
		p.html("<", element, ` class="more">and `, strconv.Itoa(n), " more</", element, ">")
	}
}

// safeURL returns u escaped for an attribute, or "" if it is not the plain address of a
// web page.
func safeURL(u string) string {
	escaped := html.EscapeString(notice.EncodeURL(u))
	if len(escaped) > maxURL {
		return ""
	}
	return escaped
}
