package cloudwatch

import (
	"cmp"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Alarm is a CloudWatch alarm that changed its state.
type Alarm struct {
	Name        string
	Description string // the team's own
	// Metrics are what the alarm looks at, a line for each, and Measured the name of what is
	// compared with the threshold.
	Metrics  []string
	Measured string
	// Rule is the expression of a composite alarm.
	Rule     string
	Now      alarmState
	Previous alarmState // empty if the event does not say
	Muted    alarmMute
}

// decodeAlarm reads "CloudWatch Alarm State Change".
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
func decodeAlarm(e *event.Event, detail event.Fields) event.Subject {
	configuration := detail.Object("configuration")
	metrics := configuration.Objects("metrics")
	return &Alarm{
		Name:        cmp.Or(detail.Text("alarmName"), e.Resource(":alarm:")),
		Description: configuration.Text("description"),
		Metrics:     metricLines(metrics),
		Measured:    measuredName(metrics),
		Rule:        configuration.Text("alarmRule"),
		Now:         decodeAlarmState(detail.Object("state")),
		Previous:    decodeAlarmState(detail.Object("previousState")),
		Muted:       decodeAlarmMute(detail.Object("muteDetail")),
	}
}

// SkipReason implements [event.Subject].
func (s *Alarm) SkipReason(w wire.Watch) string {
	if w.Alarms != nil && w.Alarms.RecoveriesOnly && s.Now.Value == stateOK &&
		s.Previous.Value != "" && s.Previous.Value != stateAlarm {
		return "the alarm was not in alarm before"
	}
	return ""
}

// The states of an alarm.
const (
	stateOK               = "OK"
	stateAlarm            = "ALARM"
	stateInsufficientData = "INSUFFICIENT_DATA"
)

// stateText says a state, of now and of before.
type stateText struct {
	now, before string
	severity    notice.Severity
	status      notice.Status
}

// states are the states of an alarm. Without data it is not known whether something is wrong:
// that neither opens anything nor resolves what is open.
var states = map[string]stateText{
	stateAlarm:            {"is in alarm", "in alarm", notice.Error, notice.Open},
	stateOK:               {"is OK", "OK", notice.Info, notice.Resolved},
	stateInsufficientData: {"has too little data", "without enough data", notice.Warning, notice.Marker},
}

// Describe implements [event.Subject].
func (s *Alarm) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	state, known := states[s.Now.Value]
	if !known {
		state = stateText{"is in state " + cmp.Or(s.Now.Value, "unknown"), "", notice.Warning, notice.Marker}
	}
	if s.Now.Value == stateOK && s.Previous.Value == stateAlarm {
		state.now += " again"
	}
	name := cmp.Or(s.Name, "without a name")
	since := event.FirstKnown(s.Now.Since, e.Time)
	before := s.before(since)

	n.Kind = notice.KindAlarm
	n.Severity, n.Status = state.severity, state.status
	n.Key = e.Key("cloudwatch", s.Name)
	n.Title = "Alarm " + name + " " + state.now
	measured := s.Now.measured(cmp.Or(s.Measured, "the newest value"))
	why := cmp.Or(measured, s.Now.triggered(), event.Quoted(s.Now.Reason))
	n.Summary = event.Sentences(n.Title + event.Labeled(" after it was ", before) + event.Labeled(": ", why))
	if s.Now.Value == stateAlarm {
		n.Title += event.Labeled(": ", measured) // a pager shows little else
	}

	console := e.Console()
	n.Add("Alarm", s.Name, console.Alarm(s.Name))
	n.Add("Description", s.Description, "")
	n.Add("State", s.Now.Value, "")
	n.Add("Before", before, "")
	s.Now.addFacts(n)
	n.Add("Metric", event.Listed(s.Metrics), "")
	n.Add("Rule", s.Rule, "")
	n.Add("Actions", cmp.Or(s.Now.SuppressedReason, s.Now.SuppressedBy), "")
	n.Add("Muted", s.Muted.text(), "")
	n.Add("Since", notice.Moment(since, now), "")
	n.Add("AWS says", s.Now.Reason, "")
	n.Link("Alarm", console.Alarm(s.Name))
}

// before says in which state the alarm was until a time, and for how long.
func (s *Alarm) before(until time.Time) string {
	value := s.Previous.Value
	if value == "" {
		return ""
	}
	text := cmp.Or(states[value].before, value)
	if lasted := event.Took(s.Previous.Since, until); lasted != "" {
		text += " for " + lasted
	}
	return text
}
