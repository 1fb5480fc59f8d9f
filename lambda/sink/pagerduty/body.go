package pagerduty

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	// maxBody bounds a request, in bytes. The limit is 512 KB.
	//
	// https://developer.pagerduty.com/docs/events-api-v2-overview#size-limits
	maxBody = 500_000
	// maxSummary bounds a summary, in characters.
	//
	// https://developer.pagerduty.com/docs/send-alert-event#parameters
	maxSummary = 1024
	// maxKey bounds a deduplication key, in characters.
	//
	// https://developer.pagerduty.com/docs/send-alert-event#parameters
	maxKey = 255
	// maxName, maxLinks, maxURL and maxFacts bound what PagerDuty documents no limit for,
	// so that the whole always fits in maxBody.
	maxName  = 100
	maxFirst = 150 // a fact in a summary
	maxLinks = 50
	maxURL   = 2000
	maxFacts = 500
)

// action is what an event does.
type action string

const (
	trigger action = "trigger"
	resolve action = "resolve"
	change  action = "change" // not an action of PagerDuty's: it has an endpoint of its own
)

func actionFor(n *notice.Notice, cfg wire.PagerDuty) action {
	switch {
	case cfg.Changes && n.Release != nil, n.Status == notice.Marker && n.Severity == notice.Info:
		return change
	case n.Status == notice.Resolved:
		return resolve
	default:
		return trigger
	}
}

// event is the body of both endpoints.
//
// https://developer.pagerduty.com/docs/send-alert-event#parameters
// https://developer.pagerduty.com/docs/send-change-event#parameters
type event struct {
	RoutingKey string  `json:"routing_key"`
	Action     action  `json:"event_action,omitempty"`
	DedupKey   string  `json:"dedup_key,omitempty"`
	Payload    payload `json:"payload"`
	Links      []link  `json:"links,omitempty"`
	Client     string  `json:"client,omitempty"`
	ClientURL  string  `json:"client_url,omitempty"`
}

type payload struct {
	Summary   string  `json:"summary"`
	Source    string  `json:"source"`
	Severity  string  `json:"severity,omitempty"`
	Timestamp string  `json:"timestamp,omitempty"`
	Component string  `json:"component,omitempty"`
	Group     string  `json:"group,omitempty"`
	Class     string  `json:"class,omitempty"`
	Details   details `json:"custom_details"`
}

type link struct {
	Href string `json:"href"`
	Text string `json:"text,omitempty"`
}

// Body is the request for a notice. If it would be too large, long values are cut
// before anything is left out.
func Body(n *notice.Notice, cfg wire.PagerDuty, routingKey string) []byte {
	e := newEvent(n, cfg, routingKey)
	for most := 64 << 10; ; most /= 2 {
		e.Payload.Details = newDetails(n, most)
		if body := notice.JSON(e); len(body) <= maxBody || most <= 64 {
			return body
		}
	}
}

// newEvent is the event for a notice, except for its details.
func newEvent(n *notice.Notice, cfg wire.PagerDuty, routingKey string) event {
	e := event{
		RoutingKey: routingKey,
		Payload:    payload{Summary: summary(n), Source: source(n)},
		Links:      links(n),
	}
	if !n.Time.IsZero() {
		e.Payload.Timestamp = n.Time.UTC().Format(time.RFC3339)
	}
	act := actionFor(n, cfg)
	if act == change {
		return e
	}
	e.Action, e.DedupKey, e.Client = act, dedupKey(n), "extraeye"
	if len(e.Links) > 0 {
		e.ClientURL = e.Links[0].Href
	}
	e.Payload.Severity = severity(n.Severity)
	e.Payload.Class = notice.Cut(notice.Line(string(n.Kind)), maxName)
	e.Payload.Component, e.Payload.Group = name(n, "Instance"), name(n, "Group")
	if r := n.Release; r != nil {
		e.Payload.Component = notice.Cut(notice.Line(r.Application), maxName)
		e.Payload.Group = notice.Cut(notice.Line(r.Group), maxName)
	}
	return e
}

// severity is PagerDuty's name for a severity, which is the same as ours.
func severity(s notice.Severity) string {
	if !slices.Contains(wire.AllSeverities(), s) {
		s = notice.Warning
	}
	return string(s)
}

// dedupKey is the key of the notice's group: what is wrong with any of its things is
// one alert. Only what is over for the whole group resolves that; PagerDuty drops what
// is over for a single thing, as it has no alert of its own.
func dedupKey(n *notice.Notice) string {
	key := cmp.Or(n.Group(), n.ID)
	if n.Status == notice.Resolved {
		key = cmp.Or(n.Key, n.ID)
	}
	return notice.ShortKey(notice.Line(key), notice.Hash(key, 32), maxKey)
}

// source names what has the problem: the team's service, or what is known instead.
func source(n *notice.Notice) string {
	application := ""
	if n.Release != nil {
		application = n.Release.Application
	}
	return notice.Cut(cmp.Or(notice.Line(n.Service), notice.Line(application), name(n, "Group"),
		notice.Line(n.Where()+" "+n.Region), "extraeye"), maxName)
}

// summary is the title and the beginnings of what a person on call needs most, which
// the details may have far down: PagerDuty shows them from A to Z.
//
// https://github.com/healthchecks/healthchecks/pull/600
func summary(n *notice.Notice) string {
	tail := ""
	for _, label := range []string{notice.FailedAt, notice.After, notice.HowOften, notice.LastWords} {
		first, _, _ := strings.Cut(notice.Block(value(n, label)), "\n")
		if first = notice.Cut(notice.Line(first), maxFirst); first != "" {
			tail += " · " + first
		}
	}
	return notice.CutBefore(n.Headline(), tail, maxSummary)
}

// value is that of the fact with a label.
func value(n *notice.Notice, label string) string {
	for _, f := range n.Facts {
		if f.Label == label {
			return f.Value
		}
	}
	return ""
}

// name is the value of the fact with a label, as a name.
func name(n *notice.Notice, label string) string {
	return notice.Cut(notice.Line(value(n, label)), maxName)
}

// links are those of the notice and its facts, as many as an event may have.
func links(n *notice.Notice) []link {
	var out []link
	for _, l := range n.AllLinks() {
		if notice.IsWeb(l.URL) && len(l.URL) <= maxURL && len(out) < maxLinks {
			out = append(out, link{l.URL, notice.Cut(notice.Line(l.Label), maxName)})
		}
	}
	return out
}

// newDetails are the summary, the facts and where it happened, with values of at most
// most characters.
func newDetails(n *notice.Notice, most int) details {
	d := details{next: map[string]int{}}
	d.add("Summary", n.Summary, most)
	facts := n.AllFacts()
	for i, f := range facts {
		if i == maxFacts {
			d.add("…", notice.Count(len(facts)-i, "more fact"), most)
			break
		}
		d.add(f.Label, f.Value, most)
	}
	d.add("Account", n.Where(), most)
	d.add("Region", n.Region, most)
	return d
}
