package slack

import (
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

// plain is text that Slack shows as it is.
func plain(escaped string) *text {
	return &text{Type: "plain_text", Text: notice.OrDash(escaped), Emoji: new(bool)}
}

// colons is [plain] with ":fire:" as a picture.
func colons(escaped string) *text {
	t := plain(escaped)
	*t.Emoji = true
	return t
}

// code is text of lines as a program wrote them. It is unfenced and escaped.
func code(escaped string) *text {
	return &text{Type: "mrkdwn", Text: "```\n" + notice.OrDash(escaped) + "\n```", Verbatim: true}
}

// unfenced replaces the character that ends code by one that looks the same.
func unfenced(s string) string { return strings.ReplaceAll(s, "`", "ˋ") }

// unformatted replaces the characters that format mrkdwn, which has no escape for them,
// by ones that look the same.
//
// https://docs.slack.dev/messaging/formatting-message-text
func unformatted(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '*':
			return '∗'
		case '_':
			return '＿'
		case '~':
			return '∼'
		case '`':
			return 'ˋ'
		case '|': // ends the URL of a link
			return '¦'
		}
		return r
	}, s)
}

// entity writes a character. Three have a meaning in every text of Slack's.
//
// https://docs.slack.dev/messaging/formatting-message-text
func entity(r rune) string {
	switch r {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	}
	return notice.Char(r)
}

// escape escapes the beginning of s, as much as fits into limit characters with an
// ellipsis if there is more, and reports whether that is the whole.
func escape(s string, limit int) (escaped string, whole bool) {
	return notice.CutPieces(func(yield func(string) bool) {
		for _, r := range s {
			if !yield(entity(r)) {
				return
			}
		}
	}, limit)
}

// link is a link in mrkdwn. Its label is escaped and unformatted already.
func link(u, label string) string {
	return "<" + strings.ReplaceAll(u, "&", "&amp;") + "|" + label + ">"
}

// webURL returns u as a link that ends where it should, or "" if it is not the address
// of a web page or is too long.
func webURL(u string) string {
	if u = notice.EncodeURL(u); notice.Units(u) > maxURL {
		return ""
	}
	return u
}
