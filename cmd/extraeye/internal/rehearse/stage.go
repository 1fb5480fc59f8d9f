package rehearse

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fake"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fakeaws"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/lambdaruntime"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
)

// stage plays one delivery at a time, with fakes and notifiers of its own.
type stage struct {
	fakes     *fake.Server
	bootstrap string
	fleets    map[string]*fleet                  // by the ARNs of functions
	templates map[string]string                  // the ARNs of functions in templates, by those that they are played as
	notifiers map[string]*lambdaruntime.Function // by account and Region, or by the ARNs of functions with a fleet
}

// openStages opens as many stages as can play at the same time.
func openStages(c fake.Config) (all []*stage, err error) {
	for range min(runtime.GOMAXPROCS(0), maxStages) {
		fakes, err := fake.Start(c)
		if err != nil {
			closeStages(all)
			return nil, err
		}
		all = append(all, &stage{fakes: fakes, templates: map[string]string{}, notifiers: map[string]*lambdaruntime.Function{}})
	}
	return all, nil
}

const (
	// maxStages is more than what one process can keep busy.
	maxStages = 4
	// eventsForStage is how many events are worth the start of a notifier.
	eventsForStage = 50
)

func closeStages(all []*stage) {
	for _, s := range all {
		for _, f := range s.notifiers {
			f.Close()
		}
		s.fakes.Close()
	}
}

// cue is a target of a rule that an event matches, and the account at that time.
type cue struct {
	event   event
	rule    rule
	target  assembly.Target
	account fakeaws.Account
}

// deliver gives the event to the target.
func (s *stage) deliver(ctx context.Context, c cue) *inbox.Delivery {
	started := time.Now()
	d := newDelivery(c.event, result.Result{Rule: c.rule.label(), Target: c.target.ID, Sink: kind(c.target)})
	payload, err := c.target.Payload(c.event.raw, c.rule.Rule)
	function, isNotifier := notifierOf(c.target)
	in, isDelivery := readInput(payload)
	switch {
	case err != nil:
		d.Items[0].Outcome, d.Items[0].Reason = result.Failed, fmt.Sprintf("EventBridge cannot make the target's input: %v", err)
	case isNotifier && isDelivery:
		var waited time.Duration
		if d.Input = payload; c.target.Kind != "AWS::Lambda::Function" {
			d.Input, waited = wait(payload, time.Now())
		}
		s.notify(ctx, c, function, in, d)
		for i := range d.Items {
			d.Items[i].Reason = after(d.Items[i].Reason, waited)
		}
	default:
		carry(d, payload, c.target)
	}
	for i := range d.Items {
		d.Items[i].MS = time.Since(started).Milliseconds()
	}
	return d
}
