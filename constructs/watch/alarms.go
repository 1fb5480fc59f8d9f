package watch

import (
	"strings"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Alarms sees CloudWatch alarms that change their state. Alarms must have Names,
// Prefixes or both.
//
// CloudWatch sends these events durably, that is, at least once:
// https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-cloudwatch.html
type Alarms struct {
	// Names are the names of the alarms.
	//
	// Default: none, but the alarms of Prefixes.
	Names []string

	// Prefixes are how the names of the alarms begin.
	//
	// Default: none, but the alarms of Names.
	Prefixes []string

	// States are the states that are told. States that are named are told whatever the
	// alarm was before.
	//
	// Default: AlarmInAlarm, and AlarmOK if the alarm was in alarm right before. An alarm
	// that had no data in between is then not told to be OK, and an alert that a pager
	// opened stays open: name AlarmInAlarm and AlarmOK for a pager.
	States []AlarmState
}

var _ Watch = Alarms{}

// AlarmState is the state of a CloudWatch alarm.
type AlarmState string

// The states of an alarm.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
const (
	AlarmOK               AlarmState = "OK"
	AlarmInAlarm          AlarmState = "ALARM"
	AlarmInsufficientData AlarmState = "INSUFFICIENT_DATA"
)

// AllAlarmStates are all states of an alarm.
var AllAlarmStates = []AlarmState{AlarmOK, AlarmInAlarm, AlarmInsufficientData}

var defaultAlarmStates = []AlarmState{AlarmInAlarm, AlarmOK}

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
var alarm = binding.Kind{What: "alarm", MaxLength: 255}

// Bind implements [Watch].
func (a Alarms) Bind(constructs.Construct) binding.Watch {
	prefixes := alarm.Values(a.Prefixes)
	for i := range prefixes {
		prefixes[i].Prefix = true
	}
	b := binding.Watch{
		Name:        "Alarms",
		Wire:        wire.Watch{Alarms: &wire.Alarms{RecoveriesOnly: len(a.States) == 0}},
		Source:      "aws.cloudwatch",
		DetailTypes: []string{"CloudWatch Alarm State Change"},
		Fields: []binding.Field{
			{Path: "detail.alarmName", Values: append(alarm.Values(a.Names), prefixes...)},
			{Path: "detail.state.value", Values: binding.Choices(orDefault(a.States, defaultAlarmStates))},
		},
	}
	a.checkNames(&b)
	binding.CheckChoices(&b.Problems, "Alarms.States", a.States, AllAlarmStates)
	return b
}

func (a Alarms) checkNames(b *binding.Watch) {
	if a.Names == nil && a.Prefixes == nil {
		b.Problemf(binding.NoNames, "Alarms has neither Names nor Prefixes; write the name of at least one alarm, or how it begins")
		return
	}
	b.CheckOptionalNames("Alarms.Names", alarm, a.Names)
	b.CheckOptionalNames("Alarms.Prefixes", alarm, a.Prefixes)
	if len(b.Problems) > 0 {
		return
	}
	// Two rules that match one alarm would report it twice.
	for i, p := range a.Prefixes {
		for j, name := range a.Names {
			if strings.HasPrefix(name, p) {
				b.Problemf(binding.DuplicateName, "Alarms.Names[%d] %q begins with Prefixes[%d] %q, which has it already; remove one", j, name, i, p)
			}
		}
		for j, longer := range a.Prefixes {
			if i != j && strings.HasPrefix(longer, p) {
				b.Problemf(binding.DuplicateName, "Alarms.Prefixes[%d] %q begins with Prefixes[%d] %q, which has it already; remove one", j, longer, i, p)
			}
		}
	}
}
