package story

import (
	"cmp"
	"slices"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// lanes are the lanes of all kinds that are not about an instance or a task.
var lanes = map[notice.Kind]timeline.Lane{
	notice.KindDeployment: timeline.Releases, notice.KindAlarm: timeline.Alarms,
	notice.KindInstanceRefresh: timeline.Hooks, notice.KindLifecycle: timeline.Hooks,
	notice.KindHealth: timeline.Account, notice.KindPattern: timeline.Account, notice.KindUnknown: timeline.Account,
}

// row is a notice as a row. Only of a release is it known how long it took.
func row(n *notice.Notice) timeline.Row {
	r := timeline.Row{
		Start: n.Time, End: n.Time, Lane: cmp.Or(lanes[n.Kind], timeline.Instances), Kind: n.Kind, Severity: n.Severity, Status: n.Status,
		Title: n.Headline(), Facts: n.Facts, Key: n.Key, Source: timeline.FromEvent,
	}
	if len(n.Links) > 0 {
		r.Link = n.Links[0]
	}
	if n.Release == nil {
		return r
	}
	if slices.Contains(wire.NoisyCreators(), wire.Creator(n.Release.By)) {
		r.Lane = timeline.Instances // it releases nothing new
		return r
	}
	r.Release = n.Release
	if started := n.Release.Started; !started.IsZero() && started.Before(r.Start) {
		r.Start = started
	}
	if ended := n.Release.Ended; ended.After(r.Start) && ended.Before(r.End) {
		r.End = ended
	}
	return r
}

// joined makes one row of an alarm and of its end, which are two events, and of a release and
// what came of it.
func joined(all []timeline.Row) []timeline.Row {
	open := map[string]int{} // places of what is not over
	var some []timeline.Row
	for _, r := range all {
		name := nameOf(r)
		i, isOpen := open[name]
		switch {
		case name == "":
		case r.Kind == notice.KindAlarm && r.Status == notice.Open:
			if isOpen {
				continue
			}
			r.End = timeline.Row{}.End // until it is OK
			open[name] = len(some)
		case r.Kind == notice.KindAlarm && r.Status == notice.Resolved && isOpen:
			some[i].End = r.Start
			delete(open, name)
			continue
		case r.Release != nil && isOpen:
			r.Start = some[i].Start
			some[i] = r
			continue
		case r.Release != nil:
			open[name] = len(some)
		}
		some = append(some, r)
	}
	return some
}

// nameOf is what rows that belong together have in common; "" if nothing belongs to it.
func nameOf(r timeline.Row) string {
	switch {
	case r.Kind == notice.KindAlarm:
		return "alarm " + r.Key
	case r.Release != nil && r.Release.ID != "":
		return "release " + r.Release.ID
	}
	return ""
}
