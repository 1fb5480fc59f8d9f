package evidence

import (
	"context"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
)

// forRecovery lists the look-ups for whether a group has recovered. Many ask that at the same
// time after a mass failure, so that an answer of the last seconds will do.
func (l *Lookups) forRecovery(e *event.Event, r *autoscaling.Recovery) []lookup {
	r.Decided, r.Asked = r.Last.Decided(e), time.Now().UTC()
	recent, last := r.Asked.Add(-fresh), r.Last
	return []lookup{
		func(ctx context.Context) {
			last.Group = l.group(l.reusing(ctx, recent), e.Region, last.GroupName)
			r.Deleted = last.Group.Problem == groupGone
		},
		func(ctx context.Context) {
			last.Activities = l.scalingActivities(l.reusing(ctx, recent), e.Region, last.GroupName, r.Decided)
		},
	}
}
