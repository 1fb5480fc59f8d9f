// Package card draws messages as their readers would see them: from the requests
// themselves, so that what is not in them is not in the picture. Elements that it
// cannot draw are shown as JSON.
//
// Each look has its files: slack.go, slack.html and slack.css. For an API that has no
// look of its own, a [Layout] says which fields to show.
package card

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"io/fs"
	"strings"
)

//go:embed *.html *.css
var files embed.FS

var templates = template.Must(template.New("card").Funcs(template.FuncMap{
	"mrkdwn": Mrkdwn, "markdown": markdown, "json": Indent,
	"plain": func(s string) template.HTML { return slackPlain(s, true) },
}).ParseFS(files, "*.html"))

// CSS is the style of all cards, for light and dark.
var CSS = readCSS()

func readCSS() string {
	paths, err := fs.Glob(files, "*.css")
	if err != nil {
		panic(err) // the files are part of this package
	}
	var all strings.Builder
	for _, path := range paths {
		text, err := files.ReadFile(path)
		if err != nil {
			panic(err)
		}
		all.Write(text)
	}
	return all.String()
}

// execute fills a template with a view.
func execute(name string, view any) template.HTML {
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, name, view); err != nil {
		panic(err) // the templates are tested with every kind of value
	}
	return template.HTML(out.String())
}

// Indent writes JSON for people; what is not JSON stays as it is.
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
