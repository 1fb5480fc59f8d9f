package ecs

import (
	"cmp"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
)

var (
	_ event.Countable = (*Task)(nil)
	_ event.Countable = (*Service)(nil)
	_ event.Undecided = (*Task)(nil)
)

// Counted implements [event.Countable].
func (t *Task) Counted(*event.Event) event.Counted {
	return event.Counted{
		Noun: "task", Phrase: "of " + cmp.Or(t.Service, t.TaskDefinition, "no service") + " stopped in " + cmp.Or(t.Cluster, "an unnamed cluster"),
		Label: "Tasks", Thing: t.ID, At: t.Decided, Within: t.within(),
		By: []event.CountedBy{{Label: "Reason", Value: stops[t.reason()].name}, {Label: "Zone", Value: t.Zone}},
	}
}

// within collects the tasks of no service by what they are tasks of.
func (t *Task) within() string {
	if t.Service != "" {
		return ""
	}
	return "ecs:task:" + t.Cluster + "/" + t.TaskDefinition
}

// Undecided implements [event.Undecided]: what was scaled in may have been a deployment.
func (t *Task) Undecided(w wire.Watch) bool {
	return w.ECSTasks != nil && t.Reason == wire.StopScaling && t.Deployment != "" && !t.Info.Known
}

// Counted implements [event.Countable].
func (s *Service) Counted(*event.Event) event.Counted {
	what := cmp.Or(serviceEvents[s.EventName].title, s.EventName, "unknown")
	return event.Counted{
		Noun: "event", Phrase: "of service " + cmp.Or(s.Service, "without a name") + " in " + cmp.Or(s.Cluster, "an unnamed cluster"),
		Label: "Services", Thing: s.Service,
		By: []event.CountedBy{{Label: "Event", Value: what}, {Label: "Reason", Value: event.Quoted(s.Reason)}},
	}
}
