package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/visible"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// verdictSigns are how verdicts look.
var verdictSigns = map[timeline.Verdict]sign{
	timeline.Worse:   {"✖", "31"},
	timeline.Better:  {"✓", "32"},
	timeline.Same:    {"·", ""},
	timeline.Unclear: {"?", ""},
}

// compared prints how metrics were before and after each release:
//
//	✖ 1.4.2 at 09:41 UTC is worse: 5xx changed 8.1 times its own scatter
//	  5xx 0.2 → 3.1 % of requests · Response time 221 → 468 ms · 3 deaths · 1 alarm
func (t timelineText) compared(c timeline.Comparisons) {
	if len(c.Releases) == 0 {
		return
	}
	fmt.Fprintln(t.out, t.paint("1", "Before and after each release"))
	for _, r := range c.Releases {
		s := verdictSigns[r.Verdict]
		name := cmp.Or(r.Release.Version, r.Release.Commit, r.Release.ID, "unnamed")
		if r.Release.Rollback {
			name = "rollback to " + name
		}
		line := visible.Line(name) + " at " + r.At.UTC().Format("2 Jan 15:04 UTC") + " is " + string(r.Verdict)
		if r.Why != "" {
			line += ": " + visible.Line(r.Why)
		}
		t.wrapped(cmp.Or(s.text, "?")+" ", s.color, line)
		if changes := changesText(r); changes != "" {
			t.wrapped("  ", "2", changes)
		}
	}
	t.wrapped("", "2", c.How)
	fmt.Fprintln(t.out)
}

// changesText says what was before and after a release, and what followed it.
func changesText(c timeline.Comparison) string {
	var parts []string
	for _, change := range c.Changes {
		if change.Before.Points > 0 || change.After.Points > 0 {
			parts = append(parts, visible.Line(change.Label)+" "+change.Before.MeanText(3)+" → "+change.After.MeanText(3)+" "+visible.Line(change.Unit))
		}
	}
	if c.Deaths > 0 {
		parts = append(parts, notice.Count(c.Deaths, "death"))
	}
	if c.Alarms > 0 {
		parts = append(parts, notice.Count(c.Alarms, "alarm"))
	}
	return strings.Join(parts, " · ")
}
