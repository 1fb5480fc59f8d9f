package amazonq

import (
	"cmp"
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

// description is the summary, the facts in their order, and where it comes from, without
// the URLs that are shown elsewhere. It is required: without any of these it is the title
// once more.
func description(n *notice.Notice, shown map[string]bool) string {
	summary := lines(n.Summary, maxSummary)
	facts := n.AllFacts()
	origin := origin(n)
	room := maxDescription - notice.Units(summary) - notice.Units(origin) - len("\n  \n… 1000000000 more facts not shown\n\n")
	var b strings.Builder
	b.WriteString(summary + "\n")
	between := "\n"
	for i, f := range facts {
		line := between + fact(f, shown)
		if room -= notice.Units(line); room < 0 {
			b.WriteString(between + "… " + notice.Count(len(facts)-i, "more fact") + " not shown")
			break
		}
		b.WriteString(line)
		between = lineBreak
	}
	return cmp.Or(strings.Trim(b.String()+"\n\n"+origin, "\n"), literal(n.Headline(), maxTitle))
}

// lineBreak ends a line in the Markdown of Slack and in that of Teams, which takes a
// line break without two spaces before it for a space.
//
// https://spec.commonmark.org/0.31.2/#hard-line-breaks
const lineBreak = "  \n"

// lines is [literal] for text of several lines.
func lines(s string, limit int) string {
	return strings.ReplaceAll(literal(notice.Block(s), limit), "\n", lineBreak)
}

// fact writes a fact, and where to find more about it, unless that is shown already. One
// asterisk makes bold in Slack and italics in Teams.
func fact(f notice.Fact, shown map[string]bool) string {
	value, between := lines(f.Value, maxValue), " "
	if strings.Contains(value, lineBreak) {
		between = lineBreak // lines begin below each other
	}
	s := "*" + literal(notice.Line(f.Label), maxLabel) + ":*" + between + value
	if u := webURL(f.URL); u != "" && !shown[u] {
		shown[u] = true
		s += " " + u
	}
	return s
}

// steps are the links as what to do next, and their URLs.
func steps(links []notice.Link) (steps []string, shown map[string]bool) {
	shown = map[string]bool{}
	for _, l := range links {
		if u := webURL(l.URL); u != "" && !shown[u] && len(steps) < maxSteps {
			shown[u] = true
			steps = append(steps, cmp.Or(literal(notice.Line(l.Label), maxLabel), "Link")+": "+u)
		}
	}
	return steps, shown
}

// origin says where and when.
func origin(n *notice.Notice) string {
	fit := func(s string) string { return literal(notice.Line(s), maxLabel) }
	return notice.Dotted(fit(n.Service), fit(n.Where()), fit(n.Region), notice.Stamp(n.Time))
}

// literal writes s in at most limit characters, so that it has no markup in the
// Markdown of Slack or of Teams; which of them reads it is not known here, and what
// one takes for an escape the other shows. So characters that format are replaced
// by ones that look the same.
//
// https://docs.slack.dev/messaging/formatting-message-text
// https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features
func literal(s string, limit int) string {
	text, _ := notice.CutPieces(func(yield func(string) bool) {
		runes := []rune("\n" + s + "\n") // the ends are like those of lines
		for i := 1; i < len(runes)-1; i++ {
			if !yield(piece(runes[i-1], runes[i], runes[i+1])) {
				return
			}
		}
	}, limit)
	return text
}

// harmless are the replacements of the characters that format wherever they are.
var harmless = map[rune]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '*': "∗", '~': "∼", '`': "ˋ"}

// piece writes the character r between the ones before and after it.
func piece(before, r, after rune) string {
	switch {
	case r == ']' && strings.ContainsRune("([:", after): // would end the label of a link
		return "⁆"
	case r == '{' && before == '{': // would begin a date
		return " {"
	case r == '_' && !(notice.IsWord(before) && notice.IsWord(after)):
		return "＿"
	}
	return cmp.Or(harmless[r], notice.Char(r))
}

// webURL returns u as a link that ends where it should, or "" if it is not the address
// of a web page or is too long.
func webURL(u string) string {
	u = strings.ReplaceAll(notice.EncodeURL(u), "*", "%2A")
	if notice.Units(u) > maxURL {
		return ""
	}
	return u
}
