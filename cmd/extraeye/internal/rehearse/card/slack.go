package card

import (
	"encoding/json"
	"html/template"
	"regexp"
)

// Slack draws a message of Slack's API or of an incoming webhook.
func Slack(body []byte) template.HTML {
	var m slackMessage
	read(body, &m)
	return execute("slack", m)
}

// slackMessage is a message as Slack's API takes it.
//
// https://docs.slack.dev/reference/block-kit/blocks
type slackMessage struct {
	Channel     string
	Text        string
	Blocks      []slackBlock
	Attachments []slackAttachment
}

type slackAttachment struct {
	Color    slackColor
	Blocks   []slackBlock
	Fallback string
	Text     string
}

// slackBlock is a block with the fields of the known types. Raw is all of it.
type slackBlock struct {
	Type      string
	Text      slackText
	Fields    []slackText
	Elements  []slackElement
	Accessory *slackElement
	Raw       json.RawMessage
}

type slackElement struct {
	Type  string
	Text  slackText
	URL   string
	Style string
	Alt   string `json:"alt_text"`
	Emoji *bool
}

// HTML is the text of an element of a context, which is a text object itself, or the
// alternative text of a picture.
func (e slackElement) HTML() template.HTML {
	if e.Text.Text == "" {
		return slackPlain(e.Alt, false)
	}
	return slackText{e.Type, e.Text.Text, e.Emoji}.HTML()
}

// slackText is a text object, or only a text. With Emoji false, ":fire:" stays text.
type slackText struct {
	Type  string
	Text  string
	Emoji *bool
}

func (t *slackText) UnmarshalJSON(raw []byte) error {
	type object slackText
	read(raw, (*object)(t))
	read(raw, &t.Text)
	return nil
}

// HTML is the text as it looks.
func (t slackText) HTML() template.HTML {
	if t.Type != "plain_text" {
		return Mrkdwn(t.Text)
	}
	return slackPlain(t.Text, t.Emoji == nil || *t.Emoji)
}

func (b *slackBlock) UnmarshalJSON(raw []byte) error {
	type object slackBlock
	read(raw, (*object)(b))
	b.Raw = append(json.RawMessage(nil), raw...)
	return nil
}

// slackColor is the color of an attachment's bar, safe for a style.
type slackColor string

var hexColor = regexp.MustCompile(`^#?([0-9a-fA-F]{6})$`)

// CSS returns the color; Slack's own names stand for three of them.
//
// https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments
func (c slackColor) CSS() string {
	switch c {
	case "good":
		return "#2eb886"
	case "warning":
		return "#daa038"
	case "danger":
		return "#a30200"
	}
	if m := hexColor.FindStringSubmatch(string(c)); m != nil {
		return "#" + m[1]
	}
	return "#dddddd"
}
