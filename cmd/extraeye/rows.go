package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/visible"
)

// event is one event and its results.
type event struct {
	name string
	rule string // "" if no rule matches, or several
	rows []row
}

// row is what was sent, or why it was not, by one rule.
type row struct {
	outcome result.Outcome
	sinks   string
	rule    string // "" if the event has it, or no rule matches
	text    string
	team    string // whose it is, and how that was decided; "" if no Fleet decides
}

// events groups the items by the name of the event: the same event is also played in
// several names, for several rules.
func (t table) events(items []inbox.Item) []event {
	labels := ruleLabels(items)
	var events []event
	for len(items) > 0 {
		n := 1
		for n < len(items) && items[n].File == items[0].File {
			n++
		}
		events = append(events, t.event(items[:n], labels))
		items = items[n:]
	}
	return events
}

func (t table) event(items []inbox.Item, labels map[string]string) event {
	e := event{name: visible.Line(items[0].File), rule: labels[items[0].Rule]}
	if slices.ContainsFunc(items, func(i inbox.Item) bool { return i.Rule != items[0].Rule }) {
		e.rule = ""
	}
	begin := 0 // of the rows of the same event
	for n, i := range items {
		if n > 0 && i.EventID != items[n-1].EventID {
			begin = len(e.rows)
		}
		r := row{outcome: i.Outcome, sinks: visible.Line(i.Sink), text: visible.Line(sent(i))}
		if e.rule == "" {
			r.rule = labels[i.Rule]
		}
		if i.Outcome != result.Skipped { // which has a reason
			r.team = visible.Line(i.Team)
		}
		if !t.join(e.rows[begin:], r) {
			e.rows = append(e.rows, r)
		}
	}
	e.rows = collapse(e.rows)
	return e
}

// join adds the sink of a row to the last row that is otherwise the same, if there is room.
func (t table) join(rows []row, r row) bool {
	for n := range slices.Backward(rows) {
		last := &rows[n]
		if last.outcome != r.outcome || last.rule != r.rule || last.text != r.text || last.team != r.team {
			continue
		}
		joined := last.sinks + ", " + r.sinks
		if utf8.RuneCountInString(joined) > t.columns/3 {
			return false
		}
		last.sinks = joined
		return true
	}
	return false
}

// Of more than maxAlike rows that differ only in the rule and in what was sent, the first
// are shown, and one row counts the others.
const (
	maxAlike = 5
	shown    = 3
)

// alike is what many rows have in common.
type alike struct {
	outcome result.Outcome
	sinks   string
	reason  string // "" for what was sent
}

func (r row) alike() alike {
	a := alike{r.outcome, r.sinks, r.text}
	if r.outcome == result.Sent {
		a.reason = ""
	}
	return a
}

// collapse makes few rows of many that are alike. Rows of failures stay.
func collapse(rows []row) []row {
	total, seen, more := map[alike]int{}, map[alike]int{}, map[alike]int{}
	for _, r := range rows {
		total[r.alike()]++
	}
	var few []row
	for _, r := range rows {
		a := r.alike()
		seen[a]++
		switch n := seen[a]; {
		case r.outcome == result.Failed || r.rule == "" || total[a] <= maxAlike || n <= shown:
			few = append(few, r)
		case n == shown+1:
			more[a] = len(few)
			few = append(few, row{outcome: r.outcome, sinks: r.sinks, text: fmt.Sprintf("and %d more, by %s", total[a]-shown, r.rule)})
		case n == total[a]:
			few[more[a]].text += " to " + r.rule
		}
	}
	return few
}

// sent is the text at the end of a row.
func sent(i inbox.Item) string {
	switch {
	case i.IsLate():
		return "sent " + i.Reason
	case i.Outcome == result.Sent:
		return i.Subject()
	default:
		return string(i.Outcome) + ": " + i.Reason
	}
}

// ruleLabels shortens the rules' paths to the parts that differ: the constructs that all
// rules lie in are left out, and so is the last name if it is the same for all.
func ruleLabels(items []inbox.Item) map[string]string {
	var paths [][]string
	labels := map[string]string{}
	for _, i := range items {
		if _, seen := labels[i.Rule]; i.Rule != "" && !seen {
			labels[i.Rule] = ""
			paths = append(paths, strings.Split(i.Rule, "/"))
		}
	}
	start := commonStart(paths)
	end := 0
	if len(paths) > 1 && !slices.ContainsFunc(paths, func(p []string) bool { return len(p) < start+2 || p[len(p)-1] != paths[0][len(paths[0])-1] }) {
		end = 1
	}
	for _, p := range paths {
		labels[strings.Join(p, "/")] = visible.Line(strings.Join(p[start:len(p)-end], "/"))
	}
	return labels
}

// commonStart returns how many names all paths have in common at their beginning. The
// last two names of a path do not count.
func commonStart(paths [][]string) int {
	for n := 0; ; n++ {
		for _, p := range paths {
			if n >= len(p)-2 || p[n] != paths[0][n] {
				return n
			}
		}
		if len(paths) == 0 {
			return 0
		}
	}
}
