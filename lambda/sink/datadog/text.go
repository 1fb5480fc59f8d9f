package datadog

import (
	"cmp"
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

// maxValue bounds a value, in characters, so that a text has room for several.
const maxValue = 1500

// text is the summary, the facts and the links, as far as there is room. Long values
// are cut first, and there is always room for a link to the whole. A text is
// required: without any of these it is the title once more.
func text(n *notice.Notice, before string) string {
	body := cmp.Or(strings.TrimSpace(before+n.Lines(maxValue)), n.Headline())
	return notice.CutBefore(plain(body), notice.LinkLines(n.Links, plain), maxText)
}

// plain removes from a text what Datadog would act on: "%%%" begins Markdown, and "@"
// at the beginning of a word mentions somebody.
//
// https://docs.datadoghq.com/api/latest/events/post-an-event
// https://docs.datadoghq.com/monitors/notify/#notifications
func plain(s string) string {
	s = strings.ReplaceAll(s, "%%%", "% % %")
	last := ' '
	return strings.Map(func(r rune) rune {
		begins := !notice.IsWord(last)
		if last = r; r == '@' && begins {
			return '＠'
		}
		return r
	}, s)
}
