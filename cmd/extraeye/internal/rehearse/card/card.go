// Package card draws what sinks were sent as people would see it there: from the
// requests themselves, so that what is not in them is not in the picture. What it
// does not know is shown as JSON.
package card

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
)

// The parts of a card. CSS is its style, for light and dark.
var (
	//go:embed card.html
	cardHTML string
	//go:embed card.css
	CSS string

	templates = template.Must(template.New("card").Funcs(template.FuncMap{
		"mrkdwn": mrkdwn, "markdown": markdown, "json": Indent,
		"plain": func(s string) template.HTML { return slackPlain(s, true) },
	}).Parse(cardHTML))
)

// Draw draws the body of a request to a sink. It returns "" for a sink or a body
// that there is no picture of.
func Draw(sink string, body []byte) template.HTML {
	if !json.Valid(body) {
		return ""
	}
	name, view := "fields", any(nil)
	switch sink {
	case "slack":
		name, view = "slack", readSlack(body)
	case "teams":
		name, view = "teams", readTeams(body)
	default:
		f, ok := readFields(sink, body)
		if !ok {
			return ""
		}
		view = f
	}
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, name, view); err != nil {
		panic(err) // the templates are tested with every kind of value
	}
	return template.HTML(out.String())
}

// Indent writes JSON for people; what is no JSON stays as it is.
func Indent(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return string(raw)
	}
	return out.String() + "\n"
}

// read reads JSON into v as far as it is of the expected types.
func read(raw []byte, v any) {
	_ = json.Unmarshal(raw, v) // what is of another type stays empty
}
