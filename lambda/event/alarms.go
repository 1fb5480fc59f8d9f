package event

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Alarm is a CloudWatch alarm that changed its state.
type Alarm struct {
	Name        string
	Description string // the team's own
	// Metrics are what the alarm is of, a line for each, and Measured the name of what is
	// held against the threshold.
	Metrics  []string
	Measured string
	// Rule is what a composite alarm is of.
	Rule     string
	Now      alarmState
	Previous alarmState // empty if the event does not say
	Muted    alarmMute
}

// decodeAlarm reads "CloudWatch Alarm State Change".
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
func decodeAlarm(e *Event, detail fields) Subject {
	configuration := detail.object("configuration")
	metrics := configuration.objects("metrics")
	return &Alarm{
		Name:        or(detail.text("alarmName"), e.resource(":alarm:")),
		Description: configuration.text("description"),
		Metrics:     alarmMetrics(metrics),
		Measured:    measuredName(metrics),
		Rule:        configuration.text("alarmRule"),
		Now:         decodeAlarmState(detail.object("state")),
		Previous:    decodeAlarmState(detail.object("previousState")),
		Muted:       decodeAlarmMute(detail.object("muteDetail")),
	}
}

func (s *Alarm) unwanted(w wire.Watch) string {
	if w.Alarms != nil && w.Alarms.RecoveriesOnly && s.Now.Value == alarmOK &&
		s.Previous.Value != "" && s.Previous.Value != alarmAlarm {
		return "the alarm was not in alarm before"
	}
	return ""
}

// The states of an alarm.
const (
	alarmOK    = "OK"
	alarmAlarm = "ALARM"
	alarmBlind = "INSUFFICIENT_DATA"
)

// alarmWords say a state.
type alarmWords struct {
	now, before string
	severity    notice.Severity
	status      notice.Status
}

// alarmStates are the states of an alarm. Without data nobody knows whether something
// is wrong: that neither opens anything nor resolves what is open.
var alarmStates = map[string]alarmWords{
	alarmAlarm: {"is in alarm", "in alarm", notice.Error, notice.Open},
	alarmOK:    {"is OK", "OK", notice.Info, notice.Resolved},
	alarmBlind: {"has too little data", "without enough data", notice.Warning, notice.Marker},
}

func (s *Alarm) tell(n *notice.Notice, e *Event, now time.Time) {
	state, known := alarmStates[s.Now.Value]
	if !known {
		state = alarmWords{"is in state " + or(s.Now.Value, "unknown"), "", notice.Warning, notice.Marker}
	}
	if s.Now.Value == alarmOK && s.Previous.Value == alarmAlarm {
		state.now += " again"
	}
	name := or(s.Name, "without a name")
	since := firstKnown(s.Now.Since, e.Time)
	before := s.before(since)

	n.Kind = notice.KindAlarm
	n.Severity, n.Status = state.severity, state.status
	n.Key = e.key("cloudwatch", s.Name)
	n.Title = "Alarm " + name + " " + state.now
	measured := s.Now.measured(or(s.Measured, "the newest value"))
	why := or(measured, or(s.Now.triggered(), quoted(s.Now.Reason)))
	n.Summary = sentences(n.Title + labelled(" after it was ", before) + labelled(": ", why))
	if s.Now.Value == alarmAlarm {
		n.Title += labelled(": ", measured) // a pager shows little else
	}

	console := consoleFor(e.Region)
	n.Add("Alarm", s.Name, console.alarm(s.Name))
	n.Add("Description", s.Description, "")
	n.Add("State", s.Now.Value, "")
	n.Add("Before", before, "")
	s.Now.tell(n)
	n.Add("Metric", listed(s.Metrics), "")
	n.Add("Rule", s.Rule, "")
	n.Add("Actions", or(s.Now.SuppressedReason, s.Now.SuppressedBy), "")
	n.Add("Muted", s.Muted.words(), "")
	n.Add("Since", notice.Moment(since, now), "")
	n.Add("AWS says", s.Now.Reason, "")
	n.Link("Alarm", console.alarm(s.Name))
}

// before says in which state the alarm was until then, and for how long.
func (s *Alarm) before(then time.Time) string {
	value := s.Previous.Value
	if value == "" {
		return ""
	}
	words := or(alarmStates[value].before, value)
	if lasted := took(s.Previous.Since, then); lasted != "" {
		words += " for " + lasted
	}
	return words
}
