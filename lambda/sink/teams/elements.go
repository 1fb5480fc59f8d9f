package teams

import (
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	// maxCard bounds a card as [cost] counts it, in bytes. Teams accepts 28 KB, of the
	// message as it keeps it: it kept one of 24,453 bytes as 28,897. Elaborate cards
	// were refused from 18,000 bytes on.
	//
	// https://learn.microsoft.com/microsoftteams/limits-specifications-teams
	// https://github.com/MicrosoftDocs/msteams-docs/issues/11274
	// https://stackoverflow.com/questions/58474127
	maxCard = 20_000
	// maxActions is how many buttons a card shows.
	//
	// https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
	maxActions = 6
)

// What one card says at most, in characters: less than Teams accepts, because a
// channel is read in passing.
const (
	maxTitle   = 300
	maxSummary = 1_000
	maxLabel   = 80
	maxShort   = 150 // a value in the table; a longer one gets a block of its own
	maxLong    = 1_200
	maxCode    = 2_500
	maxOrigin  = 100
	maxURL     = 1_500
	maxURLs    = 3_000 // of all buttons
)

// builder makes the elements of a card and knows what they leave out.
type builder struct {
	room int  // what is left of maxCard
	left int  // facts that are not shown
	cut  bool // a text or a link is
}

// fit makes Markdown of s, which is cut to limit characters before.
func (b *builder) fit(s string, limit int) string {
	head := notice.Cut(s, limit)
	b.cut = b.cut || head != s
	return literal(head)
}

// cost is what v takes in a message as Teams keeps it: JSON inside of a string of
// JSON, and at worst in ASCII.
func cost(v any) int {
	n := 0
	for _, r := range string(notice.JSON(v)) {
		switch {
		case r == '"', r == '\\':
			n += 2
		case r > 0xFFFF:
			n += len(`\uD83D\uDE00`)
		case r > 0x7F:
			n += len(`\u00FC`)
		default:
			n++
		}
	}
	return n
}

func block(text string) element { return element{Type: "TextBlock", Text: text, Wrap: true} }

func small(text string) element {
	e := block(text)
	e.Size, e.Subtle = "Small", true
	return e
}

// head says what happened and how bad it is.
func (b *builder) head(n *notice.Notice) element {
	level := notice.Dotted(n.Level().String(), b.fit(notice.Line(n.Service), maxLabel))
	heading := block(b.fit(n.Headline(), maxTitle))
	heading.Size, heading.Weight, heading.Spacing = "Medium", "Bolder", "None"
	items := []element{small(level), heading}
	if summary := b.fit(notice.Line(n.Summary), maxSummary); summary != "" {
		items = append(items, block(summary))
	}
	return element{Type: "Container", Style: styles[n.Level()], Bleed: true, Items: items}
}

// facts writes facts in their order: short values in tables, longer ones below
// their label. Where there is no room for all, the last ones are left out.
func (b *builder) facts(facts []notice.Fact) []element {
	var out []element
	for i, f := range facts {
		value, label := notice.OrDash(notice.Block(f.Value)), b.fit(notice.OrDash(notice.Line(f.Label)), maxLabel)
		short := !strings.Contains(value, "\n") && notice.Cut(value, maxShort) == value
		var more []element
		if short {
			more = []element{{Type: "FactSet", Facts: []fact{{label, link(f.URL, b.fit(value, maxShort))}}}}
		} else {
			heading, text := block(link(f.URL, label)), element{}
			if f.IsCode() {
				text = block(b.fit(value, maxCode))
				text.FontType = "Monospace"
			} else {
				text = block(b.fit(value, maxLong))
			}
			heading.Weight, text.Spacing = "Bolder", "None"
			more = []element{heading, text}
		}
		if b.room -= cost(more); b.room < 0 {
			b.left = len(facts) - i
			break
		}
		if last := len(out) - 1; short && last >= 0 && out[last].Type == "FactSet" {
			out[last].Facts = append(out[last].Facts, more[0].Facts...)
		} else {
			out = append(out, more...)
		}
	}
	return out
}

// links makes a button of each link. Their titles are not Markdown.
func (b *builder) links(links []notice.Link) []action {
	var actions []action
	room := maxURLs
	for _, l := range links {
		u := webURL(l.URL)
		if u == "" {
			continue
		}
		if room -= len(u); room < 0 || len(actions) == maxActions {
			b.cut = true
			break
		}
		actions = append(actions, action{"Action.OpenUrl", notice.Cut(notice.OrDash(notice.Line(l.Label)), maxLabel), u})
	}
	return actions
}

// note says that something is left out, and where the whole is: behind the first link.
func (b *builder) note(left int, links []notice.Link) element {
	s := "Shortened"
	if left > 0 {
		s = notice.Count(left, "more fact") + " not shown"
	}
	for _, l := range links {
		if webURL(l.URL) != "" {
			s += "; the whole: " + link(l.URL, b.fit(notice.OrDash(notice.Line(l.Label)), maxLabel))
			break
		}
	}
	return small(s)
}

// origin says where and when.
func (b *builder) origin(n *notice.Notice) element {
	fit := func(s string) string { return b.fit(notice.Line(s), maxOrigin) }
	return small(notice.Dotted(fit(n.Where()), fit(n.Region), fit(notice.Stamp(n.Time)), fit(n.ID)))
}
