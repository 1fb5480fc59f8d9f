package wire

import "slices"

// DrillSource is the source of the events of drills: events that "extraeye drill" puts on the bus
// as if AWS had sent them, so that a team sees its own path work. Rules match it beside the source
// that they are for.
const DrillSource = "extraeye.drill"

// Drill is what the detail of such an event has, at [DrillField], beside what AWS's has.
type Drill struct {
	// Source is the source that AWS's event has.
	Source string `json:"source"`
	// Service is the service whose watches report it. Empty: any.
	Service string `json:"service,omitempty"`
	// Watches are the kinds of watches that report it. Empty: all.
	Watches []string `json:"watches,omitempty"`
	// Sinks are the kinds of sinks that it is sent to. Empty: all.
	Sinks []string `json:"sinks,omitempty"`
	// Team is the team of a fleet that is notified, whatever the event is about. Empty: whose that is.
	Team string `json:"team,omitempty"`
	// Page sends it to pagers, too.
	Page bool `json:"page,omitempty"`
}

// DrillField is the field of the detail that has the [Drill].
const DrillField = "extraeyeDrill"

// WantsWatch reports whether a watch is part of the drill.
func (d Drill) WantsWatch(w Watch) bool {
	return in(d.Watches, w.Kind()) && (d.Service == "" || d.Service == w.Service)
}

// WantsSink reports whether a sink is part of the drill.
func (d Drill) WantsSink(s Sink) bool { return in(d.Sinks, s.Kind()) && (d.Page || !s.Pages()) }

// in reports whether a name is one of those that are asked for.
func in(names []string, name string) bool {
	return len(names) == 0 || slices.Contains(names, name)
}

// Pages reports whether the sink wakes people up: a pager does, by its alerts.
func (s Sink) Pages() bool { return s.PagerDuty != nil && !s.PagerDuty.Changes }
