package collect

import (
	"context"
	"encoding/xml"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// maxAlarmNames is how many alarms can be named at once.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
const maxAlarmNames = 100

// alarmRecord is an alarm as it is now: what it looks at, and its state. A metric alarm has a
// metric of its own, or several with expressions, of which none is read.
type alarmRecord struct {
	Name        string `xml:"AlarmName"`
	Description string `xml:"AlarmDescription"`
	Rule        string `xml:"AlarmRule"`
	State       string `xml:"StateValue"`
	Reason      string `xml:"StateReason"`
	Data        string `xml:"StateReasonData"`
	// Updated is when the state was last set, and Since when it became what it is, which older
	// Regions do not say.
	Updated    string `xml:"StateUpdatedTimestamp"`
	Since      string `xml:"StateTransitionedTimestamp"`
	Metric     string `xml:"MetricName"`
	Namespace  string `xml:"Namespace"`
	Statistic  string `xml:"Statistic"`
	Percentile string `xml:"ExtendedStatistic"`
	Period     string `xml:"Period"`
	Dimensions []struct {
		Name  string `xml:"Name"`
		Value string `xml:"Value"`
	} `xml:"Dimensions>member"`
}

// readAlarmRecords reads the alarms that are named without *.
func (r *reader) readAlarmRecords(ctx context.Context) {
	r.alarmRecords = map[string]alarmRecord{}
	exact := slices.DeleteFunc(slices.Clone(r.scope.Alarms), open)
	call := call("monitoring", "DescribeAlarms")
	for some := range slices.Chunk(exact, maxAlarmNames) {
		found, err := r.describeAlarms(ctx, call, some, alarmTypes)
		if refusedParameter(err) {
			found, err = r.describeAlarms(ctx, call, some, oldAlarmTypes)
		}
		if err != nil {
			r.failedCall(call, "what the alarms look at", err)
			return
		}
		for _, a := range found {
			r.alarmRecords[a.Name] = a
		}
	}
}

func (r *reader) describeAlarms(ctx context.Context, call awsapi.Call, names, types []string) ([]alarmRecord, error) {
	in := url.Values{"MaxRecords": {strconv.Itoa(maxAlarmNames)}}
	for i, name := range names {
		in.Set("AlarmNames.member."+strconv.Itoa(i+1), name)
	}
	for i, t := range types {
		in.Set("AlarmTypes.member."+strconv.Itoa(i+1), t)
	}
	var answer struct {
		XMLName   xml.Name      `xml:"DescribeAlarmsResponse"`
		Metric    []alarmRecord `xml:"DescribeAlarmsResult>MetricAlarms>member"`
		Composite []alarmRecord `xml:"DescribeAlarmsResult>CompositeAlarms>member"`
		Log       []alarmRecord `xml:"DescribeAlarmsResult>LogAlarms>member"`
	}
	err := r.query(ctx, call, cloudWatchVersion, in, &answer)
	return slices.Concat(answer.Metric, answer.Composite, answer.Log), err
}

// configuration is what an event says of an alarm.
func (a alarmRecord) configuration() map[string]any {
	c := map[string]any{"description": a.Description, "alarmRule": a.Rule}
	if a.Metric == "" {
		return c
	}
	dimensions := map[string]string{}
	for _, d := range a.Dimensions {
		dimensions[d.Name] = d.Value
	}
	stat := a.Statistic
	if stat == "" {
		stat = a.Percentile
	}
	c["metrics"] = []any{map[string]any{"metricStat": map[string]any{
		"metric": map[string]any{"namespace": a.Namespace, "name": a.Metric, "dimensions": dimensions}, "stat": stat, "period": a.Period,
	}}}
	return c
}

// stillInAlarm are the rows of alarms that have been in alarm since before their history was read.
func (r *reader) stillInAlarm(raised map[string]bool) []timeline.Row {
	var rows []timeline.Row
	for name, a := range r.alarmRecords {
		since := event.FirstKnown(instant(a.Since), instant(a.Updated))
		if a.State != stateAlarm || raised[name] || since.After(r.from.Add(-before)) {
			continue
		}
		row := r.alarmRow(alarmChange{
			alarmItem: alarmItem{Name: name, At: since.Format(time.RFC3339Nano)}, at: since,
			new: alarmState{Value: a.State, Reason: a.Reason, Data: jsonOrNull(a.Data)},
		})
		row.End = time.Time{}
		rows = append(rows, row)
	}
	return rows
}
