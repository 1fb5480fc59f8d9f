package watch

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Alarms sees CloudWatch alarms that change their state. Alarms are named in one or
// several of AlarmNames, AlarmNamePrefixes and AlarmRefs.
//
// CloudWatch sends these events durably, that is, at least once:
// https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-cloudwatch.html
type Alarms struct {
	// AlarmNames are the names of the alarms.
	//
	// Default: none.
	AlarmNames []string

	// AlarmNamePrefixes are how the names of the alarms begin.
	//
	// Default: none.
	AlarmNamePrefixes []string

	// AlarmRefs are alarms of the app, composite ones included, or imported into it.
	//
	// Default: none.
	AlarmRefs []awscloudwatch.IAlarm

	// States are the states that are reported. States that are named are reported whatever
	// the alarm was before.
	//
	// Default: AlarmInAlarm, and AlarmOK if the alarm was in alarm right before. An alarm
	// that had no data in between is then not reported to be OK, and an alert that a pager
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

// AllAlarmStates returns all states of an alarm.
func AllAlarmStates() []AlarmState {
	return []AlarmState{AlarmOK, AlarmInAlarm, AlarmInsufficientData}
}

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
var (
	alarm       = binding.Kind{What: "alarm", Names: "AlarmNames", Refs: "AlarmRefs", MaxLength: 255}
	alarmPrefix = binding.Kind{What: "alarm", Names: "AlarmNamePrefixes", MaxLength: 255}
)

// Bind implements [Watch].
func (a Alarms) Bind(scope constructs.Construct) binding.Watch {
	b := binding.Watch{
		Name:        "Alarms",
		Wire:        wire.Watch{Alarms: &wire.Alarms{RecoveriesOnly: len(a.States) == 0}},
		Source:      "aws.cloudwatch",
		DetailTypes: []string{"CloudWatch Alarm State Change"},
	}
	binding.CheckChoices(&b.Problems, "Alarms.States", a.States, AllAlarmStates())
	b.Fields = []binding.Field{
		{Path: "detail.alarmName", Values: a.values(&b, scope)},
		{Path: "detail.state.value", Values: binding.Choices(orDefault(a.States, []AlarmState{AlarmInAlarm, AlarmOK}))},
	}
	return b
}

// values are the names of the alarms and how they begin.
func (a Alarms) values(b *binding.Watch, scope constructs.Construct) []binding.Value {
	if a.AlarmNames == nil && a.AlarmNamePrefixes == nil && a.AlarmRefs == nil {
		b.Problemf(binding.NoNames, "Alarms names no alarm; set AlarmNames, AlarmNamePrefixes or AlarmRefs")
		return nil
	}
	names := optional(b, scope, alarm, a.AlarmNames, a.AlarmRefs, awscloudwatch.IAlarm.AlarmName)
	if a.AlarmNamePrefixes != nil {
		b.CheckNames(scope, "Alarms", alarmPrefix, a.AlarmNamePrefixes)
	}
	if len(b.Problems) == 0 {
		a.checkOverlaps(b, names)
	}
	prefixes := alarmPrefix.Values(a.AlarmNamePrefixes)
	for i := range prefixes {
		prefixes[i].Prefix = true
	}
	return append(alarm.Values(names), prefixes...)
}

// checkOverlaps checks that no two values match one alarm: in two rules, they would
// report it twice.
func (a Alarms) checkOverlaps(b *binding.Watch, names []string) {
	for i, p := range a.AlarmNamePrefixes {
		for _, name := range names {
			if strings.HasPrefix(name, p) {
				b.Problemf(binding.DuplicateName, "Alarms: the alarm %q begins with AlarmNamePrefixes[%d] %q, which has it already; remove one", name, i, p)
			}
		}
		for j, longer := range a.AlarmNamePrefixes {
			if i != j && strings.HasPrefix(longer, p) {
				b.Problemf(binding.DuplicateName, "Alarms.AlarmNamePrefixes[%d] %q begins with AlarmNamePrefixes[%d] %q, which has it already; remove one", j, longer, i, p)
			}
		}
	}
}
