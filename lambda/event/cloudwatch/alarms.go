package cloudwatch

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Alarm is a CloudWatch alarm that changed its state, or one of its contributors.
type Alarm struct {
	Name string
	// Contributor is the contributor of an alarm with several time series, "" for the alarm
	// itself, and ContributorID its id.
	Contributor, ContributorID string

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
	Tags     []string // "key: value", if the alarm sends its tags
}

// decodeAlarm reads "CloudWatch Alarm State Change" and "CloudWatch Alarm Contributor State
// Change", which has no previous state and no data.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
func decodeAlarm(e *event.Event, detail event.Fields) event.Subject {
	configuration, contributor := detail.Object("configuration"), detail.Object("alarmContributor")
	metrics := configuration.Objects("metrics")
	return &Alarm{
		Name:          cmp.Or(detail.Text("alarmName"), e.Resource(":alarm:")),
		Contributor:   cmp.Or(strings.Join(pairs(contributor.Object("attributes"), " "), ", "), contributor.Text("id")),
		ContributorID: contributor.Text("id"),
		Description:   configuration.Text("description"),
		Metrics:       append(metricLines(metrics), queryLines(configuration)...),
		Measured:      cmp.Or(measuredName(metrics), configuration.Object("scheduledQueryConfiguration").Text("aggregationExpression")),
		Rule:          configuration.Text("alarmRule"),
		Now:           decodeAlarmState(detail.Object("state")),
		Previous:      decodeAlarmState(detail.Object("previousState")),
		Muted:         decodeAlarmMute(detail.Object("muteDetail")),
		Tags:          pairs(detail.Object("alarmTags"), ": "),
	}
}

// pairs writes the fields of an object that are text, in the order of their names.
func pairs(f event.Fields, separator string) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if value := f.Text(name); value != "" {
			all = append(all, name+separator+value)
		}
	}
	return all
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
	stateInsufficientData: {"has insufficient data", "without sufficient data", notice.Warning, notice.Marker},
}

// evaluations say why an alarm could not be evaluated.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
var evaluations = map[string]string{
	"PARTIAL_DATA":       "not all of the data could be evaluated",
	"EVALUATION_ERROR":   "its configuration is wrong",
	"EVALUATION_FAILURE": "CloudWatch could not evaluate it for now",
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
	n.Kind = notice.KindAlarm
	n.Severity, n.Status = state.severity, state.status
	n.Key = e.Key("cloudwatch", s.Name)
	if s.ContributorID != "" {
		n.Key, n.GroupKey = e.Key("cloudwatch", s.Name, s.ContributorID), n.Key
	}
	since := event.FirstKnown(s.Now.Since, e.Time)
	s.headline(n, state, since)
	s.addFacts(n, e, now, since)
	n.Link("Alarm", e.Console().Alarm(s.Name))
}

// headline fills in the title and the summary. The title of an alarm in alarm says why, for a
// pager shows little else.
func (s *Alarm) headline(n *notice.Notice, state stateText, since time.Time) {
	what := "Alarm " + cmp.Or(s.Name, "without a name") + " " + state.now + event.Labeled(" for ", s.Contributor)
	reason := event.Quoted(s.Now.Reason)
	why := s.Now.why(s.Measured)
	if s.Now.Series != "" {
		why += event.Labeled(" of ", s.Measured)
	}
	n.Title = what
	if s.Now.Value == stateAlarm {
		n.Title += event.Labeled(": ", cmp.Or(why, short(reason)))
	}
	muted := s.Muted.text()
	if muted != "" {
		n.Title += " (muted)"
	}
	if len(s.Now.Triggers) > 0 {
		why = s.Now.triggered(trigger.text)
	}
	n.Summary = event.Sentences(what+event.Labeled(" after it was ", s.before(since))+event.Labeled(": ", cmp.Or(why, reason)),
		evaluations[s.Now.Evaluation],
		event.Labeled("it takes no actions: ", cmp.Or(s.Now.SuppressedReason, s.Now.SuppressedBy)),
		event.Labeled("it is muted ", muted))
}

func (s *Alarm) addFacts(n *notice.Notice, e *event.Event, now, since time.Time) {
	n.Add("Alarm", s.Name, e.Console().Alarm(s.Name))
	n.Add("Contributor", s.Contributor, "")
	n.Add("Description", s.Description, "")
	n.Add("State", s.Now.Value, "")
	n.Add("Before", s.before(since), "")
	s.Now.addFacts(n)
	n.Add("Metric", event.Listed(s.Metrics), "")
	n.Add("Rule", s.Rule, "")
	n.Add("Actions", cmp.Or(s.Now.SuppressedReason, s.Now.SuppressedBy), "")
	n.Add("Muted", s.Muted.text(), "")
	n.Add("Tags", event.Listed(s.Tags), "")
	n.Add("Since", notice.Moment(since, now), "")
	n.Add("AWS says", s.Now.Reason, "")
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
