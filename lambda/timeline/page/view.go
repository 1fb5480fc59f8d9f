package page

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// view is a timeline as the page shows it.
type view struct {
	Options
	t     *timeline.Timeline
	rows  []row // in the order of their start; those without a time come last
	left  int   // rows that are left out
	span  span
	clock clock
}

// row is a row with its place on the page.
type row struct {
	*timeline.Row
	number int // from 1; it names the row's anchor
	level  notice.Level
	marks  [len(layouts)]int // the number of the row with which it shares a mark; 0 is none
}

func newView(t *timeline.Timeline, o Options) *view {
	v := &view{Options: o, t: t}
	all := make([]row, len(t.Rows))
	for i := range t.Rows {
		r := &t.Rows[i]
		all[i] = row{Row: r, level: levelOf(r)}
	}
	most := maxRows
	if o.Widget {
		most = maxWidgetRows
	}
	v.rows = worst(all, most)
	v.left = len(all) - len(v.rows)
	slices.SortStableFunc(v.rows, func(a, b row) int {
		return cmp.Or(compareBool(a.Start.IsZero(), b.Start.IsZero()), a.Start.Compare(b.Start))
	})
	for i := range v.rows {
		v.rows[i].number = i + 1
	}
	v.span = spanOf(t, v.rows)
	v.clock = newClock(cmp.Or(o.Zone, time.UTC), v.span)
	return v
}

// worst returns the rows that are shown: of too many, the worst and of these the latest.
func worst(all []row, most int) []row {
	if len(all) <= most {
		return all
	}
	slices.SortStableFunc(all, func(a, b row) int {
		return cmp.Or(compareBool(b.Release != nil, a.Release != nil), cmp.Compare(b.level, a.level), b.Start.Compare(a.Start))
	})
	return all[:most]
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func levelOf(r *timeline.Row) notice.Level {
	n := notice.Notice{Severity: r.Severity, Status: r.Status}
	return n.Level()
}

// lasts reports whether a row takes time. Its end is zero if it still lasts.
func (r row) lasts() bool { return r.End.IsZero() || r.End.After(r.Start) }

// anchor is the id of the row.
func (r row) anchor() string { return "r" + strconv.Itoa(r.number) }

// span is the time of the chart.
type span struct{ from, to time.Time }

// spanOf is the time that a timeline was made for or, if that is none, of its rows.
func spanOf(t *timeline.Timeline, rows []row) span {
	s := span{t.From, t.To}
	if !s.from.IsZero() && s.to.After(s.from) {
		return s
	}
	s = span{}
	for _, r := range rows {
		for _, at := range []time.Time{r.Start, r.End} {
			if at.IsZero() {
				continue
			}
			if s.from.IsZero() || at.Before(s.from) {
				s.from = at
			}
			if at.After(s.to) {
				s.to = at
			}
		}
	}
	if !s.to.After(s.from) {
		s.to = s.from.Add(time.Hour)
	}
	return s
}

// at is where a time is: 0 at the beginning and 1 at the end. It is limited to these.
func (s span) at(t time.Time) float64 {
	return min(max(seconds(s.from, t)/seconds(s.from, s.to), 0), 1)
}

// has reports whether any of a row is within the span.
func (s span) has(r row) bool {
	return !r.Start.IsZero() && !r.Start.After(s.to) && (r.End.IsZero() || !latest(r.Start, r.End).Before(s.from))
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// seconds are those from a to b. Unlike a [time.Duration] they have no limit.
func seconds(a, b time.Time) float64 {
	return float64(b.Unix()-a.Unix()) + float64(b.Nanosecond()-a.Nanosecond())/1e9
}
