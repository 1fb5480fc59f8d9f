package event

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// often is how many instances of a group were terminated for one cause before a
// moment, the one of that moment included.
type often struct {
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
func (t *Termination) howOften(at time.Time) often {
	const day = 24 * time.Hour
	o := often{hour: 1, day: 1, reach: day}
	if !t.History.Value.Whole {
		o.reach = 0
	}
	seen := map[string]bool{t.Instance: true}
	for _, a := range t.History.Value.Activities {
		age := at.Sub(a.Started)
		if a.Started.IsZero() || age < 0 {
			continue
		}
		o.reach = max(o.reach, min(age, day))
		rest, ok := strings.CutPrefix(a.Description, terminating)
		if !ok || age > day || sortCause(a.Cause) != t.Cause {
			continue
		}
		// "Terminating EC2 instance: i-… - Waiting For ELB connection draining."
		id, _, _ := strings.Cut(strings.TrimLeft(rest, ": "), " ")
		if id = or(id, a.ID); seen[id] {
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

// words say it as a person would: "4th in 50 minutes, 9 in the last day".
func (o often) words() string {
	const day = 24 * time.Hour
	switch {
	case o.day <= 1 && o.reach < time.Minute:
		return "" // nothing is known, or nothing but this one
	case o.day == 1 && o.reach < day:
		return "the first in " + span(o.reach)
	case o.day == 1:
		return "the first in a day"
	case o.hour == 1:
		return o.least(day, "at least the ") + ordinal(o.day) + " in a day"
	}
	words := o.least(time.Hour, "at least the ") + ordinal(o.hour) + " in " + span(max(o.first, time.Minute))
	if o.day > o.hour {
		words += fmt.Sprintf(", %s%d in the last day", o.least(day, "at least "), o.day)
	}
	return words
}

// least returns the words if the activities are not known that far back.
func (o often) least(back time.Duration, words string) string {
	if o.reach < back {
		return words
	}
	return ""
}

// many reports whether there were so many that it is worse than one.
func (o often) many() bool { return o.hour >= 3 }

// worse is one step up.
func worse(s notice.Severity) notice.Severity {
	return wire.Severities[min(slices.Index(wire.Severities, s)+1, len(wire.Severities)-1)]
}
