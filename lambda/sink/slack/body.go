package slack

import (
	"cmp"
	"slices"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// message is the body of chat.postMessage and of an incoming webhook. Title,
// mention and summary are blocks of their own, which Slack always shows; the rest
// is in an attachment, for the bar of color at its side.
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

	// What follows is for messages by token only.
	Metadata       *metadata `json:"metadata,omitempty"`
	ThreadTS       string    `json:"thread_ts,omitempty"`
	ReplyBroadcast bool      `json:"reply_broadcast,omitempty"`
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
// addresses in it are not links.
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

// newMessage is the message for a notice. Nothing that a notice may contain
// can mention anybody, format anything or make it longer than Slack accepts.
func newMessage(n *notice.Notice, cfg wire.Slack) *message {
	b := &builder{room: maxMessage}
	m := &message{Text: b.fit(n.Headline(), maxFallback)}
	if cfg.Webhook == nil { // which has its own
		m.Channel, m.Metadata = cfg.Channel, newMetadata(n)
	}
	emoji := emojis[n.Level()]
	m.Blocks = append(m.Blocks, block{Type: "header", Text: colons(emoji + " " + b.fit(n.Headline(), maxHeader-len(emoji)-1))})
	if mentions(n, cfg) {
		m.Blocks = append(m.Blocks, block{Type: "section", Text: &text{Type: "mrkdwn", Text: cfg.Mention}})
	}
	if summary := b.fit(notice.Block(n.Summary), maxSummary); summary != "" {
		m.Blocks = append(m.Blocks, block{Type: "section", Text: plain(summary)})
	}
	tail := append(b.links(n.Links), b.origin(n)...)
	b.room -= cost(m.Blocks...) + cost(tail...) + cost(b.note(n.Links))

	rest := b.facts(n.AllFacts(), maxBlocks-len(m.Blocks)-len(tail)-1)
	if b.left > 0 || b.cut {
		rest = append(rest, b.note(n.Links))
	}
	if rest = append(rest, tail...); len(rest) > 0 {
		m.Attachments = []attachment{{n.Level().Color(), rest}}
	}
	return m
}

// emojis begin the headers.
var emojis = [notice.Levels]string{
	notice.LevelInfo:     ":information_source:",
	notice.LevelOK:       ":white_check_mark:",
	notice.LevelWarning:  ":warning:",
	notice.LevelError:    ":red_circle:",
	notice.LevelCritical: ":rotating_light:",
}

// mentions reports whether a notice is bad enough to call somebody.
func mentions(n *notice.Notice, cfg wire.Slack) bool {
	from := slices.Index(wire.AllSeverities(), cmp.Or(cfg.MentionFrom, wire.SeverityError))
	return cfg.Mention != "" && from >= 0 && slices.Index(wire.AllSeverities(), n.Severity) >= from
}
