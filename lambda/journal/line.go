// Package journal writes down what became of each event, notified or not: as one line of JSON in a
// log group of CloudWatch Logs, which docs/timeline.md describes.
package journal

import (
	"cmp"
	"slices"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// Line is what became of an event for one watch. Its fields may get more, and none is renamed:
// people query them.
type Line struct {
	// Time is the event's own, and Decided when the notifier had decided.
	Time    time.Time `json:"time"`
	Decided time.Time `json:"decided"`
	// Event is the event's id.
	Event      string          `json:"event"`
	DetailType string          `json:"detailType,omitempty"`
	Account    string          `json:"account,omitempty"`
	Region     string          `json:"region,omitempty"`
	Service    string          `json:"service,omitempty"`
	Watch      string          `json:"watch,omitempty"`
	Kind       notice.Kind     `json:"kind"`
	Severity   notice.Severity `json:"severity"`
	Status     notice.Status   `json:"status"`
	Title      string          `json:"title"`
	Summary    string          `json:"summary"`
	// Cause is why an instance or a task ended. It may be empty.
	Cause string `json:"cause,omitempty"`
	// Key names the thing, and Group what it belongs to, or the thing itself.
	Key   string `json:"key"`
	Group string `json:"group"`
	// Notified says that a sink took the notice.
	Notified bool `json:"notified"`
	// Why says why the watch did not want the event, or why sinks did not take the notice. It is
	// empty if all did.
	Why string `json:"why,omitempty"`
	// Attempt is the number of the retry that the line is about; zero for the first time.
	Attempt int                  `json:"attempt,omitempty"`
	Sinks   []notice.SinkReceipt `json:"sinks,omitempty"`
	Facts   []notice.Fact        `json:"facts"`
	Link    notice.Link          `json:"link,omitzero"`
	Release *notice.Release      `json:"release,omitempty"`
}

// Decision is what is known of an event beside its notice.
type Decision struct {
	DetailType, Watch string
	// Skipped says why the watch did not want it, "" if it did.
	Skipped string
	Attempt int
	// Sinks say what became of the notice, for each.
	Sinks []notice.SinkReceipt
}

// How much a line has at most, in characters of each text and in items, so that it stays below the
// 256 KB that some Regions allow, and the 240 KB that the state machine takes.
//
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const (
	maxName   = 300
	maxText   = 2_000
	maxURL    = 2_000 // bytes: half of one leads nowhere
	maxFacts  = 40
	maxSinks  = 40
	maxReason = 300

	// maxLine is in bytes. What is longer, as texts of four bytes a character can be, goes with
	// fewer and shorter facts.
	maxLine = 200 << 10
)

// Of writes the line of a decision. The notice is what was, or would have been, sent.
func Of(n *notice.Notice, d Decision, now time.Time) []byte {
	l := Line{
		Time: n.Time.UTC(), Decided: now.UTC(), Event: name(n.ID), DetailType: name(d.DetailType),
		Account: name(n.Account), Region: name(n.Region), Service: name(n.Service), Watch: d.Watch,
		Kind: n.Kind.OrUnknown(), Severity: n.Severity, Status: n.Status, Title: text(n.Headline()), Summary: text(n.Summary),
		Cause: name(cmp.Or(fact(n, "Cause"), fact(n, "Reason"))), Key: key(n.Key), Group: key(n.Group()),
		Why: text(d.Skipped), Attempt: d.Attempt, Release: release(n.Release),
	}
	if n.Time.IsZero() || !notice.InJSON(n.Time) {
		l.Time = l.Decided
	}
	l.addSinks(d.Sinks)
	for _, link := range n.Links[:min(len(n.Links), 1)] {
		l.Link = notice.Link{Label: name(link.Label), URL: url(link.URL)}
	}
	for facts, limit := maxFacts, maxText; ; facts, limit = facts/2, limit/2 {
		l.addFacts(n.Facts, facts, limit)
		if line := notice.JSON(l); len(line) <= maxLine || facts == 0 {
			return line
		}
	}
}

func (l *Line) addSinks(sinks []notice.SinkReceipt) {
	for _, s := range sinks[:min(len(sinks), maxSinks)] {
		s.Reason = notice.Cut(notice.Line(s.Reason), maxReason)
		l.Sinks = append(l.Sinks, s)
		if s.Outcome == notice.Sent {
			l.Notified = true
			continue
		}
		if l.Why != "" {
			l.Why += "; "
		}
		l.Why = text(l.Why + s.Sink + ": " + string(s.Outcome) + ", " + s.Reason)
	}
}

// addFacts adds so many facts, those that a person on call needs most if not all.
func (l *Line) addFacts(facts []notice.Fact, most, limit int) {
	facts = slices.Clone(facts)
	slices.SortStableFunc(facts, func(a, b notice.Fact) int { return rank(a) - rank(b) })
	l.Facts = []notice.Fact{}
	for _, f := range facts[:min(len(facts), most)] {
		l.Facts = append(l.Facts, notice.Fact{Label: name(f.Label), Value: notice.Cut(f.Value, limit), URL: url(f.URL)})
	}
}

func rank(f notice.Fact) int {
	if f.IsNeeded() {
		return 0
	}
	return 1
}

func fact(n *notice.Notice, label string) string {
	for _, f := range n.Facts {
		if f.Label == label {
			return f.Value
		}
	}
	return ""
}

func release(r *notice.Release) *notice.Release {
	if r == nil {
		return nil
	}
	short := *r
	for _, s := range []*string{&short.ID, &short.Application, &short.Group, &short.Version, &short.Commit, &short.Description, &short.By} {
		*s = name(*s)
	}
	short.URL = url(r.URL)
	return &short
}

func name(s string) string { return notice.Cut(notice.Line(s), maxName) }
func text(s string) string { return notice.Cut(notice.Line(s), maxText) }
func key(s string) string  { return notice.ShortKey(s, notice.Hash(s, 16), maxName) }

func url(s string) string {
	if len(s) > maxURL {
		return ""
	}
	return s
}
