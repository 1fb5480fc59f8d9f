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

const day = 24 * time.Hour

// frequency is how many instances of a group were terminated for the same cause in the hour
// and in the day before a time, including the one of that time. The zero value is not known.
type frequency struct {
	hour, day int
	// first is how long before was the first of the hour.
	first time.Duration
	// reach is how far back the activities of the group are known.
	reach time.Duration
	// later is how many came after, counted only if the activities do not reach back an hour.
	later int
}

// terminating is how Auto Scaling begins the description of a termination.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-verify-scaling-activity.html
const terminating = "Terminating EC2 instance"

// howOften counts the terminations for the same cause, unless this one failed. This one may
// be among the activities already, and an instance that took several attempts counts once.
func (t *Termination) howOften(at time.Time) frequency {
	if !t.Activities.Known || t.Failed {
		return frequency{}
	}
	f := frequency{hour: 1, day: 1, reach: t.Activities.Value.reach(at)}
	for _, d := range t.alikeOf(t.deathsBefore(at, day)) {
		f.count(at.Sub(d.started))
	}
	if f.crowded() {
		f.later = len(t.alikeOf(t.deaths(at, -day, day))) + 1 - f.day
	}
	return f
}

// alikeOf returns the terminations for the same cause.
func (t *Termination) alikeOf(deaths []otherDeath) []otherDeath {
	return slices.DeleteFunc(deaths, func(d otherDeath) bool { return d.cause != t.Cause || d.gone != t.Gone })
}

// reach is how far back before a time the activities are known, up to a day.
func (a ScalingActivities) reach(at time.Time) time.Duration {
	if a.Complete {
		return day
	}
	var reach time.Duration
	for _, activity := range a.Activities {
		if !activity.Started.IsZero() {
			reach = max(reach, min(at.Sub(activity.Started), day))
		}
	}
	return reach
}

// otherDeath is a termination of another instance, and why.
type otherDeath struct {
	instance string // or else the id of the activity
	started  time.Time
	failed   bool // it was not terminated
	reason
}

// deathsBefore are the terminations of other instances of the group within a time before, the
// newest first, each instance once.
func (t *Termination) deathsBefore(at time.Time, back time.Duration) []otherDeath {
	return t.deaths(at, 0, back)
}

// deaths are those that were between two durations before a time. A negative one is after it.
func (t *Termination) deaths(at time.Time, least, most time.Duration) []otherDeath {
	var deaths []otherDeath
	seen := map[string]bool{t.InstanceID: true}
	for i := range t.Activities.Value.Activities {
		a := &t.Activities.Value.Activities[i]
		id, ok := a.terminated()
		if age := at.Sub(a.Started); ok && !seen[id] && !a.Started.IsZero() && age >= least && age <= most {
			seen[id] = true
			deaths = append(deaths, otherDeath{id, a.Started, a.failed(), a.reason()})
		}
	}
	return deaths
}

// terminated returns the instance that an activity terminated, or else the id of the
// activity. ok is false if the activity is another one.
func (a Activity) terminated() (id string, ok bool) {
	rest, ok := strings.CutPrefix(a.Description, terminating)
	// "Terminating EC2 instance: i-… - Waiting For ELB connection draining.",
	// "Terminating EC2 instance from warm pool: i-…"
	_, id, _ = strings.Cut(rest, ": ")
	id, _, _ = strings.Cut(id, " ")
	return cmp.Or(id, a.ID), ok
}

// failed reports whether the activity did not do what it was for.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Activity.html
func (a Activity) failed() bool { return a.Status == "Failed" || a.Status == "Cancelled" } //nolint:misspell // as AWS spells it

// count adds a termination that was that long before.
func (f *frequency) count(age time.Duration) {
	f.day++
	if age <= time.Hour {
		f.hour++
		f.first = max(f.first, age)
	}
}

// text says it as a person would: "4th in 50 minutes, 9 in the last day".
func (f frequency) text() string {
	if f.later > 0 {
		return event.Joined(", ", f.before(), fmt.Sprintf("%d more since", f.later))
	}
	return f.before()
}

// before says it of the time before.
func (f frequency) before() string {
	switch {
	case f.day <= 1 && f.reach < time.Minute:
		return "" // nothing is known but this one
	case f.day == 1 && f.reach < day:
		return "the first in " + event.Span(f.reach)
	case f.day == 1:
		return "the first in a day"
	case f.hour == 1:
		return f.atLeast(day, "at least the ") + ordinal(f.day) + " in a day"
	}
	text := f.atLeast(time.Hour, "at least the ") + ordinal(f.hour) + " in " + event.Span(max(f.first, time.Minute))
	if f.day > f.hour {
		text += fmt.Sprintf(", %s%d in the last day", f.atLeast(day, "at least "), f.day)
	}
	return text
}

// atLeast returns the text if the activities are not known that far back.
func (f frequency) atLeast(back time.Duration, text string) string {
	if f.reach < back {
		return text
	}
	return ""
}

// many reports whether there were so many that each is worse.
func (f frequency) many() bool { return f.hour+f.later >= manyInstances }

// crowded reports whether the group did so much that its activities, a page of them, do not reach
// back an hour: then those that came after count as well.
func (f frequency) crowded() bool { return f.reach < time.Hour }

// manyInstances are so many that each is worse.
const manyInstances = 3

// escalated is the next higher severity.
func escalated(s notice.Severity) notice.Severity {
	all := wire.AllSeverities()
	return all[min(slices.Index(all, s)+1, len(all)-1)]
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
