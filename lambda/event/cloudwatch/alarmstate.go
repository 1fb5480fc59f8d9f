package cloudwatch

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// alarmState is a state of an alarm and what CloudWatch says of it.
type alarmState struct {
	Value  string // OK, ALARM or INSUFFICIENT_DATA
	Since  time.Time
	Reason string
	// Evaluation is PARTIAL_DATA, EVALUATION_ERROR or EVALUATION_FAILURE if the alarm could not
	// be evaluated, or not with all of the data.
	Evaluation string
	// What keeps a composite alarm from taking actions, and why.
	SuppressedBy, SuppressedReason string

	// Values are what was measured, the newest last. They were compared with a threshold or with
	// a band. All of these are numbers.
	Values                  []string
	Threshold, Lower, Upper string
	// Missing says what data is missing, and what that counts as.
	Missing string
	// Series says how many time series have the state: "6 of 6 time series".
	Series string
	// Triggers are the alarms that changed a composite alarm.
	Triggers []trigger
}

// trigger is an alarm and its state, which may be "".
type trigger struct{ Name, State string }

func (t trigger) text() string {
	if t.State == "" {
		return t.Name
	}
	return t.Name + " (" + t.State + ")"
}

// decodeAlarmState reads "state" or "previousState".
func decodeAlarmState(f event.Fields) alarmState {
	s := alarmState{
		Value:            strings.ToUpper(f.Text("value")),
		Since:            f.Time("timestamp"),
		Reason:           f.Text("reason"),
		Evaluation:       f.Text("evaluationState"),
		SuppressedBy:     f.Text("actionsSuppressedBy"),
		SuppressedReason: f.Text("actionsSuppressedReason"),
	}
	data := f.Object("reasonData")
	if data == nil { // AWS sends JSON within a string
		data, _ = event.Object(json.RawMessage(f.Text("reasonData")))
	}
	s.Values = data.Texts("recentDatapoints")
	s.Threshold = data.Text("threshold")
	s.Lower = last(data.Texts("recentLowerThresholds"))
	s.Upper = last(data.Texts("recentUpperThresholds"))
	for _, alarm := range data.Objects("triggeringAlarms") {
		_, name, _ := strings.Cut(alarm.Text("arn"), ":alarm:")
		if name = cmp.Or(name, alarm.Text("arn")); name != "" {
			s.Triggers = append(s.Triggers, trigger{name, alarm.Object("state").Text("value")})
		}
	}
	s.readReason()
	return s
}

// measured says the newest value and what it was compared with: "CPUUtilization is 99.5, the
// threshold 50". It is "" without values.
func (s alarmState) measured(name string) string {
	value := last(s.Values)
	if value == "" {
		return ""
	}
	text := name + " is " + rounded(value)
	if s.Threshold != "" {
		text += ", the threshold " + rounded(s.Threshold)
	} else if band := s.band(rounded); band != "" {
		text += ", expected is " + band
	}
	return text
}

// band says which values are expected, "" without a band.
func (s alarmState) band(write func(string) string) string {
	switch {
	case s.Lower == "" && s.Upper == "":
		return ""
	case s.Lower == "":
		return "at most " + write(s.Upper)
	case s.Upper == "":
		return "at least " + write(s.Lower)
	default:
		return write(s.Lower) + " to " + write(s.Upper)
	}
}

// triggered says which alarms changed a composite alarm.
func (s alarmState) triggered(write func(trigger) string) string {
	if len(s.Triggers) == 0 {
		return ""
	}
	var all []string
	for _, t := range s.Triggers {
		all = append(all, write(t))
	}
	return "triggered by " + event.And(all)
}

// why says why the alarm is in its state, with the values of what is named, as briefly as goes.
func (s alarmState) why(name string) string {
	if s.Series != "" {
		return s.Series
	}
	measured, missing := s.measured(cmp.Or(name, "the newest value")), s.Missing
	if measured != "" && s.Value == stateAlarm && !strings.HasSuffix(missing, " as breaching") {
		missing = "" // which is not why it is in alarm
	}
	return cmp.Or(event.Joined("; ", measured, missing), s.triggered(func(t trigger) string { return t.Name }))
}

func (s alarmState) addFacts(n *notice.Notice) {
	label := "Value"
	if len(s.Values) > 1 {
		label = "Values"
	}
	newest := slices.Clone(s.Values)
	slices.Reverse(newest)
	n.Add(label, strings.ReplaceAll(event.Listed(newest), "\n", ", "), "")
	n.Add("Threshold", s.Threshold, "")
	n.Add("Expected", s.band(func(number string) string { return number }), "")
	n.Add("Missing data", s.Missing, "")
	n.Add("Time series", s.Series, "")
	var triggers []string
	for _, t := range s.Triggers {
		triggers = append(triggers, t.text())
	}
	n.Add("Triggered by", event.Listed(triggers), "")
	n.Add("Evaluation", s.Evaluation, "")
}

// rounded shortens a number to four digits, or to all that are before the point.
func rounded(number string) string {
	f, err := strconv.ParseFloat(number, 64)
	switch {
	case err != nil:
		return number
	case math.Abs(f) >= 1e15:
		return strconv.FormatFloat(f, 'g', 4, 64)
	case math.Abs(f) >= 1000:
		return strconv.FormatFloat(f, 'f', 0, 64)
	default:
		return strconv.FormatFloat(f, 'g', 4, 64)
	}
}

func last(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// alarmMute is a mute rule, which keeps an alarm from taking actions for a time.
type alarmMute struct {
	Rule     string
	From, To time.Time
}

func decodeAlarmMute(f event.Fields) alarmMute {
	return alarmMute{f.Text("mutedByArn"), f.Time("muteWindowStart"), f.Time("muteWindowEnd")}
}

// text says the rule's name and when it mutes, "" if there is no rule.
func (m alarmMute) text() string {
	if m.Rule == "" {
		return ""
	}
	_, name, _ := strings.Cut(m.Rule, ":alarm-mute-rule:")
	text := "by " + cmp.Or(name, m.Rule)
	const layout = "2006-01-02 15:04 UTC"
	if !m.From.IsZero() {
		text += " from " + m.From.UTC().Format(layout)
	}
	if !m.To.IsZero() {
		text += " until " + m.To.UTC().Format(layout)
	}
	return text
}
