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

// Layout says which fields of a message to show, by their paths ("payload.summary").
type Layout struct {
	// Name is the destination's.
	Name string
	// Pills are fields that say what kind of message it is, in a word each.
	Pills []string
	// Title and Text are the main fields. Either may be empty.
	Title, Text string
	// Markup turns the text into HTML. nil: it is plain text.
	Markup func(string) template.HTML
	// Rows are the labels and the paths of all other fields.
	Rows [][2]string
}

// layoutView is the content of a message for the template.
type layoutView struct {
	Name  string
	Pills []string
	Title string
	Text  template.HTML
	Rows  []layoutRow
}

// layoutRow has a value as text, as several, as links, as named ones, or as JSON.
type layoutRow struct {
	Label  string
	Text   string
	Values []string
	Links  []layoutLink
	Pairs  []layoutPair
	JSON   string
}

type (
	layoutLink struct{ Text, URL string }
	layoutPair struct{ Name, Value, URL string }
)

// Draw draws a message.
func (l Layout) Draw(body []byte) template.HTML {
	markup := l.Markup
	if markup == nil {
		markup = escaped
	}
	view := layoutView{Name: l.Name, Title: scalar(at(body, l.Title)), Text: markup(scalar(at(body, l.Text)))}
	for _, path := range l.Pills {
		if text := scalar(at(body, path)); text != "" {
			view.Pills = append(view.Pills, text)
		}
	}
	for _, row := range l.Rows {
		if value := at(body, row[1]); value != nil {
			view.Rows = append(view.Rows, newRow(row[0], value))
		}
	}
	return execute("layout", view)
}

func escaped(s string) template.HTML { return template.HTML(template.HTMLEscapeString(s)) }

var tags = regexp.MustCompile(`<[^<>]*>`)

// SimpleHTML is the text of HTML as Grafana takes it, with its line breaks.
func SimpleHTML(s string) template.HTML {
	return escaped(html.UnescapeString(tags.ReplaceAllString(strings.ReplaceAll(s, "<br>", "\n"), "")))
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

func newRow(label string, value json.RawMessage) layoutRow {
	if text := scalar(value); strings.HasPrefix(text, "https://") {
		return layoutRow{Label: label, Links: []layoutLink{{text, text}}}
	} else if text != "" {
		return layoutRow{Label: label, Text: text}
	}
	if row, ok := listRow(value); ok {
		row.Label = label
		return row
	}
	if pairs := pairsOf(value); pairs != nil {
		return layoutRow{Label: label, Pairs: pairs}
	}
	return layoutRow{Label: label, JSON: Indent(value)}
}

// listRow reads a list whose elements are all texts, links or facts.
func listRow(value json.RawMessage) (row layoutRow, ok bool) {
	var elements []json.RawMessage
	read(value, &elements)
	for _, e := range elements {
		if p := (layoutPair{scalar(at(e, "label")), scalar(at(e, "value")), scalar(at(e, "url"))}); p.Name != "" && p.Value != "" {
			row.Pairs = append(row.Pairs, p)
		} else if l, ok := linkOf(e); ok {
			row.Links = append(row.Links, l)
		} else if text := scalar(e); text != "" {
			row.Values = append(row.Values, text)
		}
	}
	return row, elements != nil && len(row.Links)+len(row.Pairs)+len(row.Values) == len(elements)
}

// linkOf reads a link of any of the destinations.
func linkOf(value json.RawMessage) (layoutLink, bool) {
	for _, names := range []struct{ url, text string }{{"href", "text"}, {"url", "label"}, {"url", "title"}} {
		l := layoutLink{scalar(at(value, names.text)), scalar(at(value, names.url))}
		if l.Text != "" && l.URL != "" {
			return l, true
		}
	}
	return layoutLink{}, false
}

// pairsOf reads an object without lists and objects in it, in its own order.
func pairsOf(value json.RawMessage) (pairs []layoutPair) {
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
		pairs = append(pairs, layoutPair{Name: name.(string), Value: scalar(member)})
	}
	return pairs
}

// scalar writes a value that is not a list or an object. A number that can be the
// seconds or milliseconds of a recent time is written as a time.
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
