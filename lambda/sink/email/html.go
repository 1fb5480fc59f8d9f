package email

import (
	"html"
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

// How much of the HTML part each thing may take, in characters or bytes. The
// sum of all but the long texts is less than maxHTML.
const (
	maxHeading   = 500    // characters of the title
	maxSummary   = 2_000  // characters of the summary
	maxLabel     = 80     // characters of a label
	maxURL       = 2_000  // bytes of a URL, escaped
	maxLinks     = 10     // buttons
	maxValue     = 600    // characters of a value among the facts; the rest comes below
	maxLines     = 12     // lines of it; the rest comes below
	maxCode      = 2_500  // characters of a value that is code; the rest comes below
	maxCodeLines = 24     // lines of it; the rest comes below
	factsEnd     = 40_000 // byte at which no further fact is begun
	eventReserve = 12_000 // bytes that long values leave to the event
	foldFrame    = 1_400  // bytes of markup around a folded text, and of the end of the page
)

// builder writes the HTML part. Text goes in through text and fold alone, which
// escape it; html is for what this package wrote itself only.
type builder struct{ strings.Builder }

func (b *builder) html(markup ...string) {
	for _, s := range markup {
		b.WriteString(s)
	}
}

// text writes s, with its line breaks.
func (b *builder) text(s string) { b.narrow(s, widestText) }

// narrow is [builder.text] for a place in which at most most characters stand side by
// side.
func (b *builder) narrow(s string, most int) {
	for _, piece := range pieces(s, most) {
		if piece == "\n" {
			piece = "<br />"
		}
		b.WriteString(piece)
	}
}

// page writes the HTML part of a mail.
func page(n *notice.Notice) string {
	b := &builder{}
	name, color := n.Level().String(), n.Level().Color()
	b.html(top, `<title>`, html.EscapeString(notice.Cut(n.Headline(), maxHeading)), `</title>
</head>
<body class="page" bgcolor="#f3f5f7" style="margin:0;padding:0;background:#f3f5f7;-webkit-text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">`)
	b.text(notice.Cut(notice.Line(n.Summary), maxSubject))
	b.html("</div>\n", open,
		`<tr><td height="5" bgcolor="`, color, `" style="height:5px;line-height:5px;font-size:0;background:`, color, `">&#160;</td></tr>
<tr><td class="pad" style="padding:24px 32px 0"><span style="display:inline-block;padding:3px 10px;border-radius:11px;background:`, color,
		`;color:#ffffff;font-size:12px;line-height:16px;font-weight:600">`, name, `</span>`)
	if service := notice.Cut(notice.Line(n.Service), maxService); service != "" {
		b.html(`<span class="dim" style="padding-left:10px;color:`, dim, `;font-size:13px;line-height:22px;`, wrap, `">`)
		b.text(service)
		b.html(`</span>`)
	}
	b.html(`</td></tr>
<tr><td class="pad" style="padding:12px 32px 0"><h1 class="ink" style="margin:0;color:`, ink, `;font-size:20px;line-height:27px;font-weight:600;`, wrap, `">`)
	b.text(notice.Cut(n.Headline(), maxHeading))
	b.html("</h1></td></tr>\n")
	if summary := notice.Cut(notice.Line(n.Summary), maxSummary); summary != "" {
		b.html(`<tr><td class="pad ink" style="padding:8px 32px 0;color:`, ink, `;font-size:15px;line-height:23px;`, wrap, `">`)
		b.text(summary)
		b.html("</td></tr>\n")
	}
	split := firstFacts(n.Facts)
	long, left := b.facts(n.Facts[:split], firstFace)
	b.links(n.Links)
	more, rest := b.facts(n.Facts[split:], detailFace)
	long = append(long, more...)
	if left += rest; left > 0 {
		b.html(`<tr><td class="pad dim" style="padding:9px 32px 0;color:`, dim, `;font-size:13px">`)
		b.text(notice.Count(left, "more fact") + inText)
		b.html("</td></tr>\n")
	}
	b.footer(n)
	for i, f := range long {
		room := maxHTML - eventReserve - b.Len()
		if room < 2*foldFrame {
			b.html(`<tr><td class="pad dim" style="padding:0 32px 16px;color:`, dim, `;font-size:13px">`)
			b.text(notice.Count(len(long)-i, "more long value") + inText)
			b.html("</td></tr>\n")
			break
		}
		b.fold(notice.Cut(notice.Line(f.Label), maxLabel)+", in full", f.Value, inText, room, false)
	}
	if len(n.Event) > 0 {
		b.fold("The event as it came", indent(n.Event), leftOut, maxHTML-b.Len(), n.Kind == notice.KindUnknown)
	}
	b.html(`<tr><td height="12" style="height:12px;line-height:12px;font-size:0">&#160;</td></tr>`, "\n", end)
	return b.String()
}

// links writes a button for each link; the first is the main one.
func (b *builder) links(links []notice.Link) {
	class, style, color := "main", "border:1px solid "+ink+";background:"+ink, "#ffffff"
	begun := false
	for _, l := range links[:min(len(links), maxLinks)] {
		u := safeURL(l.URL)
		if u == "" {
			continue
		}
		if !begun {
			b.html(`<tr><td class="pad" style="padding:20px 32px 0">`, "\n")
		}
		b.html(`<table role="presentation" align="left" cellpadding="0" cellspacing="0" border="0" style="border-collapse:separate"><tr><td style="padding:0 10px 10px 0"><table role="presentation" cellpadding="0" cellspacing="0" border="0" style="border-collapse:separate"><tr><td class="`, class,
			`" style="mso-padding-alt:9px 16px;border-radius:7px;`, style, `"><a href="`, u, `" style="display:inline-block;padding:9px 16px;color:`, color, `;font-size:14px;line-height:20px;font-weight:600;text-decoration:none;`, wrap, `">`)
		b.text(notice.Cut(notice.Line(l.Label), maxLabel))
		b.html("</a></td></tr></table></td></tr></table>\n")
		class, style, color, begun = "more", "border:1px solid #c9d0d8", ink, true
	}
	if begun {
		b.html("</td></tr>\n")
	}
}

// footer says where and when, for those who search for it.
func (b *builder) footer(n *notice.Notice) {
	account := notice.Cut(notice.Line(n.Where()), maxLabel)
	if account != "" {
		account = "account " + account
	}
	s := notice.Dotted(notice.Stamp(n.Time), notice.Cut(notice.Line(n.Region), maxLabel), account)
	if id := notice.Cut(notice.Line(n.ID), maxLabel); id != "" {
		s += "\nEvent " + id
	}
	b.html(`<tr><td class="pad" style="padding:20px 32px 16px"><div class="dim rule" style="padding-top:14px;border-top:1px solid `, rule, `;color:`, dim, `;font-size:12px;line-height:19px;`, wrap, `">`)
	b.text(strings.TrimPrefix(s+"\nSent by extraeye", "\n"))
	b.html("</div></td></tr>\n")
}

// safeURL returns u escaped for an attribute, or "" if it is not the plain
// address of a web page.
func safeURL(u string) string {
	escaped := html.EscapeString(notice.EncodeURL(u))
	if len(escaped) > maxURL {
		return ""
	}
	return escaped
}
