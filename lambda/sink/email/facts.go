package email

import (
	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	// maxFirst is how many facts come before the buttons. The others are details, which
	// come after them in smaller type.
	maxFirst   = 8
	minDetails = 3 // fewer are not worth a place of their own
)

// firstFacts is how many facts come before the buttons: some, and all up to the last
// that a person on call needs most.
func firstFacts(facts []notice.Fact) int {
	n := min(len(facts), maxFirst)
	for i, f := range facts {
		if f.IsNeeded() {
			n = max(n, i+1)
		}
	}
	if len(facts)-n < minDetails {
		return len(facts)
	}
	return n
}

// face is what facts are set in: the type, and the space above and below each.
type face struct{ text, space string }

var (
	firstFace  = face{"font-size:14px;line-height:21px", "9px"}
	detailFace = face{"font-size:13px;line-height:19px", "5px"}
)

// facts writes a table of facts, which code interrupts. It returns those whose values
// are too long for it, with their whole values, and how many found no room at all.
func (b *builder) facts(facts []notice.Fact, f face) (long []notice.Fact, left int) {
	above, open := "20px", false
	cell := func() { b.html(`<tr><td class="pad" style="padding:`, above, ` 32px 0">`); above = "0" }
	end := func() { b.html("</table></td></tr>\n") }
	for i, fact := range facts {
		if b.Len() > factsEnd {
			left = len(facts) - i
			break
		}
		value, code := notice.Block(fact.Value), fact.IsCode()
		if !code && !open {
			cell()
			b.html(`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed;`, f.text, `">`, "\n")
		} else if code && open {
			end()
		}
		open = !code
		var more int
		if code {
			cell()
			more = b.code(fact, value, f)
		} else {
			more = b.row(fact, value, f)
		}
		if more > 0 {
			long = append(long, notice.Fact{Label: fact.Label, Value: value})
		}
	}
	if open {
		end()
	}
	return long, left
}

// row writes a fact as a row of the table, and returns how much of it is left out.
func (b *builder) row(fact notice.Fact, value string, f face) (more int) {
	head, more := first(value, maxValue, maxLines)
	b.html(`<tr><td class="label dim" width="116" valign="top" style="width:116px;padding:`, f.space, ` 14px `, f.space, ` 0;border-top:1px solid `, rule, `;color:`, dim, `;`, wrap, `">`)
	b.narrow(notice.Cut(notice.Line(fact.Label), maxLabel), widestLabel)
	b.html(`</td><td class="value ink" valign="top" style="padding:`, f.space, ` 0;border-top:1px solid `, rule, `;color:`, ink, `;white-space:pre-wrap;`, wrap, `">`)
	b.linked(head, fact.URL)
	b.more(more)
	b.html("</td></tr>\n")
	return more
}

// code writes a fact as lines below its label, and returns how much of it is left out.
func (b *builder) code(fact notice.Fact, value string, f face) (more int) {
	head, more := first(value, maxCode, maxCodeLines)
	b.html(`<div class="dim rule" style="padding:`, f.space, ` 0;border-top:1px solid `, rule, `;color:`, dim, `;`, f.text, `;`, wrap, `">`)
	b.linked(notice.Cut(notice.Line(fact.Label), maxLabel), fact.URL)
	b.html(`<pre class="code" style="margin:6px 0 3px;`, pre, `">`)
	b.narrow(head, widestCode)
	b.more(more)
	b.html("</pre></div></td></tr>\n")
	return more
}

// linked writes a text, as a link if there is one.
func (b *builder) linked(s, url string) {
	if url = safeURL(url); url == "" {
		b.text(s)
		return
	}
	b.html(`<a class="link" href="`, url, `" style="color:#0959c4">`)
	b.text(s)
	b.html(`</a>`)
}

// more says how much of a value is left out.
func (b *builder) more(chars int) {
	if chars > 0 {
		b.html(`<span class="dim" style="color:`, dim, `">`)
		b.text("…\n" + notice.Count(chars, "more character") + " below")
		b.html(`</span>`)
	}
}
