package datadog

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
)

// maxValue, maxURL and maxLinks bound the parts of a text, so that it has room for
// every sort of thing.
const (
	maxValue = 1500
	maxURL   = 800
	maxLinks = 1300
)

// text is the summary, the facts and the links, as far as there is room. Long values
// are cut first, and there is always room for a link to the whole. A text is
// required: what has none tells its title again.
func text(n *notice.Notice, before string) string {
	var b strings.Builder
	b.WriteString(before + notice.Block(n.Summary))
	for _, f := range n.Told() {
		b.WriteString("\n" + f.Plain(maxValue))
	}
	tail := links(n)
	return notice.Cut(plain(cmp.Or(strings.TrimSpace(b.String()), n.Headline())), maxText-utf8.RuneCountInString(tail)) + tail
}

func links(n *notice.Notice) string {
	var b strings.Builder
	for _, l := range n.Links {
		line := "\n" + notice.Cut(plain(notice.Line(l.Label)), 100) + ": " + l.URL
		if notice.IsWeb(l.URL) && len(l.URL) <= maxURL && b.Len()+len(line) <= maxLinks {
			b.WriteString(line)
		}
	}
	return b.String()
}

// plain takes from a text what Datadog would act on: "%%%" begins Markdown, and "@"
// at the beginning of a word mentions somebody.
//
// https://docs.datadoghq.com/api/latest/events/post-an-event
// https://docs.datadoghq.com/monitors/notify/#notifications
func plain(s string) string {
	s = strings.ReplaceAll(s, "%%%", "% % %")
	last := ' '
	return strings.Map(func(r rune) rune {
		begins := !unicode.IsLetter(last) && !unicode.IsDigit(last)
		if last = r; r == '@' && begins {
			return '＠'
		}
		return r
	}, s)
}
