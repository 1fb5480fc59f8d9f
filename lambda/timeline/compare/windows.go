package compare

import (
	"cmp"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/timeline/metrics"
	"github.com/extraeye/extraeye/lambda/timeline/releases"
)

// Window is how long before and after a release are compared.
const Window = 30 * time.Minute

// full is how many values a window has.
const full = int(Window / metrics.Period)

// windows are what is compared for a release, in whole periods.
type windows struct {
	before, after interval
	// short says why there is too little to compare; "" if there is not.
	short string
}

// interval is a time from which on and up to which values count.
type interval struct{ from, to time.Time }

// in is the interval as indexes of a series.
func (i interval) in(s *metrics.Series) span {
	return span{int(i.from.Sub(s.Start) / metrics.Period), int(i.to.Sub(s.Start) / metrics.Period)}
}

// up is the end of the period that a time is in.
func up(t time.Time) time.Time { return t.Add(metrics.Period - 1).Truncate(metrics.Period) }

// tooShort reports whether there are too few periods between two times.
func (i interval) tooShort() bool { return i.to.Sub(i.from) < fewest*metrics.Period }

// around returns the windows of a deployment: half an hour before it and after it, cut where
// another deployment is. What was deployed elsewhere at the same time is the same release.
func around(all []releases.Deployment, i int, now time.Time) windows {
	d := &all[i]
	if d.End.IsZero() {
		return windows{short: "it is going on"}
	}
	start, end := d.Start, d.End
	for j := range all {
		if together(d, &all[j]) {
			start, end = earlier(start, all[j].Start), later(end, all[j].End)
		}
	}
	before := interval{start.Truncate(metrics.Period).Add(-Window), start.Truncate(metrics.Period)}
	after := interval{up(end), up(end).Add(Window)}
	var earlierOne, laterOne string
	for j := range all {
		o := &all[j]
		switch cut := until(d, o); {
		case j == i || together(d, o):
		case o.Start.Before(start) && cut.After(before.from):
			before.from = up(cut)
			earlierOne = name(o) + " came " + event.Span(start.Sub(o.Start)) + " before"
		case !o.Start.Before(start) && o.Start.Before(after.to):
			after.to = o.Start.Truncate(metrics.Period)
			laterOne = name(o) + " came " + event.Span(o.Start.Sub(end)) + " later"
			if o.Start.Before(end) {
				laterOne = name(o) + " began before it ended"
			}
		}
	}
	if now.Before(after.to) {
		after.to = now.Truncate(metrics.Period)
		laterOne = "it ended " + event.Span(now.Sub(end)) + " ago"
	}
	w := windows{before: before, after: after}
	switch {
	case after.tooShort():
		w.short = laterOne
	case before.tooShort():
		w.short = earlierOne
	}
	return w
}

// until returns up to when an earlier deployment changed what a deployment is compared with: its
// end, or for the rollback of it its start, because what it undoes was there from then on.
func until(d, before *releases.Deployment) time.Time {
	if d.Rollback && before.SamePlace(d) {
		return before.Start
	}
	return later(before.Start, before.End)
}

// together reports whether two deployments are one release to several places.
func together(d, o *releases.Deployment) bool {
	return !d.SamePlace(o) && !d.Rollback && !o.Rollback && !o.End.IsZero() &&
		d.Start.Before(o.End) && o.Start.Before(d.End)
}

// name is what people know a deployment by.
func name(d *releases.Deployment) string { return cmp.Or(d.Version, d.ID, "another deployment") }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
