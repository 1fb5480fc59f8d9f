package watch

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Alarms sees CloudWatch alarms that change their state, and single time series of alarms
// that have several. Alarms are named in one or several of AlarmNames, AlarmNamePrefixes
// and AlarmRefs, or chosen by AlarmTags.
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

	// AlarmTags are the tags that an alarm has, by their keys: one of the values of every key.
	// With names, only those of the named alarms that have the tags are reported. CloudWatch
	// sends the tags of an alarm only if the alarm's AlarmTagsPropagation is enabled, and
	// never those of AWS, which begin with "aws:":
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-tags-in-notifications.html
	//
	// Default: none; then set one of the other three.
	AlarmTags map[string][]string

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

// How long a tag of an alarm is, in characters.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Tag.html
const (
	maxTagKey   = 128
	maxTagValue = 256
)

// Bind implements [Watch].
func (a Alarms) Bind(scope constructs.Construct) binding.Watch {
	b := binding.Watch{
		Name:        "Alarms",
		Wire:        wire.Watch{Alarms: &wire.Alarms{RecoveriesOnly: len(a.States) == 0}},
		Source:      "aws.cloudwatch",
		DetailTypes: []string{"CloudWatch Alarm State Change", "CloudWatch Alarm Contributor State Change"},
	}
	if a.AlarmNames == nil && a.AlarmNamePrefixes == nil && a.AlarmRefs == nil && a.AlarmTags == nil && !binding.SeesEverything(scope) {
		b.Problemf(binding.NoNames, "Alarms names no alarm; set AlarmNames, AlarmNamePrefixes, AlarmRefs or AlarmTags")
	}
	binding.CheckChoices(&b.Problems, "Alarms.States", a.States, AllAlarmStates())
	if names := a.values(&b, scope); len(names) > 0 {
		b.Fields = []binding.Field{{Path: "detail.alarmName", Values: names}}
		b.Recorded = recordedAlarms(names)
	}
	b.Fields = append(b.Fields, a.tags(&b, scope)...)
	b.Fields = append(b.Fields, binding.Field{Path: "detail.state.value", Values: binding.Choices(orDefault(a.States, []AlarmState{AlarmInAlarm, AlarmOK}))})
	return b
}

// values are the names of the alarms and how they begin.
func (a Alarms) values(b *binding.Watch, scope constructs.Construct) []binding.Value {
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

// tags match the tags of the alarms.
func (a Alarms) tags(b *binding.Watch, scope constructs.IConstruct) []binding.Field {
	if a.AlarmTags != nil && len(a.AlarmTags) == 0 {
		b.Problemf(binding.NoNames, "Alarms.AlarmTags is empty; give it at least one tag, or leave it out")
	}
	var fields []binding.Field
	for _, key := range slices.Sorted(maps.Keys(a.AlarmTags)) {
		checkTagKey(b, key)
		tag := binding.Kind{What: "tag", Names: fmt.Sprintf("AlarmTags[%q]", key), MaxLength: maxTagValue}
		b.CheckNames(scope, "Alarms", tag, a.AlarmTags[key])
		fields = append(fields, binding.Field{Path: "detail.alarmTags", Key: key, Values: tag.Values(a.AlarmTags[key])})
	}
	return fields
}

func checkTagKey(b *binding.Watch, key string) {
	switch {
	case binding.IsToken(key):
		b.Problemf(binding.BadName, "Alarms.AlarmTags has a key that is known only at deployment; write the key of the tag")
	case strings.HasPrefix(key, "aws:"):
		b.Problemf(binding.BadName, "Alarms.AlarmTags[%q] is a tag of AWS, which CloudWatch never sends; use a tag of your own", key)
	case key == "", binding.ImproperText(key), utf8.RuneCountInString(key) > maxTagKey:
		b.Problemf(binding.BadName, "Alarms.AlarmTags[%q] is not a tag; its key has 1 to %d characters, no blanks around it and no control characters", key, maxTagKey)
	}
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
