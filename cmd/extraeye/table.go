package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/visible"
)

// table prints results for people:
//
//	EVENT             RULE
//	  SINK            SENT
//	deployment-start  Deployments/Rule1
//	  ✓ email, slack  Deployment started: some-service-1.4.2 to production
//	    checkout, by the name of the CodeDeploy application
//
// The last line says whose it is, if a Fleet decides that.
// An event that several rules match has the rule in its rows instead.
type table struct {
	out     io.Writer
	columns int
	color   bool
}

func newTable(out io.Writer) table {
	return table{out: out, columns: max(tableColumns(out), minColumns), color: hasColor(out)}
}

// minColumns is the minimum width of a table.
const minColumns = 40

// marks are how outcomes look, and their colors.
var marks = map[result.Outcome]struct{ sign, color string }{
	result.Sent:      {"✓", "32"},
	result.Skipped:   {"–", "2"},
	result.Unmatched: {"?", "33"},
	result.Failed:    {"✗", "31"},
}

const (
	gap    = "  "
	indent = "  "
	mark   = 2 // columns of a sign and a blank
)

// print prints all items, and the failures in full at the end.
func (t table) print(items []inbox.Item) {
	events := t.events(items)
	w := t.fit(events)
	fmt.Fprintln(t.out)
	for _, line := range w.heading() {
		fmt.Fprintln(t.out, t.paint("2", line))
	}
	for _, e := range events {
		fmt.Fprintln(t.out, t.eventLine(e, w))
		for n, r := range e.rows {
			fmt.Fprintln(t.out, t.rowLine(r, w))
			if r.team != "" && (n == len(e.rows)-1 || e.rows[n+1].team != r.team) {
				fmt.Fprintln(t.out, t.teamLine(r))
			}
		}
	}
	fmt.Fprintln(t.out)
	for _, i := range items {
		if i.Outcome == result.Failed {
			fmt.Fprintf(t.out, "%s %s to %s: %s\n", t.paint("31", "failed:"), visible.Line(i.File), visible.Line(i.Sink), visible.Line(i.Reason))
		}
	}
}

func (t table) eventLine(e event, w widths) string {
	if e.rule == "" {
		return t.paint("1", cutMiddle(e.name, t.columns))
	}
	name := cutMiddle(e.name, w.event)
	blanks := strings.TrimPrefix(pad(name, w.event), name)
	return cells(t.paint("1", name)+blanks, cutMiddle(e.rule, w.eventRule))
}

func (t table) rowLine(r row, w widths) string {
	var texts []string
	room := t.columns - len(indent) - mark
	if r.sinks != "" {
		texts = append(texts, pad(cutMiddle(r.sinks, w.sinks), w.sinks))
		room -= w.sinks + len(gap)
	}
	if r.rule != "" {
		texts = append(texts, pad(cutMiddle(r.rule, w.rule), w.rule))
		room -= w.rule + len(gap)
	}
	line := cells(append(texts, cutEnd(r.text, room))...)
	m := marks[r.outcome]
	if r.outcome == result.Skipped {
		line = t.paint(m.color, line)
	}
	return indent + t.paint(m.color, m.sign) + " " + line
}

// teamLine is below the rows of a team.
func (t table) teamLine(r row) string {
	return t.paint("2", indent+gap+cutEnd(r.team, t.columns-len(indent)-len(gap)))
}

// widths are the columns' widths.
type widths struct{ event, eventRule, sinks, rule int }

// fit makes the columns as wide as their longest text, within limits: an event has half
// of its line, and in a row the sink and the rule have a third each.
func (t table) fit(events []event) widths {
	w := widths{event: len("EVENT"), sinks: len("SINK")}
	for _, e := range events {
		if e.rule != "" {
			w.event = max(w.event, utf8.RuneCountInString(e.name))
			w.eventRule = max(w.eventRule, utf8.RuneCountInString(e.rule))
		}
		for _, r := range e.rows {
			w.sinks = max(w.sinks, utf8.RuneCountInString(r.sinks))
			w.rule = max(w.rule, utf8.RuneCountInString(r.rule))
		}
	}
	w.event = min(w.event, max(t.columns-len(gap)-w.eventRule, t.columns/2))
	w.eventRule = min(w.eventRule, t.columns-len(gap)-w.event)
	w.sinks, w.rule = min(w.sinks, t.columns/3), min(w.rule, t.columns/3)
	return w
}

// heading says what the lines of an event and its rows show.
func (w widths) heading() []string {
	if w.eventRule > 0 {
		return []string{cells(pad("EVENT", w.event), "RULE"), indent + cells(pad("SINK", w.sinks+mark), "SENT")}
	}
	return []string{"EVENT", indent + cells(pad("SINK", w.sinks+mark), pad("RULE", w.rule), "SENT")}
}

func (t table) paint(color, text string) string {
	if !t.color || color == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}
