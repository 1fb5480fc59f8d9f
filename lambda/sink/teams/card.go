package teams

import (
	"github.com/extraeye/extraeye/lambda/notice"
)

// message is what a workflow of "Post to a channel when a webhook request is
// received" accepts.
//
// https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
type message struct {
	Type        string       `json:"type"`
	Attachments []attachment `json:"attachments"`
}

type attachment struct {
	ContentType string  `json:"contentType"`
	ContentURL  *string `json:"contentUrl"` // always null
	Content     card    `json:"content"`
}

// version is the newest version of Adaptive Cards that workflows accept; they answer
// well and show an error instead of a newer card.
//
// https://github.com/prometheus/alertmanager/issues/3920
// https://github.com/Skitionek/notify-microsoft-teams/issues/107
const version = "1.4"

// card is an Adaptive Card.
//
// https://learn.microsoft.com/adaptive-cards/schema-explorer/adaptive-card
type card struct {
	Schema       string    `json:"$schema"`
	Type         string    `json:"type"`
	Version      string    `json:"version"`
	FallbackText string    `json:"fallbackText"`
	Body         []element `json:"body"`
	Actions      []action  `json:"actions,omitempty"`
	MSTeams      struct {
		Width string `json:"width"`
	} `json:"msteams"`
}

// element is a Container, a TextBlock or a FactSet. RichTextBlock, which has no
// Markdown, would fit better, but webhooks have refused it.
//
// https://github.com/microsoft/AdaptiveCards/issues/8804
type element struct {
	Type     string    `json:"type"`
	Style    string    `json:"style,omitempty"`
	Bleed    bool      `json:"bleed,omitempty"`
	Items    []element `json:"items,omitempty"`
	Text     string    `json:"text,omitempty"`
	Size     string    `json:"size,omitempty"`
	Weight   string    `json:"weight,omitempty"`
	FontType string    `json:"fontType,omitempty"`
	Spacing  string    `json:"spacing,omitempty"`
	Subtle   bool      `json:"isSubtle,omitempty"`
	Wrap     bool      `json:"wrap,omitempty"`
	Facts    []fact    `json:"facts,omitempty"`
}

type fact struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

type action struct {
	Type  string `json:"type"`
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Body writes the card for a notice. Nothing that a notice may contain can
// change the form of the card or make it larger than Teams accepts.
func Body(n *notice.Notice) []byte {
	b := &builder{room: maxCard}
	c := card{
		Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: version,
		FallbackText: b.fit(n.Headline(), maxTitle), Body: []element{b.head(n)}, Actions: b.links(n.Links),
	}
	c.MSTeams.Width = "Full"
	m := message{"message", []attachment{{ContentType: "application/vnd.microsoft.card.adaptive", Content: c}}}
	origin, body := b.origin(n), &m.Attachments[0].Content.Body
	facts := n.AllFacts()
	b.room -= cost(m) + cost([]element{b.note(len(facts), n.Links), origin})
	*body = append(*body, b.facts(facts)...)
	if b.left > 0 || b.cut {
		*body = append(*body, b.note(b.left, n.Links))
	}
	if origin.Text != "" {
		*body = append(*body, origin)
	}
	return notice.JSON(m)
}

// styles are those of the container that says how bad it is.
//
// https://learn.microsoft.com/adaptive-cards/schema-explorer/container
var styles = [notice.Levels]string{
	notice.LevelInfo: "accent", notice.LevelOK: "good", notice.LevelWarning: "warning", notice.LevelError: "attention", notice.LevelCritical: "attention",
}
