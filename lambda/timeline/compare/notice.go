package compare

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// GotWorse reports whether a metric got worse after a release, or something died or went off.
func GotWorse(c timeline.Comparison) bool {
	return c.Verdict == timeline.Worse || c.Deaths+c.Alarms > 0
}

// Describe makes the notice of a deployment's success the one of how the release did. What got worse is
// open under the deployment's key, until the next success. A marker resolves nothing.
func Describe(n *notice.Notice, c timeline.Comparison, now time.Time) {
	what := after(n, c, now)
	n.Time, n.ID, n.Release = now, n.ID+verdictID, nil // it is no deployment marker
	n.Severity, n.Status = notice.Info, notice.Marker
	if GotWorse(c) {
		n.Severity, n.Status = notice.Warning, notice.Open
	}
	n.Title = what + ": " + cmp.Or(strings.Join(headlines(c), ", "), "nothing got worse")
	why := ""
	if c.Verdict != timeline.Same { // by how much less than enough
		why = notice.Line(c.Why)
	}
	n.Summary = event.Sentences(n.Title, "after, not because of", why)
	n.Facts = nil
	for _, change := range c.Changes {
		n.Add(change.Label, changeText(change), "")
	}
	n.Add("Deaths", counted(c.Deaths), "")
	n.Add("Alarms", counted(c.Alarms), "")
	n.Add("Decided by", why, "")
	n.Add("Version", c.Release.Version, "")
	n.Add("Deployment", c.Release.ID, "")
}

// verdictID tells the notice from that of the success.
const verdictID = "/verdict"

// after says how long after which release: "30 minutes after 1.4.2".
func after(n *notice.Notice, c timeline.Comparison, now time.Time) string {
	name := cmp.Or(c.Release.Version, c.Release.ID, "the release")
	if n.Release != nil {
		name = cmp.Or(n.Release.Version, c.Release.Version, c.Release.ID, "the release")
	}
	return event.Span(now.Sub(c.At)) + " after " + notice.Line(name)
}

// headlines are what got worse, and what followed.
func headlines(c timeline.Comparison) (all []string) {
	for _, change := range c.Changes {
		if change.Verdict == timeline.Worse {
			all = append(all, change.Label+" "+means(change))
		}
	}
	if c.Deaths > 0 {
		all = append(all, notice.Count(c.Deaths, "death"))
	}
	if c.Alarms > 0 {
		all = append(all, notice.Count(c.Alarms, "alarm"))
	}
	return all
}

// changeText is a change in a fact, "" if nothing is known of it.
func changeText(c timeline.Change) string {
	if c.Before.Points+c.After.Points == 0 {
		return ""
	}
	return means(c) + event.Labeled(": ", string(c.Verdict))
}

// means are "0.2 → 3.1 %": of the unit, what stands for itself.
func means(c timeline.Change) string {
	unit, _, _ := strings.Cut(c.Unit, " of ")
	return strings.TrimSpace(c.Before.MeanText(2) + " → " + c.After.MeanText(2) + " " + unit)
}

func counted(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
