package autoscaling

import (
	"slices"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Recovery is the end of what a termination is about: its group has all instances again. AWS sends
// no event of that.
type Recovery struct {
	// Last is the termination, with the group and its activities as of Asked.
	Last *Termination
	// Asked is when the group was asked for, and Decided when it decided to terminate the instance.
	Asked, Decided time.Time
	// Deleted is true if there is no such group anymore.
	Deleted bool
}

var (
	_ event.Lasting = (*Termination)(nil)
	_ event.End     = (*Recovery)(nil)
)

// Lasts implements [event.Lasting]. What may not be looked up, or has no group, is not found out
// later, and an instance that could not be terminated needs a person.
func (t *Termination) Lasts() bool {
	return !t.Failed && t.GroupName != "" && (t.Group.Known || t.Group.Temporary)
}

// End implements [event.Lasting].
func (t *Termination) End() event.End { return &Recovery{Last: t} }

// recurring is how far apart terminations are at most that belong together.
const recurring = time.Hour

// SkipReason implements [event.Subject]. A group that keeps losing instances is well in between:
// it has recovered once it was quiet for longer than between the last two. Of many terminations,
// the last that the watch reports decides.
func (r *Recovery) SkipReason(w wire.Watch) string {
	group, activities := r.Last.Group, r.Last.Activities
	switch {
	case r.Deleted:
		return ""
	case !group.Known:
		return "the group could not be looked up: " + group.Problem
	case !activities.Known:
		return "what the group did could not be looked up: " + activities.Problem
	case r.superseded(w):
		return "another instance was terminated since"
	case group.Value.Healthy < group.Value.Desired:
		return "the group has " + group.Value.capacity()
	case r.Asked.Sub(r.Decided) < r.pace():
		return "the group loses instances time and again"
	default:
		return ""
	}
}

// Pending implements [event.End].
func (r *Recovery) Pending(w wire.Watch) bool { return !r.superseded(w) && r.SkipReason(w) != "" }

// superseded reports whether a later termination is sure to be reported, whose own end is then
// found out. Two of the same second are told apart by their instances.
func (r *Recovery) superseded(w wire.Watch) bool {
	at := r.Decided.Truncate(time.Second)
	return slices.ContainsFunc(r.Last.deaths(at, -day, 0), func(d otherDeath) bool {
		reported := w.Terminations == nil || w.Terminations.Wants(d.cause)
		return reported && !d.failed && !d.gone && textOf(d.cause).wrong &&
			(d.started.Truncate(time.Second).After(at) || d.instance > r.Last.InstanceID)
	})
}

// pace is how long it was between this termination and the one before, zero if that was no
// trouble or long ago.
func (r *Recovery) pace() time.Duration {
	for _, d := range r.Last.deathsBefore(r.Decided, recurring) {
		if textOf(d.cause).wrong {
			return r.Decided.Sub(d.started)
		}
	}
	return 0
}

// Describe implements [event.Subject].
func (r *Recovery) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	name, instance, group := r.Last.GroupName, r.Last.InstanceID, r.Last.Group.Value
	title, what := name+" is back: "+group.health(), "Group "+name+" has "+group.capacity()
	switch {
	case r.Deleted:
		title, what = name+" was deleted", "Group "+name+" was deleted"
	case group.Desired == 0:
		title = name + " needs no instances anymore"
	}
	n.ID, n.Time = e.ID+"-recovery", r.Asked
	n.Kind = notice.KindTermination
	n.Severity, n.Status = notice.Info, notice.Resolved
	n.Key = groupKey(e, name)
	n.Title = title
	n.Summary = what + ", " + event.After(r.Asked.Sub(r.Decided), "instance "+instance+" was terminated ("+r.Last.causeName()+")") + "."

	console := e.Console()
	n.Add("Group", name, console.AutoScalingGroup(name))
	n.Add("Capacity", capacityOf(r.Last.Group), "")
	n.Add("Last instance terminated", instance, console.Instance(instance))
	n.Add("Terminated", notice.Moment(r.Decided, now), "")
	n.Link("Group activity", console.GroupActivity(name))
}
