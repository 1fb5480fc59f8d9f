package amazonq

import (
	"cmp"
	"strings"
	"unicode"

	"github.com/extraeye/extraeye/lambda/notice"
)

// description is the summary, the facts in their order, and where it comes from. It
// is required: what has none of these tells its title again.
func description(n *notice.Notice) string {
	summary := literal(notice.Block(n.Summary), maxSummary)
	facts := n.Told()
	origin := origin(n)
	room := maxDescription - notice.Units(summary) - notice.Units(origin) - len("\n\n… 1000000000 more facts not shown\n\n")
	var b strings.Builder
	b.WriteString(summary + "\n")
	for i, f := range facts {
		line := "\n" + fact(f)
		if room -= notice.Units(line); room < 0 {
			b.WriteString("\n… " + notice.Count(len(facts)-i, "more fact") + " not shown")
			break
		}
		b.WriteString(line)
	}
	return cmp.Or(strings.Trim(b.String()+"\n\n"+origin, "\n"), literal(n.Headline(), maxTitle))
}

// fact writes a fact, and where to find more about it. One asterisk makes bold in
// Slack and italics in Teams.
func fact(f notice.Fact) string {
	value := literal(notice.Block(f.Value), maxValue)
	between := " "
	if strings.Contains(value, "\n") {
		between = "\n" // lines begin below each other
	}
	s := "*" + literal(notice.Line(f.Label), maxLabel) + ":*" + between + value
	if u := webURL(f.URL); u != "" {
		s += " " + u
	}
	return s
}

// steps are links, told as what to do next.
func steps(links []notice.Link) []string {
	var out []string
	for _, l := range links {
		if u := webURL(l.URL); u != "" && len(out) < maxSteps {
			out = append(out, cmp.Or(literal(notice.Line(l.Label), maxLabel), "Link")+": "+u)
		}
	}
	return out
}

// origin says where and when.
func origin(n *notice.Notice) string {
	var known []string
	parts := []string{n.Service, n.Where(), n.Region}
	if !n.Time.IsZero() {
		parts = append(parts, n.Time.UTC().Format("2006-01-02 15:04:05 UTC"))
	}
	for _, part := range parts {
		if part = literal(notice.Line(part), maxLabel); part != "" {
			known = append(known, part)
		}
	}
	return strings.Join(known, " · ")
}

// literal writes s in at most max characters, so that it has no markup in the
// Markdown of Slack or of Teams; which of them reads it is not known here, and what
// one takes for an escape the other shows. So characters that format give way to
// ones that look the same, except for underscores within words, which format
// nothing.
//
// https://docs.slack.dev/messaging/formatting-message-text
// https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features
func literal(s string, max int) string {
	var b strings.Builder
	used, head := 0, 0 // head ends where an ellipsis still fits
	runes := []rune(s)
	for i, r := range runes {
		piece := string(r)
		switch r {
		case '&':
			piece = "&amp;"
		case '<':
			piece = "&lt;"
		case '>':
			piece = "&gt;"
		case '*':
			piece = "∗"
		case '~':
			piece = "∼"
		case '`':
			piece = "ˋ"
		case ']': // ends the label of a link
			if i+1 < len(runes) && strings.ContainsRune("([:", runes[i+1]) {
				piece = "⁆"
			}
		case '{': // begins a date
			if i > 0 && runes[i-1] == '{' {
				piece = " {"
			}
		case '_':
			if i == 0 || i == len(runes)-1 || !word(runes[i-1]) || !word(runes[i+1]) {
				piece = "＿"
			}
		}
		if used += notice.Units(piece); used > max {
			return strings.TrimRight(b.String()[:head], " \n") + "…"
		}
		b.WriteString(piece)
		if used < max {
			head = b.Len()
		}
	}
	return b.String()
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// webURL returns u, or "" if it is not the address of a web page or is too long.
// What no URL may have is encoded: some of it would end the URL.
//
// https://www.rfc-editor.org/rfc/rfc3986#section-2
func webURL(u string) string {
	if !notice.IsWeb(u) {
		return ""
	}
	u = strings.NewReplacer(" ", "%20", `"`, "%22", "<", "%3C", ">", "%3E", "|", "%7C", `\`, "%5C", "^", "%5E", "`", "%60", "*", "%2A").Replace(u)
	if notice.Units(u) > maxURL {
		return ""
	}
	return u
}
