package story

import (
	"slices"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// row is a notice as a row. Only of a release is it known how long it took.
func row(n *notice.Notice) timeline.Row {
	r := timeline.FromNotice(n, timeline.FromEvent)
	if n.Release == nil {
		return r
	}
	if slices.Contains(wire.NoisyCreators(), wire.Creator(n.Release.By)) {
		r.Lane, r.Release = timeline.Instances, nil // it releases nothing new
		return r
	}
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
