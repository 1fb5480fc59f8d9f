package slack

import (
	"cmp"
	"slices"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// message is the body of chat.postMessage and of an incoming webhook. Title,
// mention and summary are blocks of their own, which Slack always shows; the rest
// is in an attachment, for the bar of colour at its side.
//
// https://docs.slack.dev/messaging/formatting-message-text
// https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments
type message struct {
	Channel     string       `json:"channel,omitempty"`
	Text        string       `json:"text"` // for lock screens and screen readers
	Blocks      []block      `json:"blocks"`
	Attachments []attachment `json:"attachments,omitempty"`
	UnfurlLinks bool         `json:"unfurl_links"`
	UnfurlMedia bool         `json:"unfurl_media"`
}

type attachment struct {
	Color  string  `json:"color"`
	Blocks []block `json:"blocks"`
}

// block is a header, section, context or actions block.
//
// https://docs.slack.dev/reference/block-kit/blocks
type block struct {
	Type     string `json:"type"`
	Text     *text  `json:"text,omitempty"`
	Fields   []text `json:"fields,omitempty"`
	Elements []any  `json:"elements,omitempty"` // of text or button
}

// text is mrkdwn or plain_text. Only the latter has Emoji, which says whether
// ":fire:" is a picture, and only the former Verbatim, which says that names and
// addresses in it are no links.
//
// https://docs.slack.dev/reference/block-kit/composition-objects/text-object
type text struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Emoji *bool  `json:"emoji,omitempty"`

	Verbatim bool `json:"verbatim,omitempty"`
}

// button opens a URL.
//
// https://docs.slack.dev/reference/block-kit/block-elements/button-element
type button struct {
	Type string `json:"type"`
	Text text   `json:"text"`
	URL  string `json:"url"`
}

// Body writes the message that tells a notice. Nothing in a notice, however odd,
// can mention anybody, format anything or make it longer than Slack takes.
func Body(n *notice.Notice, cfg wire.Slack) []byte {
	b := &builder{room: maxMessage}
	m := message{Text: b.fit(n.Headline(), maxFallback)}
	if cfg.Webhook == nil {
		m.Channel = cfg.Channel // a webhook has its own
	}
	emoji, color := look(n)
	m.Blocks = append(m.Blocks, block{Type: "header", Text: colons(emoji + " " + b.fit(n.Headline(), maxHeader-len(emoji)-1))})
	if mentions(n, cfg) {
		m.Blocks = append(m.Blocks, block{Type: "section", Text: &text{Type: "mrkdwn", Text: cfg.Mention}})
	}
	if summary := b.fit(notice.Block(n.Summary), maxSummary); summary != "" {
		m.Blocks = append(m.Blocks, block{Type: "section", Text: plain(summary)})
	}
	tail := append(b.links(n.Links), b.origin(n)...)
	b.room -= cost(m.Blocks...) + cost(tail...) + cost(b.note(n.Links))

	rest := b.facts(n.Told(), maxBlocks-len(m.Blocks)-len(tail)-1)
	if b.left > 0 || b.cut {
		rest = append(rest, b.note(n.Links))
	}
	if rest = append(rest, tail...); len(rest) > 0 {
		m.Attachments = []attachment{{color, rest}}
	}
	return notice.JSON(m)
}

// look returns the emoji and the colour of a notice.
func look(n *notice.Notice) (emoji, color string) {
	switch {
	case n.Severity == notice.Critical:
		return ":rotating_light:", "#7f1414"
	case n.Severity == notice.Error:
		return ":red_circle:", "#cf222e"
	case n.Severity == notice.Warning:
		return ":warning:", "#b45309"
	case n.Status == notice.Resolved:
		return ":white_check_mark:", "#1a7f37"
	default:
		return ":information_source:", "#0969da"
	}
}

// mentions reports whether a notice is bad enough to call somebody.
func mentions(n *notice.Notice, cfg wire.Slack) bool {
	from := slices.Index(wire.Severities, cmp.Or(cfg.MentionFrom, wire.Error))
	return cfg.Mention != "" && from >= 0 && slices.Index(wire.Severities, n.Severity) >= from
}
