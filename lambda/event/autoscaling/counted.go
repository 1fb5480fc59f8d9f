package autoscaling

import (
	"cmp"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
)

var (
	_ event.Countable = (*Termination)(nil)
	_ event.Countable = (*Launch)(nil)
	_ event.Undecided = (*Termination)(nil)
)

// Counted implements [event.Countable].
func (t *Termination) Counted(e *event.Event) event.Counted {
	phrase := "terminated in "
	if t.Failed {
		phrase = "not terminated in "
	}
	return event.Counted{
		Noun: "instance", Phrase: phrase + cmp.Or(t.GroupName, "an unnamed group"),
		Label: "Instances", Thing: t.InstanceID, At: t.Decided(e),
		By: []event.CountedBy{{Label: "Cause", Value: t.causeName()}, {Label: "Zone", Value: t.Zone}},
	}
}

// Undecided implements [event.Undecided]: EC2 says what an instance was found terminated for.
func (t *Termination) Undecided(w wire.Watch) bool {
	return w.Terminations != nil && t.Gone && !t.Failed && !t.Instance.Known
}

// Counted implements [event.Countable].
func (l *Launch) Counted(e *event.Event) event.Counted {
	phrase, outcome := "launched in ", "launched"
	if l.Failed {
		phrase, outcome = "not launched in ", cmp.Or(l.StatusText, "AWS does not say why")
	}
	return event.Counted{
		Noun: "instance", Phrase: phrase + cmp.Or(l.GroupName, "an unnamed group"),
		Label: "Instances", Thing: l.InstanceID, At: event.FirstKnown(l.Started, e.Time),
		By: []event.CountedBy{{Label: "Outcome", Value: event.Quoted(outcome)}, {Label: "Zone", Value: l.Zone}},
	}
}
