package event

import (
	"strconv"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// after says that something happened a while after something else: "6 minutes after
// deployment d-1 succeeded". It never says that the one came of the other.
func after(gap time.Duration, what string) string { return span(gap) + " after " + what }

// span is a duration as one would say it of what is some time ago: from a minute on,
// nobody counts the seconds.
func span(d time.Duration) string {
	if d >= time.Minute {
		d = d.Truncate(time.Minute)
	}
	return notice.Duration(d)
}

// firstKnown returns the first of several times that is known.
func firstKnown(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// took says how long something took, or "" if that is not known.
func took(start, end time.Time) string {
	if start.IsZero() || end.IsZero() || end.Before(start) {
		return ""
	}
	return notice.Duration(end.Sub(start))
}

// tellTimes adds when something started and ended or, until its end is known, when the
// event was.
func (e *Event) tellTimes(n *notice.Notice, started, ended, now time.Time) {
	n.Add("Started", notice.Moment(started, now), "")
	n.Add("Ended", notice.Moment(ended, now), "")
	n.Add("Took", took(started, ended), "")
	if ended.IsZero() {
		n.Add("Time", notice.Moment(e.Time, now), "")
	}
}

// ordinal writes a place in a row: 1st, 2nd, 11th, 23rd.
func ordinal(n int) string {
	suffix := "th"
	if tens := n / 10 % 10; tens != 1 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}
