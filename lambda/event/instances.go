package event

import (
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Instance is an EC2 instance that changed its state.
type Instance struct {
	ID, State string // the state in lower case

	// Machine is what EC2 knows of the instance. Evidence.
	Machine Finding[Machine]
}

// decodeInstance reads "EC2 Instance State-change Notification".
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html
func decodeInstance(e *Event, detail fields) Subject {
	return &Instance{
		ID:    or(detail.text("instance-id"), e.resource(":instance/")),
		State: strings.ToLower(detail.text("state")),
	}
}

func (s *Instance) unwanted(wire.Watch) string { return "" }

// instanceWords say a state after the instance's name.
type instanceWords struct {
	words    string
	severity notice.Severity
	status   notice.Status
	down     bool // it runs no more, or soon will not
}

// instanceStates are the states of an instance. One that runs resolves what one that
// went down opened.
var instanceStates = map[string]instanceWords{
	"pending":       {"is starting", notice.Info, notice.Marker, false},
	"running":       {"is running", notice.Info, notice.Resolved, false},
	"stopping":      {"is stopping", notice.Warning, notice.Open, true},
	"stopped":       {"is stopped", notice.Warning, notice.Open, true},
	"shutting-down": {"is being terminated", notice.Warning, notice.Open, true},
	"terminated":    {"is terminated", notice.Warning, notice.Open, true},
}

func (s *Instance) tell(n *notice.Notice, e *Event, now time.Time) {
	m := s.Machine.Value
	state, known := instanceStates[s.State]
	if !known {
		state = instanceWords{"is " + or(s.State, "in an unknown state"), notice.Warning, notice.Marker, false}
	}
	name, instance := named(s.ID, m.Name, m.Group)

	n.Kind = notice.KindInstance
	n.Severity, n.Status = state.severity, state.status
	n.Key = e.key("ec2", s.ID)
	n.Title = name + " " + state.words
	n.Summary = "Instance " + instance + " " + state.words
	var reason stateReason
	if state.down {
		reason = reasonOf(m.StateReason)
	} else { // the reason of a state before would mislead
		m.StateReason = ""
	}
	if reason.words != "" {
		n.Summary += ": " + reason.words
	}
	n.Summary += "."
	if reason.asked { // by somebody: nothing is wrong
		n.Severity, n.Status = notice.Info, notice.Marker
	}

	console := consoleFor(e.Region)
	n.Add("Instance", s.ID, console.instance(s.ID))
	n.Add("Name", m.Name, "")
	n.Add("Group", m.Group, console.group(m.Group))
	n.Add("State", s.State, "")
	n.Add("Reason", reason.words, "")
	if m.State == s.State {
		m.State = ""
	}
	m.tell(n, "", now)
	n.Add("Time", notice.Moment(e.Time, now), "")
	var missing gaps
	missing.add("Instance", s.Machine.Problem)
	missing.tell(n)
	n.Link("Instance", console.instance(s.ID))
	n.Link("Group activity", console.groupActivity(m.Group))
}
