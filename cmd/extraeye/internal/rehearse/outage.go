package rehearse

import (
	"context"
	"slices"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/destination"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/lambda/notice"
)

// outage shows once what becomes of a notice while a destination outside of AWS is down: the
// first notice that says that something is wrong or, if there is none, the first.
type outage struct {
	found *scene
	shown bool
}

// scene is a delivery that is played again.
type scene struct {
	cue
	isOpen bool
}

// consider takes a delivery that was played, if it is a better one than that before.
func (o *outage) consider(c cue, d *inbox.Delivery) {
	if o == nil || o.shown || o.found != nil && o.found.isOpen {
		return
	}
	outside := destination.OutsideAWS()
	for _, i := range d.Items {
		isOpen := i.Status == notice.Open
		if i.Outcome == result.Sent && slices.Contains(outside, i.Sink) && (o.found == nil || isOpen) {
			c.event.file += "-while-" + i.Sink + "-is-down"
			c.event.down = i.Sink
			o.found = &scene{c, isOpen}
			return
		}
	}
}

// showOutage plays the outage after the event that it is about. After the last event, any is good enough.
func (s *stage) showOutage(ctx context.Context, o *outage, isLast bool) []*inbox.Delivery {
	if o == nil || o.shown || o.found == nil || !o.found.isOpen && !isLast {
		return nil
	}
	o.shown = true
	d := s.deliver(ctx, o.found.cue)
	d.IsRepeated = true
	return []*inbox.Delivery{d}
}
