package autoscaling

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// frequency is how many instances of a group were terminated for one cause before a
// moment, the one of that moment included.
type frequency struct {
	hour, day int
	// first is how long before was the first of the hour.
	first time.Duration
	// reach is how far back the group's activities are known.
	reach time.Duration
}

// terminating is how Auto Scaling describes these activities, before the instance.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-verify-scaling-activity.html
const terminating = "Terminating EC2 instance"

// howOften counts the terminations for the same cause. This one may or may not be
// among the activities already; an instance that took several attempts is one.
func (t *Termination) howOften(at time.Time) frequency {
	const day = 24 * time.Hour
	o := frequency{hour: 1, day: 1, reach: day}
	if !t.Activities.Value.Complete {
		o.reach = 0
	}
	seen := map[string]bool{t.InstanceID: true}
	for _, a := range t.Activities.Value.Activities {
		age := at.Sub(a.Started)
		if a.Started.IsZero() || age < 0 {
			continue
		}
		o.reach = max(o.reach, min(age, day))
		rest, ok := strings.CutPrefix(a.Description, terminating)
		if !ok || age > day || classifyCause(a.Cause) != t.Cause {
			continue
		}
		// "Terminating EC2 instance: i-… - Waiting For ELB connection draining."
		id, _, _ := strings.Cut(strings.TrimLeft(rest, ": "), " ")
		if id = cmp.Or(id, a.ID); seen[id] {
			continue
		}
		seen[id] = true
		o.day++
		if age <= time.Hour {
			o.hour++
			o.first = max(o.first, age)
		}
	}
	return o
}

// text say it as a person would: "4th in 50 minutes, 9 in the last day".
func (o frequency) text() string {
	const day = 24 * time.Hour
	switch {
	case o.day <= 1 && o.reach < time.Minute:
		return "" // nothing is known, or nothing but this one
	case o.day == 1 && o.reach < day:
		return "the first in " + event.Span(o.reach)
	case o.day == 1:
		return "the first in a day"
	case o.hour == 1:
		return o.atLeast(day, "at least the ") + ordinal(o.day) + " in a day"
	}
	words := o.atLeast(time.Hour, "at least the ") + ordinal(o.hour) + " in " + event.Span(max(o.first, time.Minute))
	if o.day > o.hour {
		words += fmt.Sprintf(", %s%d in the last day", o.atLeast(day, "at least "), o.day)
	}
	return words
}

// atLeast returns the words if the activities are not known that far back.
func (o frequency) atLeast(back time.Duration, words string) string {
	if o.reach < back {
		return words
	}
	return ""
}

// many reports whether there were so many that it is worse than one.
func (o frequency) many() bool { return o.hour >= 3 }

// escalated is one step up.
func escalated(s notice.Severity) notice.Severity {
	return wire.Severities[min(slices.Index(wire.Severities, s)+1, len(wire.Severities)-1)]
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
