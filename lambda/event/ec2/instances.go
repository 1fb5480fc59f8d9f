package ec2

import (
	"cmp"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// InstanceStateChange is an EC2 instance that changed its state.
type InstanceStateChange struct {
	InstanceID string
	State      string // in lower case

	// Instance is EC2's record of it.
	Instance event.Finding[Instance]
}

// decodeInstanceStateChange reads "EC2 Instance State-change Notification".
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html
func decodeInstanceStateChange(e *event.Event, detail event.Fields) event.Subject {
	return &InstanceStateChange{
		InstanceID: cmp.Or(detail.Text("instance-id"), e.Resource(":instance/")),
		State:      strings.ToLower(detail.Text("state")),
	}
}

// SkipReason is always "": the rule matches the states that the watch reports.
func (s *InstanceStateChange) SkipReason(wire.Watch) string { return "" }

// stateText is how a notice words a state, after the instance's name.
type stateText struct {
	text     string
	severity notice.Severity
	status   notice.Status
	down     bool // it no longer runs, or soon will not
}

// states are the states of an instance. A running one resolves what it opened when it went
// down.
var states = map[string]stateText{
	"pending":       {"is starting", notice.Info, notice.Marker, false},
	"running":       {"is running", notice.Info, notice.Resolved, false},
	"stopping":      {"is stopping", notice.Warning, notice.Open, true},
	"stopped":       {"is stopped", notice.Warning, notice.Open, true},
	"shutting-down": {"is being terminated", notice.Warning, notice.Open, true},
	"terminated":    {"is terminated", notice.Warning, notice.Open, true},
}

// Describe implements [event.Subject].
func (s *InstanceStateChange) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	record := s.Instance.Value
	state, known := states[s.State]
	if !known {
		state = stateText{"is " + cmp.Or(s.State, "in an unknown state"), notice.Warning, notice.Marker, false}
	}
	name, instance := Names(s.InstanceID, record.Name, record.Group)

	n.Kind = notice.KindInstance
	n.Severity, n.Status = state.severity, state.status
	n.Key = e.Key("ec2", s.InstanceID)
	n.Title = name + " " + state.text
	n.Summary = "Instance " + instance + " " + state.text
	var reason StateReason
	if state.down {
		reason = ReasonOf(record.StateReason)
	} else { // it is the reason of an earlier state
		record.StateReason = ""
	}
	if reason.Text != "" {
		n.Summary += ": " + reason.Text
	}
	n.Summary += "."
	if reason.By == ByUser { // nothing is wrong
		n.Severity, n.Status = notice.Info, notice.Marker
	}

	console := e.Console()
	n.Add("Instance", s.InstanceID, console.Instance(s.InstanceID))
	n.Add("Name", record.Name, "")
	n.Add("Group", record.Group, console.AutoScalingGroup(record.Group))
	n.Add("State", s.State, "")
	n.Add("Reason", reason.Text, "")
	if record.State == s.State {
		record.State = ""
	}
	record.AddFacts(n, "", now)
	n.Add("Time", notice.Moment(e.Time, now), "")
	var missing event.Gaps
	missing.Add("Instance", s.Instance.Problem)
	missing.AddTo(n)
	n.Link("Instance", console.Instance(s.InstanceID))
	n.Link("Group activity", console.GroupActivity(record.Group))
}
