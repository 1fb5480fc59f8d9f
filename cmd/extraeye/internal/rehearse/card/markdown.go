package card

import (
	"html"
	"html/template"
	"strings"
)

// teamsDialect is the part of Markdown that Adaptive Cards support.
//
// https://learn.microsoft.com/en-us/adaptive-cards/authoring-cards/text-features
var teamsDialect = dialect{
	marks: []mark{{"**", "b"}, {"__", "b"}, {"*", "i"}, {"_", "i"}},
	token: teamsToken,
	plain: func(s string) string { return template.HTMLEscapeString(html.UnescapeString(s)) },
}

// markdown writes an Adaptive Card's text as HTML, a paragraph for each: a single
// break is a space.
func markdown(s string) template.HTML {
	var b strings.Builder
	for part := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n") {
		b.WriteString("<p>")
		for line := range strings.Lines(part) {
			if item, listed := strings.CutPrefix(line, "- "); listed {
				b.WriteString(`<span class="teams-listed">`)
				teamsDialect.write(&b, strings.TrimSpace(item))
				b.WriteString("</span>")
			} else {
				teamsDialect.write(&b, line)
			}
		}
		b.WriteString("</p>")
	}
	return template.HTML(b.String())
}

// teamsToken reads [label](url) and characters that are escaped by a backslash.
func teamsToken(d dialect, s string) (string, int) {
	switch s[0] {
	case '\\':
		if len(s) > 1 && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", s[1]) >= 0 {
			return template.HTMLEscapeString(s[1:2]), 2
		}
	case '[':
		label, rest, ok := cutUnescaped(s[1:], "](")
		url, _, closed := strings.Cut(rest, ")")
		if !ok || !closed || strings.ContainsAny(url, " \n") {
			return "", 0
		}
		var b strings.Builder
		d.write(&b, label) // a label has no link in it
		return link(html.UnescapeString(url), b.String()), len("[]()") + len(label) + len(url)
	}
	return "", 0
}

// cutUnescaped is strings.Cut at a separator that has no backslash before it.
func cutUnescaped(s, separator string) (before, after string, found bool) {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '\n' || s[i] == '[':
			return "", "", false
		case strings.HasPrefix(s[i:], separator):
			return s[:i], s[i+len(separator):], true
		}
	}
	return "", "", false
}
