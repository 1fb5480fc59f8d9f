// Package grouped makes one notice of many events about one thing: it counts them, and takes from
// those that something was looked up for what is known of all.
package grouped

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Member is one of the events, with the notice that it would have alone.
type Member struct {
	Event  *event.Event
	Notice *notice.Notice
	// LookedUp is true if the notice has what AWS was asked for.
	LookedUp bool

	counted event.Counted
}

// Notice writes one notice of all members, of which there must be one.
func Notice(members []Member, now time.Time) *notice.Notice {
	members = inOrder(members)
	first, last := members[0], members[len(members)-1]
	n := *last.Notice
	n.ID = "group-" + notice.Hash(ids(members), 16)
	n.Count = len(members)
	n.Facts, n.Links, n.Release = []notice.Fact{}, links(members), nil
	for _, m := range members {
		n.Severity = worse(n.Severity, m.Notice.Severity)
		n.Alias = cmp.Or(n.Alias, m.Notice.Alias)
	}
	n.Status, n.Key, n.GroupKey = status(members)

	counts := count(members)
	n.Title = title(members, counts)
	n.Summary = summary(members, n.Title, counts)
	n.Add("Events", notice.Count(len(members), "event")+event.Labeled(" within ", span(members)), "")
	for _, c := range counts {
		n.Add(c.label, c.lines(), "")
	}
	n.Add("First", event.Joined(": ", notice.Moment(first.counted.At, now), first.counted.Thing), "")
	n.Add("Last", event.Joined(": ", notice.Moment(last.counted.At, now), last.counted.Thing), "")
	addKnown(&n, members)
	n.Add(cmp.Or(last.counted.Label, "Things"), things(members), "")
	n.Add("Looked up", lookedUp(members), "")
	n.Add(notLookedUp, gaps(members), "")
	n.Title, n.Summary = notice.Line(n.Title), notice.Line(n.Summary)
	return &n
}

// inOrder are the members by when they happened, with how they are counted.
func inOrder(members []Member) []Member {
	members = slices.Clone(members)
	for i := range members {
		m := &members[i]
		if s, ok := m.Event.Subject.(event.Countable); ok {
			m.counted = s.Counted(m.Event)
		} else {
			m.counted = event.Counted{Noun: "event", Phrase: "that could not be read", Thing: m.Event.ID}
		}
		m.counted.At = event.FirstKnown(m.counted.At, m.Event.Time)
	}
	slices.SortStableFunc(members, func(a, b Member) int {
		return cmp.Or(a.counted.At.Compare(b.counted.At), strings.Compare(a.Event.ID, b.Event.ID))
	})
	return members
}

// ids are the ids of all events: the same for the same events, in whatever order they came.
func ids(members []Member) string {
	var all []string
	for _, m := range members {
		all = append(all, m.Event.ID)
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// worse is the worse of two severities.
func worse(a, b notice.Severity) notice.Severity {
	order := []notice.Severity{notice.Info, notice.Warning, notice.Error, notice.Critical}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// status is what is wrong now: of each thing, the last notice says that. What resolves only things
// of its own must not resolve what they belong to.
func status(members []Member) (of notice.Status, key, group string) {
	last := members[len(members)-1].Notice
	of, key = notice.Marker, last.Group()
	latest := map[string]*notice.Notice{}
	for _, m := range members {
		latest[m.Notice.Key] = m.Notice
		if m.Notice.Group() != last.Group() {
			key = cmp.Or(m.counted.Within, key)
		}
	}
	resolves := false
	for _, n := range latest {
		switch {
		case n.Status == notice.Open:
			of = notice.Open
		case n.Status == notice.Resolved && of == notice.Marker:
			of = notice.Resolved
		}
		resolves = resolves || n.Status == notice.Resolved && n.Key == key
	}
	if of == notice.Resolved && !resolves {
		return of, last.Key, last.GroupKey
	}
	return of, key, ""
}

// title says how many of what there were, and the most telling count.
func title(members []Member, counts []counts) string {
	last := members[len(members)-1].counted
	text := notice.Count(len(members), last.Noun) + " " + phrase(members)
	if took := span(members); took != "" {
		text += " within " + took
	}
	if len(counts) > 0 {
		text += ": " + counts[0].text()
	}
	return text
}

// phrase is what all members' phrases begin with.
func phrase(members []Member) string {
	common := members[0].counted.Phrase
	for _, m := range members[1:] {
		for !strings.HasPrefix(m.counted.Phrase, common) {
			at := strings.LastIndexAny(common[:len(common)-1], "-_./: ")
			if at < 0 {
				return "of several kinds"
			}
			common = common[:at+1]
		}
	}
	if common != members[0].counted.Phrase {
		return strings.TrimSpace(common) + "…"
	}
	return common
}

// span is how long it was from the first to the last, "" if that is not known.
func span(members []Member) string {
	first, last := members[0].counted.At, members[len(members)-1].counted.At
	if first.IsZero() || !last.After(first) {
		return ""
	}
	return notice.Duration(last.Sub(first))
}

// summary is the title, the other counts, and what is known of all.
func summary(members []Member, title string, counts []counts) string {
	var more []string
	for _, c := range counts[min(1, len(counts)):] {
		more = append(more, "by "+strings.ToLower(c.label)+": "+c.text())
	}
	for _, label := range []string{"Capacity", "Service", notice.After} {
		more = append(more, event.Labeled(strings.ToLower(label)+": ", firstLine(known(members, label).Value)))
	}
	return event.Sentences(title, more...)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// things are the names of the things, each once.
func things(members []Member) string {
	var all []string
	for _, m := range members {
		if t := m.counted.Thing; t != "" && !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return event.Listed(all)
}

// lookedUp says for which of the events AWS was asked, "" if that was for all.
func lookedUp(members []Member) string {
	var all []string
	for _, m := range members {
		if m.LookedUp {
			all = append(all, cmp.Or(m.counted.Thing, m.Event.ID))
		}
	}
	if len(all) == len(members) || len(all) == 0 {
		return ""
	}
	return fmt.Sprintf("for %d of %d: %s", len(all), len(members), event.And(all))
}
