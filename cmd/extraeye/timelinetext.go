package main

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/visible"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// timelineText prints a timeline for people, in UTC and in their own zone:
//
//	some-service · 123456789012 us-east-1 · 2026-11-22 09:00 to 15:00 UTC
//	1 release · 1 instance killed, by ELB health check, after 1.4.2
//
//	UTC          CET
//	09:35–09:41  10:35–10:41  ✓  Deployed: web 1.4.2 to production
//	09:58        10:58        ▲  ELB health check killed i-0abc in production
//	                             After: 17 minutes after deployment d-7QK2M9X1B of web 1.4.2 succeeded
type timelineText struct {
	out     io.Writer
	columns int
	color   bool
	zone    *time.Location
}

func newTimelineText(out io.Writer, zone *time.Location) timelineText {
	return timelineText{out: out, columns: max(tableColumns(out), minColumns), color: hasColor(out), zone: zone}
}

// sign is how a row looks.
type sign struct{ text, color string }

// signOf returns the sign of a row, by how bad it is.
func signOf(r timeline.Row) sign {
	switch {
	case r.Severity == notice.Critical:
		return sign{"✖", "1;31"}
	case r.Severity == notice.Error:
		return sign{"✖", "31"}
	case r.Severity == notice.Warning:
		return sign{"▲", "33"}
	case r.Status == notice.Resolved:
		return sign{"✓", "32"}
	default:
		return sign{"·", "2"}
	}
}

// print prints the timeline. Everything in it may come from AWS and may be hostile.
func (t timelineText) print(l *timeline.Timeline) {
	fmt.Fprintln(t.out)
	t.wrapped("", "1", heading(l))
	t.wrapped("", "", visible.Line(timeline.Summary(l)))
	fmt.Fprintln(t.out)
	if len(l.Rows) > 0 {
		t.rows(l)
		fmt.Fprintln(t.out)
	}
	t.compared(l.Compared)
	t.sources("asked: ", "2", l.Asked)
	t.sources("not asked: ", "2", l.NotAsked)
	for _, line := range l.Failed {
		t.wrapped("could not be read: ", "31", visible.Line(line))
	}
}

// heading is the first line: what, where and when.
func heading(l *timeline.Timeline) string {
	const layout = "2006-01-02 15:04"
	from, to := l.From.UTC(), l.To.UTC()
	end := to.Format(layout)
	if from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		end = to.Format("15:04")
	}
	where := strings.TrimSpace(cmp.Or(l.Alias, l.Account) + " " + l.Region)
	return visible.Line(cmp.Or(l.Service, "Timeline") + " · " + where + " · " + from.Format(layout) + " to " + end + " UTC")
}

// rows prints the rows in columns, with a line for each new day.
func (t timelineText) rows(l *timeline.Timeline) {
	zones := []*time.Location{time.UTC}
	if _, offset := l.To.In(t.zone).Zone(); offset != 0 && t.columns >= wideColumns {
		zones = append(zones, t.zone)
	}
	folded := fold(l.Rows)
	width := 0
	for _, f := range folded {
		width = max(width, len([]rune(clock(f.Row, time.UTC))))
	}
	var titles []string
	for _, zone := range zones {
		name, _ := l.To.In(zone).Zone()
		titles = append(titles, pad(visible.Line(name), width))
	}
	fmt.Fprintln(t.out, t.paint("2", cells(titles...)))
	day := l.From.UTC().Format(time.DateOnly)
	for _, f := range folded {
		if d := f.Start.UTC().Format(time.DateOnly); d != day {
			day = d
			fmt.Fprintln(t.out, t.paint("2", f.Start.UTC().Format("Mon 2 Jan 2006")))
		}
		t.row(f, zones, width)
	}
}

// wideColumns is the width from which on the times of a second zone have room.
const wideColumns = 80

// row prints a row: its times, its sign and title, and below it what it came after.
func (t timelineText) row(f foldedRow, zones []*time.Location, width int) {
	var times []string
	for _, zone := range zones {
		times = append(times, pad(clock(f.Row, zone), width))
	}
	s := signOf(f.Row)
	margin := strings.Join(times, gap) + gap
	indent := strings.Repeat(" ", len([]rune(margin))+mark)
	color := ""
	if s.color != "2" && s.color != "32" {
		color = s.color
	}
	lines := wrap(visible.Line(f.Title), t.columns-len([]rune(indent)))
	for i, line := range lines {
		if i == 0 {
			fmt.Fprintln(t.out, margin+t.paint(s.color, s.text)+" "+t.paint(color, line))
			continue
		}
		fmt.Fprintln(t.out, indent+t.paint(color, line))
	}
	for _, line := range details(f.Row) {
		t.wrapped(indent, "2", line)
	}
	if f.more > 0 {
		t.wrapped(indent, "2", fmt.Sprintf("and %d more like it until %s; -json has all", f.more, f.until.UTC().Format("15:04 UTC")))
	}
}

