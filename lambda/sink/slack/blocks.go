package slack

import (
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

// What Slack accepts, in characters unless said otherwise.
const (
	// https://docs.slack.dev/reference/block-kit/blocks
	maxBlocks = 50 // blocks of a message
	// https://docs.slack.dev/reference/block-kit/blocks/header-block
	maxHeader = 150
	// https://docs.slack.dev/reference/block-kit/blocks/section-block
	maxFields = 10 // texts
	// https://docs.slack.dev/reference/block-kit/block-elements/button-element
	maxButton = 75
	// maxMessage bounds all blocks together. Slack does not document that it refuses
	// about 12,000 characters of text "with a buffer for block containers" as
	// msg_blocks_too_long.
	//
	// https://github.com/slackapi/bolt-js/issues/2509
	// https://github.com/slackapi/bolt-js/issues/2867
	maxMessage = 11_500
	// blockCost is what one more block was found to take of it, beside its text.
	blockCost = 125
)

// What one message says at most: less than Slack accepts, because a chat is read in
// passing.
const (
	maxFallback = 300
	maxSummary  = 1_000
	maxLabel    = 75
	maxShort    = 150   // a value in a column; a longer one gets a block of its own
	maxLong     = 1_200 // a section may have 3,000
	maxCode     = 2_500 // a section may have 3,000
	maxURL      = 1_500 // a button may have 3,000, a field 2,000
	maxURLs     = 3_000 // of all buttons
	maxButtons  = 8     // a block may have 25
	maxOrigin   = 100
)

// builder makes blocks and knows what they leave out.
type builder struct {
	room int  // what is left of maxMessage
	left int  // facts that are not shown
	cut  bool // a text or a link is
}

// fit escapes s in at most limit characters.
func (b *builder) fit(s string, limit int) string {
	s, whole := escape(s, limit)
	b.cut = b.cut || !whole
	return s
}

// cost is what blocks take of the room.
func cost(blocks ...block) int {
	n := 0
	for _, x := range blocks {
		n += blockCost + notice.Units(string(notice.JSON(x)))
	}
	return n
}

// facts writes facts in their order, in at most limit blocks: short values in two
// columns, longer ones below their label. Where there is no room for all, the last
// ones are left out.
func (b *builder) facts(facts []notice.Fact, limit int) []block {
	var blocks []block
	for i, f := range facts {
		more := b.fact(f)
		if b.room -= cost(more...); b.room < 0 || len(blocks)+len(more) > limit {
			b.left = len(facts) - i
			break
		}
		if columns := more[0].Fields; len(columns) > 0 && len(blocks) > 0 && blocks[len(blocks)-1].hasRoom() {
			last := &blocks[len(blocks)-1]
			last.Fields = append(last.Fields, columns...)
			b.room += blockCost
		} else {
			blocks = append(blocks, more...)
		}
	}
	return blocks
}

// hasRoom reports whether a block has columns, and room for two more texts in them.
func (b block) hasRoom() bool { return len(b.Fields) > 0 && len(b.Fields) < maxFields }

// fact writes a fact: in two columns if its value is short.
func (b *builder) fact(f notice.Fact) []block {
	value, label := notice.Block(f.Value), b.label(f)
	switch {
	case !strings.Contains(value, "\n") && notice.Units(value) <= maxShort:
		return []block{{Type: "section", Fields: []text{label, *plain(b.fit(value, 2*maxShort))}}}
	case f.IsCode():
		return []block{{Type: "section", Text: &label}, {Type: "section", Text: code(b.fit(unfenced(value), maxCode))}}
	default:
		return []block{{Type: "section", Text: &label}, {Type: "section", Text: plain(b.fit(value, maxLong))}}
	}
}

// label is a fact's label, and the link to more about the fact.
func (b *builder) label(f notice.Fact) text {
	s := notice.OrDash(b.fit(unformatted(notice.Line(f.Label)), maxLabel))
	if u := webURL(f.URL); u != "" {
		s = link(u, s)
	}
	return text{Type: "mrkdwn", Text: "*" + s + "*"}
}

// links writes a button for each link.
func (b *builder) links(links []notice.Link) []block {
	var buttons []any
	room := maxURLs
	for _, l := range links {
		u := webURL(l.URL)
		if u == "" {
			continue
		}
		if room -= notice.Units(u); room < 0 || len(buttons) == maxButtons {
			b.cut = true
			break
		}
		buttons = append(buttons, button{"button", *plain(b.fit(notice.Line(l.Label), maxButton)), u})
	}
	if len(buttons) == 0 {
		return nil
	}
	return []block{{Type: "actions", Elements: buttons}}
}

// note says that something is left out, and where the whole is: behind the first link.
func (b *builder) note(links []notice.Link) block {
	s := "Shortened"
	if b.left > 0 {
		s = notice.Count(b.left, "more fact") + " not shown"
	}
	for _, l := range links {
		if u := webURL(l.URL); u != "" {
			s += "; the whole: " + link(u, notice.OrDash(b.fit(unformatted(notice.Line(l.Label)), maxLabel)))
			break
		}
	}
	return block{Type: "context", Elements: []any{text{Type: "mrkdwn", Text: s}}}
}

// origin says where and when.
func (b *builder) origin(n *notice.Notice) []block {
	fit := func(s string) string { return b.fit(notice.Line(s), maxOrigin) }
	known := notice.Dotted(fit(n.Service), fit(n.Where()), fit(n.Region), notice.Stamp(n.Time), fit(n.ID))
	if known == "" {
		return nil
	}
	return []block{{Type: "context", Elements: []any{*plain(known)}}}
}
