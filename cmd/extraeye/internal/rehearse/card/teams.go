package card

import (
	"encoding/json"
	"html/template"
	"strings"
)

// Teams draws a message of a Workflows webhook.
func Teams(body []byte) template.HTML {
	var m teamsMessage
	read(body, &m)
	return execute("teams", m)
}

// teamsMessage is a message as a Workflows webhook takes it.
//
// https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
type teamsMessage struct {
	Text        string
	Attachments []struct {
		ContentType string
		Content     teamsCard
	}
}

// teamsCard is an Adaptive Card.
//
// https://adaptivecards.io/explorer/AdaptiveCard.html
type teamsCard struct {
	Body    []teamsItem
	Actions []teamsAction
	MSTeams struct{ Width string }
}

// Wide reports whether the card takes the full width.
func (c teamsCard) Wide() bool { return strings.EqualFold(c.MSTeams.Width, "full") }

// teamsItem is an element of a card with the fields of the known types. Raw is all of it.
type teamsItem struct {
	Type      string
	Text      string
	Size      string
	Weight    string
	Color     string
	Style     string
	FontType  string
	Spacing   string
	IsSubtle  bool
	Separator bool
	Bleed     bool
	Wrap      bool
	Facts     []struct{ Title, Value string }
	Items     []teamsItem
	Columns   []teamsItem
	Inlines   []teamsItem
	Actions   []teamsAction
	Width     any // of a column: "auto", "stretch", or a weight
	Raw       json.RawMessage
}

type teamsAction struct {
	Type, Title, URL, Style string
}

func (i *teamsItem) UnmarshalJSON(raw []byte) error {
	type object teamsItem
	read(raw, (*object)(i))
	i.Raw = append(json.RawMessage(nil), raw...)
	return nil
}

// Classes are the CSS classes of the item's style: its values, if they are known.
func (i teamsItem) Classes() string {
	classes := "teams-item"
	add := func(kind, value string, known ...string) {
		for _, k := range known {
			if strings.EqualFold(value, k) {
				classes += " " + kind + "-" + strings.ToLower(k)
			}
		}
	}
	add("size", i.Size, "small", "medium", "large", "extraLarge")
	add("weight", i.Weight, "lighter", "bolder")
	add("color", i.Color, "accent", "good", "warning", "attention", "dark", "light")
	add("style", i.Style, "emphasis", "good", "warning", "attention", "accent", "heading")
	add("font", i.FontType, "monospace")
	add("space", i.Spacing, "none", "small", "medium", "large", "extraLarge", "padding")
	for name, set := range map[string]bool{"subtle": i.IsSubtle, "separator": i.Separator, "bleed": i.Bleed} {
		if set {
			classes += " " + name
		}
	}
	return classes
}

// Stretch reports whether a column takes what room is left.
func (i teamsItem) Stretch() bool {
	width, isText := i.Width.(string)
	return !isText || !strings.EqualFold(width, "auto")
}
