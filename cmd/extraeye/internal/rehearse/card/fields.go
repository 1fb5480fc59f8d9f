package card

import (
	"bytes"
	"encoding/json"
	"html"
	"html/template"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// fieldsView is what is shown of such a request.
type fieldsView struct {
	Name  string
	Pills []string
	Title string
	Text  template.HTML
	Rows  []fieldsRow
}

// fieldsRow has a value as text, as several, as links, as named ones, or as JSON.
type fieldsRow struct {
	Label  string
	Text   string
	Values []string
	Links  []fieldsLink
	Pairs  []fieldsPair
	JSON   string
}

type (
	fieldsLink struct{ Text, URL string }
	fieldsPair struct{ Name, Value, URL string }
)

func readFields(sink string, body []byte) (view fieldsView, ok bool) {
	l, ok := layouts[sink]
	if !ok {
		return view, false
	}
	view = fieldsView{Name: l.name, Title: scalar(at(body, l.title))}
	switch text := scalar(at(body, l.text)); sink {
	case "amazonq":
		view.Text = mrkdwn(text)
	case "grafana":
		view.Text = escaped(fromHTML(text))
	default:
		view.Text = escaped(text)
	}
	for _, path := range l.pills {
		if text := scalar(at(body, path)); text != "" {
			view.Pills = append(view.Pills, text)
		}
	}
	for _, field := range l.rows {
		if value := at(body, field.path); value != nil {
			view.Rows = append(view.Rows, newRow(field.label, value))
		}
	}
	return view, true
}

func escaped(s string) template.HTML { return template.HTML(template.HTMLEscapeString(s)) }

var tags = regexp.MustCompile(`<[^<>]*>`)

// fromHTML is the text of simple HTML, which Grafana takes.
func fromHTML(s string) string {
	return html.UnescapeString(tags.ReplaceAllString(strings.ReplaceAll(s, "<br>", "\n"), ""))
}

// at returns what is at a path, or nil.
func at(value json.RawMessage, path string) json.RawMessage {
	for name := range strings.SplitSeq(path, ".") {
		var members map[string]json.RawMessage
		read(value, &members)
		value = members[name]
	}
	if text := string(value); text == "null" || text == `""` {
		return nil
	}
	return value
}

func newRow(label string, value json.RawMessage) fieldsRow {
	if text := scalar(value); strings.HasPrefix(text, "https://") {
		return fieldsRow{Label: label, Links: []fieldsLink{{text, text}}}
	} else if text != "" {
		return fieldsRow{Label: label, Text: text}
	}
	row := fieldsRow{Label: label}
	var elements []json.RawMessage
	read(value, &elements)
	for _, e := range elements {
		if p := (fieldsPair{scalar(at(e, "label")), scalar(at(e, "value")), scalar(at(e, "url"))}); p.Name != "" && p.Value != "" {
			row.Pairs = append(row.Pairs, p)
		} else if l, ok := linkOf(e); ok {
			row.Links = append(row.Links, l)
		} else if text := scalar(e); text != "" {
			row.Values = append(row.Values, text)
		}
	}
	if elements != nil && len(row.Links)+len(row.Pairs)+len(row.Values) == len(elements) {
		return row
	}
	if pairs := pairsOf(value); pairs != nil {
		return fieldsRow{Label: label, Pairs: pairs}
	}
	return fieldsRow{Label: label, JSON: Indent(value)}
}

// linkOf reads a link of any of the destinations.
func linkOf(value json.RawMessage) (fieldsLink, bool) {
	for _, names := range []struct{ url, text string }{{"href", "text"}, {"url", "label"}, {"url", "title"}} {
		l := fieldsLink{scalar(at(value, names.text)), scalar(at(value, names.url))}
		if l.Text != "" && l.URL != "" {
			return l, true
		}
	}
	return fieldsLink{}, false
}

// pairsOf reads an object that has no lists and objects in it, in its own order.
func pairsOf(value json.RawMessage) (pairs []fieldsPair) {
	decoder := json.NewDecoder(bytes.NewReader(value))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil
		}
		var member json.RawMessage
		if err := decoder.Decode(&member); err != nil || member[0] == '{' || member[0] == '[' {
			return nil
		}
		pairs = append(pairs, fieldsPair{Name: name.(string), Value: scalar(member)})
	}
	return pairs
}

// scalar writes a value that is no list and no object. A number as large as
// the seconds or milliseconds of our days is written as a time.
func scalar(value json.RawMessage) (text string) {
	read(value, &text)
	if text != "" || len(value) == 0 || strings.ContainsAny(string(value[:1]), `"{[n`) { // n of null
		return text
	}
	seconds, err := strconv.ParseInt(string(value), 10, 64)
	if seconds > 1e12 {
		seconds /= 1000
	}
	if err == nil && seconds > 1e9 && seconds < 4e9 { // from 2001 to 2096
		return time.Unix(seconds, 0).UTC().Format("2006-01-02 15:04:05 UTC") + " (" + string(value) + ")"
	}
	return string(value)
}
