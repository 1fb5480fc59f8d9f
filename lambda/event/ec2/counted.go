package ec2

import (
	"cmp"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
)

var (
	_ event.Countable = (*InstanceStateChange)(nil)
	_ event.Countable = (*Interruption)(nil)
	_ event.Undecided = (*Interruption)(nil)
)

// Counted implements [event.Countable]. The event names no group.
func (s *InstanceStateChange) Counted(e *event.Event) event.Counted {
	return event.Counted{
		Noun: "change", Phrase: "of instances", Label: "Instances", Thing: s.InstanceID,
		By:     []event.CountedBy{{Label: "State", Value: cmp.Or(s.State, "unknown")}},
		Within: e.Key("ec2", "states"),
	}
}

// Counted implements [event.Countable]. The event names no group.
func (i *Interruption) Counted(e *event.Event) event.Counted {
	action := cmp.Or(i.Action, "interruption")
	if i.Rebalance {
		action = "rebalance recommendation"
	}
	return event.Counted{
		Noun: "warning", Phrase: "that EC2 takes back instances", Label: "Instances", Thing: i.InstanceID,
		By:     []event.CountedBy{{Label: "Action", Value: action}},
		Within: e.Key("ec2", "interruptions"),
	}
}

// Undecided implements [event.Undecided]: the watch may name groups, and the event does not.
func (i *Interruption) Undecided(w wire.Watch) bool {
	return w.SpotInterruptions != nil && len(w.SpotInterruptions.Groups) > 0 && !i.Instance.Known
}
