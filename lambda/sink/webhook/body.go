package webhook

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	// maxBody bounds a body, in bytes.
	//
	// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-size
	maxBody = 20_000
	// maxURL is what browsers and servers accept, in bytes; a URL that was cut leads
	// nowhere.
	maxURL = 2000
	// few is how many links stay when there is little room.
	few = 3
)

// body is what is posted.
//
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-structure
type body struct {
	Type      string `json:"type"`
	Timestamp string `json:"timestamp,omitempty"`
	Data      data   `json:"data"`
}

// data is the notice, and the event if [notice.Notice.ShowsEvent].
type data struct {
	*notice.Notice
	Event string `json:"event,omitempty"`
}

// Body makes the request body of a notice. Long texts are cut before anything is
// left out.
func Body(n *notice.Notice) []byte {
	facts, links := len(n.Facts), len(n.Links)
	for most := maxBody; ; {
		text := encode(n, most, facts, links)
		switch {
		case len(text) <= maxBody:
			return text
		case most > 256:
			most /= 2
		case links > few:
			links = few
		case facts > 0:
			facts = facts * 3 / 4
		default:
			most /= 2
		}
	}
}

// encode writes the notice with so many facts and links, and no text longer than
// most bytes.
func encode(n *notice.Notice, most, facts, links int) []byte {
	line := func(s string) string { return shorten(notice.Line(s), most) }
	block := func(s string) string { return shorten(notice.Block(s), most) }
	short := *n
	short.Kind, short.Alias = n.Kind.OrUnknown(), line(n.Alias)
	short.Severity, short.Status = notice.Severity(line(string(n.Severity))), notice.Status(line(string(n.Status)))
	short.ID, short.Key, short.GroupKey = line(n.ID), line(n.Key), line(n.GroupKey)
	short.Account, short.Region, short.Service = line(n.Account), line(n.Region), line(n.Service)
	short.Title, short.Summary = line(n.Title), block(n.Summary)
	short.Facts, short.Links = make([]notice.Fact, 0, facts+1), make([]notice.Link, 0, links)
	for _, f := range n.Facts[:facts] {
		short.Facts = append(short.Facts, notice.Fact{Label: line(f.Label), Value: block(f.Value), URL: address(f.URL)})
	}
	if rest := len(n.Facts) - facts; rest > 0 {
		short.Add("…", notice.Count(rest, "more fact")+" left out", "")
	}
	for _, l := range n.Links[:links] {
		short.Link(line(l.Label), address(l.URL))
	}
	if n.Release != nil {
		r := *n.Release
		r.ID, r.Application, r.Group, r.State, r.By = line(r.ID), line(r.Application), line(r.Group), wire.DeploymentState(line(string(r.State))), line(r.By)
		r.Version, r.Commit, r.Description, r.URL = line(r.Version), line(r.Commit), block(r.Description), address(r.URL)
		short.Release = &r
	}
	b := body{Type: "extraeye." + string(short.Kind), Data: data{Notice: &short}}
	if short.ShowsEvent() {
		b.Data.Event = block(string(n.Event))
	}
	if !n.Time.IsZero() {
		b.Timestamp = n.Time.UTC().Format(time.RFC3339)
	}
	// Only a time in a year of five digits cannot be JSON; events have none.
	text, _ := json.Marshal(b)
	return text
}

// shorten cuts s to at most limit bytes between two characters.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	const mark = "…"
	return strings.ToValidUTF8(s[:limit-min(limit, len(mark))], "") + mark
}

// address returns a URL that can be opened, or nothing.
func address(url string) string {
	url = notice.Line(url)
	if len(url) > maxURL || strings.Contains(url, " ") || !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
		return ""
	}
	return url
}
