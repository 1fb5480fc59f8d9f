package amazonq

import (
	"encoding/json"
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

// notification is a custom notification. What has another form is dropped.
//
// https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
type notification struct {
	Version  string   `json:"version"`
	Source   string   `json:"source"`
	ID       string   `json:"id"`
	Content  content  `json:"content"`
	Metadata metadata `json:"metadata"`
}

type content struct {
	TextType    string   `json:"textType"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	NextSteps   []string `json:"nextSteps,omitempty"`
	Keywords    []string `json:"keywords,omitempty"`
}

type metadata struct {
	ThreadID  string   `json:"threadId,omitempty"`
	Summary   string   `json:"summary"`
	EventType string   `json:"eventType"`
	Related   []string `json:"relatedResources,omitempty"`
	// Context is for the variables of custom actions.
	Context map[string]string `json:"additionalContext"`
}

// What a notification says at most, in characters. All together is far below the
// 256 KB of a message of SNS.
const (
	// The schema gives no lengths; these are what others keep to. The length of a
	// variable of a custom action is AWS's.
	//
	// https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CustomActionAttachment.html
	maxTitle       = 250
	maxDescription = 8_000
	maxVariable    = 1_024

	maxSummary = 1_000
	maxLabel   = 80
	maxValue   = 2_000
	maxKeyword = 60
	maxSteps   = 8
	maxURL     = 1_500
	maxRelated = 10
	maxARN     = 1_024
)

// Body writes the custom notification for a notice. Nothing in a notice,
// whatever it contains, can mention anybody or format anything, in Slack or in Teams.
func Body(n *notice.Notice) []byte {
	heading := n.Headline()
	q := notification{Version: "1.0", Source: "custom", ID: id(n.ID)}
	steps, shown := steps(n.Links)
	q.Content = content{
		TextType:    "client-markdown",
		Title:       literal(emojis[n.Level()]+" "+heading, maxTitle),
		Description: description(n, shown),
		NextSteps:   steps,
	}
	for _, keyword := range []string{n.Service, string(n.Kind), string(n.Severity)} {
		if keyword = literal(notice.Line(keyword), maxKeyword); keyword != "" {
			q.Content.Keywords = append(q.Content.Keywords, keyword)
		}
	}
	q.Metadata = metadata{
		Summary: literal(heading, maxTitle), EventType: "extraeye-" + string(n.Kind.OrUnknown()),
		Related: related(n.Event), Context: variables(n),
	}
	if n.Group() != "" {
		q.Metadata.ThreadID = notice.Hash(n.Group(), hashBytes)
	}
	return notice.JSON(q)
}

// emojis begin the titles.
var emojis = [notice.Levels]string{
	notice.LevelInfo: "ℹ️", notice.LevelOK: "✅", notice.LevelWarning: "⚠️", notice.LevelError: "🔴", notice.LevelCritical: "🚨",
}

// hashBytes is how much of a hash names an event or a thread.
const hashBytes = 16

// idCharacters are those of the ids of events.
const idCharacters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-"

// id is the event's id if it looks like one, so that a duplicate can be recognized.
func id(event string) string {
	if event == "" || len(event) > 64 || strings.Trim(event, idCharacters) != "" {
		return notice.Hash(event, hashBytes)
	}
	return event
}

// related are the ARNs that an event is about.
func related(event json.RawMessage) []string {
	var e struct {
		Resources []string `json:"resources"`
	}
	_ = json.Unmarshal(event, &e) // what is of another type stays empty
	var arns []string
	for _, r := range e.Resources {
		if strings.HasPrefix(r, "arn:") && len(r) <= maxARN && literal(notice.Line(r), maxARN) == r && len(arns) < maxRelated {
			arns = append(arns, r)
		}
	}
	return arns
}

// variables are what a custom action may need.
func variables(n *notice.Notice) map[string]string {
	vars := map[string]string{
		"account": n.Account, "alias": n.Alias, "region": n.Region, "service": n.Service, "eventId": n.ID,
		"kind": string(n.Kind), "severity": string(n.Severity), "status": string(n.Status),
	}
	if r := n.Release; r != nil {
		vars["deploymentId"], vars["application"], vars["deploymentGroup"] = r.ID, r.Application, r.Group
		vars["version"], vars["commit"], vars["state"] = r.Version, r.Commit, string(r.State)
	}
	for name, value := range vars {
		if vars[name] = literal(notice.Line(value), maxVariable); vars[name] == "" {
			delete(vars, name)
		}
	}
	return vars
}
