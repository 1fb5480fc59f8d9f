package card

import (
	"html/template"
	"strings"
)

// slackDialect is Slack's mrkdwn.
//
// https://docs.slack.dev/messaging/formatting-message-text
var slackDialect = dialect{
	marks: []mark{{"`", "code"}, {"*", "b"}, {"_", "i"}, {"~", "s"}},
	token: slackToken,
	plain: func(s string) string { return template.HTMLEscapeString(unescapeSlack(s)) },
}

// Mrkdwn writes Slack's markup as HTML: text between ``` as it is, the rest line by
// line.
func Mrkdwn(s string) template.HTML {
	var b strings.Builder
	parts := strings.Split(s, "```")
	if len(parts)%2 == 0 { // the last one has no end
		last := len(parts) - 1
		parts = append(parts[:last-1], parts[last-1]+"```"+parts[last])
	}
	for i, part := range parts {
		if i%2 == 1 {
			b.WriteString("<pre>" + slackDialect.plain(strings.Trim(part, "\n")) + "</pre>")
			continue
		}
		if i > 0 {
			part = strings.TrimPrefix(part, "\n")
		}
		for line := range strings.Lines(part) {
			text, quoted := strings.CutPrefix(line, "&gt;")
			if quoted {
				b.WriteString("<blockquote>")
				slackDialect.write(&b, strings.TrimSpace(text))
				b.WriteString("</blockquote>")
			} else {
				slackDialect.write(&b, line)
			}
		}
	}
	return template.HTML(b.String())
}

// slackPlain writes text without markup; with emoji, their names become pictures.
func slackPlain(s string, emoji bool) template.HTML {
	d := dialect{token: slackEmoji, plain: slackDialect.plain}
	if !emoji {
		return template.HTML(d.plain(s))
	}
	var b strings.Builder
	d.write(&b, s)
	return template.HTML(b.String())
}

// unescapeSlack undoes the three escapes of mrkdwn.
func unescapeSlack(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// slackToken reads <https://…|label>, <!here>, <@U…>, <#C…> and :emoji:.
func slackToken(d dialect, s string) (string, int) {
	rest, opened := strings.CutPrefix(s, "<")
	if !opened {
		return slackEmoji(d, s)
	}
	inside, _, closed := strings.Cut(rest, ">")
	if !closed || inside == "" || strings.ContainsAny(inside, "<\n") {
		return "", 0
	}
	url, label, hasLabel := strings.Cut(inside, "|")
	if !hasLabel {
		label = url
	}
	if strings.Trim(url[:min(1, len(url))], "!@#") != "" {
		return link(unescapeSlack(url), d.plain(label)), len("<>") + len(inside)
	}
	label = strings.TrimPrefix(strings.TrimLeft(label, "!@#"), "subteam^")
	return `<span class="slack-mention">@` + d.plain(label) + `</span>`, len("<>") + len(inside)
}

// slackEmoji reads :emoji:.
func slackEmoji(_ dialect, s string) (string, int) {
	rest, _ := strings.CutPrefix(s, ":")
	name, _, _ := strings.Cut(rest, ":")
	if emoji := emojis[name]; emoji != "" && strings.HasPrefix(s, ":"+name+":") {
		return emoji, len("::") + len(name)
	}
	return "", 0
}

// emojis are Slack's names of some emoji.
var emojis = map[string]string{
	"white_check_mark": "✅", "heavy_check_mark": "✔️", "x": "❌", "no_entry": "⛔", "rotating_light": "🚨", "fire": "🔥",
	"warning": "⚠️", "information_source": "ℹ️", "bulb": "💡", "rocket": "🚀", "red_circle": "🔴",
	"large_yellow_circle": "🟡", "large_orange_circle": "🟠", "large_green_circle": "🟢", "large_blue_circle": "🔵", "leftwards_arrow_with_hook": "↩️",
}
