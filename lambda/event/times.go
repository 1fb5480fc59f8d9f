package event

import (
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// After says that something happened a while after something else: "6 minutes after
// deployment d-1 succeeded". It does not say that one caused the other.
func After(gap time.Duration, what string) string { return Span(gap) + " after " + what }

// Span writes how long ago something was, in whole minutes from the first one on.
func Span(d time.Duration) string {
	if d >= time.Minute {
		d = d.Truncate(time.Minute)
	}
	return notice.Duration(d)
}

// FirstKnown returns the first time that is not zero.
func FirstKnown(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// Took writes how long something took, "" if that is not known.
func Took(start, end time.Time) string {
	if start.IsZero() || end.IsZero() || end.Before(start) {
		return ""
	}
	return notice.Duration(end.Sub(start))
}

// AddTimes adds when something started and ended and, until its end is known, the time of
// the event.
func (e *Event) AddTimes(n *notice.Notice, started, ended, now time.Time) {
	n.Add("Started", notice.Moment(started, now), "")
	n.Add("Ended", notice.Moment(ended, now), "")
	n.Add("Took", Took(started, ended), "")
	if ended.IsZero() {
		n.Add("Time", notice.Moment(e.Time, now), "")
	}
}