// detailLabels are the facts that are shown below a title.
var detailLabels = []string{notice.After, notice.FailedAt, notice.HowOften, "In alarm for", "Made by", "Requested by", "Previous"}

// details are the facts below a title, the first line of each.
func details(r timeline.Row) []string {
	var lines []string
	for _, f := range r.Facts {
		if !slices.Contains(detailLabels, f.Label) || f.Label == notice.HowOften && r.Status != notice.Open {
			continue
		}
		first, rest, _ := strings.Cut(f.Value, "\n")
		if n := strings.Count(rest, "\n") + 1; rest != "" {
			first += fmt.Sprintf(" (and %s)", notice.Count(n, "more line"))
		}
		lines = append(lines, visible.Line(f.Label)+": "+visible.Line(first))
	}
	return lines
}

// clock writes when a row was: "09:58", "09:35–09:41", or "10:12–…" for what still lasts.
func clock(r timeline.Row, zone *time.Location) string {
	start := r.Start.In(zone)
	switch end := r.End.In(zone); {
	case r.End.IsZero():
		return start.Format("15:04") + "–…"
	case end.Format(time.DateOnly) != start.Format(time.DateOnly):
		return start.Format("15:04") + "–" + end.Format("2 Jan 15:04")
	case end.Sub(start) >= time.Minute:
		return start.Format("15:04") + "–" + end.Format("15:04")
	default:
		return start.Format("15:04")
	}
}

// foldedRow is a row that stands for more like it.
type foldedRow struct {
	timeline.Row
	more  int
	until time.Time
}

// ids are what distinguishes rows that are alike.
var ids = regexp.MustCompile(`[0-9a-f]{8,}|[0-9]+`)

// fold shows the first of many rows in a row that are alike, and counts the others.
func fold(rows []timeline.Row) []foldedRow {
	var folded []foldedRow
	for i := 0; i < len(rows); {
		n := 1
		for i+n < len(rows) && likeness(rows[i+n]) == likeness(rows[i]) {
			n++
		}
		keep := n
		if n > maxAlike {
			keep = shown
		}
		for _, r := range rows[i : i+keep] {
			folded = append(folded, foldedRow{Row: r})
		}
		if n > keep {
			last := &folded[len(folded)-1]
			last.more, last.until = n-keep, rows[i+n-1].Start
		}
		i += n
	}
	return folded
}

// likeness is what rows that are alike have in common.
func likeness(r timeline.Row) string {
	return strings.Join([]string{string(r.Kind), string(r.Severity), string(r.Status), ids.ReplaceAllString(r.Title, "#")}, "\n")
}

// sources prints a list, if there is anything in it.
func (t timelineText) sources(label, color string, all []string) {
	if len(all) > 0 {
		t.wrapped(label, color, visible.Line(strings.Join(all, ", ")))
	}
}

// wrapped prints a text in as many lines as it needs, indented by the label's width.
func (t timelineText) wrapped(label, color, text string) {
	indent := strings.Repeat(" ", len([]rune(label)))
	for i, line := range wrap(text, t.columns-len([]rune(label))) {
		if i == 0 {
			fmt.Fprintln(t.out, t.paint(color, label+line))
			continue
		}
		fmt.Fprintln(t.out, t.paint(color, indent+line))
	}
}

func (t timelineText) paint(color, text string) string {
	return table{color: t.color}.paint(color, text)
}

// wrap breaks a text into lines at its blanks, and a word that is longer than a line anywhere.
func wrap(text string, columns int) []string {
	columns = max(columns, 10)
	lines := []string{""}
	for word := range strings.FieldsSeq(text) {
		last := &lines[len(lines)-1]
		if *last != "" && len([]rune(*last))+1+len([]rune(word)) <= columns {
			*last += " " + word
			continue
		}
		for len([]rune(word)) > columns {
			if *last != "" {
				lines = append(lines, "")
				last = &lines[len(lines)-1]
			}
			*last, word = string([]rune(word)[:columns]), string([]rune(word)[columns:])
		}
		if *last != "" {
			lines = append(lines, "")
			last = &lines[len(lines)-1]
		}
		*last = word
	}
	return lines
}
