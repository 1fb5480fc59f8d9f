package collect

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// cloudWatchVersion is the version of CloudWatch's API.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
const cloudWatchVersion = "2010-08-01"

// The types of alarms must be named: without them, CloudWatch answers with metric alarms alone. A
// Region that has no log alarms yet refuses theirs.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
var (
	alarmTypes    = []string{"MetricAlarm", "CompositeAlarm", "LogAlarm"}
	oldAlarmTypes = alarmTypes[:2]
)

// alarmItem is an item of an alarm's history.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmHistoryItem.html
type alarmItem struct {
	Name        string `xml:"AlarmName"`
	Contributor string `xml:"AlarmContributorId"`
	At          string `xml:"Timestamp"`
	Kind        string `xml:"HistoryItemType"`
	Data        string `xml:"HistoryData"`
	Attributes  []struct {
		Key   string `xml:"key"`
		Value string `xml:"value"`
	} `xml:"AlarmContributorAttributes>entry"`
}

// alarmChange is an alarm, or one of its contributors, that changed its state.
type alarmChange struct {
	alarmItem
	at       time.Time
	old, new alarmState
}

// alarmState is a state within an item's data.
type alarmState struct {
	Value  string          `json:"stateValue"`
	Reason string          `json:"stateReason"`
	Data   json.RawMessage `json:"stateReasonData"`
}

// readAlarms reads how the alarms changed their states.
func (r *reader) readAlarms(ctx context.Context) {
	r.readAlarmRecords(ctx)
	if slices.ContainsFunc(r.scope.Alarms, open) {
		r.alarms = slices.DeleteFunc(r.alarmHistory(ctx, ""), func(c alarmChange) bool {
			return !slices.ContainsFunc(r.scope.Alarms, func(pattern string) bool { return Matches(pattern, c.Name) })
		})
		return
	}
	found := make([][]alarmChange, len(r.scope.Alarms))
	each(ctx, indices(found), func(ctx context.Context, i int) { found[i] = r.alarmHistory(ctx, r.scope.Alarms[i]) })
	r.alarms = slices.Concat(found...)
}

// after is how long after a timeline ends it is found out whether what lasted then has ended.
const after = day

// alarmHistory reads the history of an alarm, or of all.
func (r *reader) alarmHistory(ctx context.Context, name string) (found []alarmChange) {
	call := call("monitoring", "DescribeAlarmHistory")
	about := "history of all alarms"
	if name != "" {
		about = "history of alarm " + name
	}
	r.pages(ctx, call, about, func(ctx context.Context, token string) (string, error) {
		page, err := r.alarmPage(ctx, call, name, alarmTypes, token)
		if refusedParameter(err) {
			page, err = r.alarmPage(ctx, call, name, oldAlarmTypes, token)
		}
		for _, item := range page.Items {
			if c, ok := item.change(); ok {
				found = append(found, c)
			}
		}
		return page.Next, err
	})
	return found
}

// alarmPage is a page of DescribeAlarmHistory's answer.
type alarmPage struct {
	XMLName xml.Name    `xml:"DescribeAlarmHistoryResponse"`
	Next    string      `xml:"DescribeAlarmHistoryResult>NextToken"`
	Items   []alarmItem `xml:"DescribeAlarmHistoryResult>AlarmHistoryItems>member"`
}

func (r *reader) alarmPage(ctx context.Context, call awsapi.Call, name string, types []string, token string) (page alarmPage, err error) {
	end := r.to.Add(after)
	if r.now.Before(end) {
		end = r.now
	}
	in := url.Values{
		"StartDate":  {r.from.Add(-before).UTC().Format(time.RFC3339)},
		"EndDate":    {end.UTC().Add(time.Second).Format(time.RFC3339)},
		"MaxRecords": {"100"},
	}
	for i, t := range types {
		in.Set("AlarmTypes.member."+strconv.Itoa(i+1), t)
	}
	if name != "" {
		in.Set("AlarmName", name)
	}
	if token != "" {
		in.Set("NextToken", token)
	}
	err = r.query(ctx, call, cloudWatchVersion, in, &page)
	return page, err
}

// change reads a change of state; ok is false for another item.
func (i alarmItem) change() (c alarmChange, ok bool) {
	if i.Kind != "StateUpdate" && i.Kind != "AlarmContributorStateUpdate" {
		return c, false
	}
	var data struct {
		Old alarmState `json:"oldState"`
		New alarmState `json:"newState"`
	}
	_ = json.Unmarshal([]byte(i.Data), &data)
	return alarmChange{i, instant(i.At), data.Old, data.New}, data.New.Value != ""
}

// The states of an alarm.
const (
	stateOK    = "OK"
	stateAlarm = "ALARM"
)

// alarmRows are a row for each time that an alarm was in alarm, until it was OK again.
func (r *reader) alarmRows() []timeline.Row {
	type alarm struct{ name, contributor string }
	changes := slices.Clone(r.alarms)
	slices.SortStableFunc(changes, func(a, b alarmChange) int { return a.at.Compare(b.at) })
	known := map[string]bool{}
	var rows []timeline.Row
	raised := map[alarm]int{} // the row of an alarm that is in alarm
	for _, c := range changes {
		known[c.Name] = true
		key := alarm{c.Name, c.Contributor}
		i, isRaised := raised[key]
		switch {
		case c.new.Value == stateAlarm && !isRaised:
			raised[key] = len(rows)
			row := r.alarmRow(c)
			row.End = time.Time{}
			rows = append(rows, row)
		case c.new.Value == stateOK && isRaised:
			rows[i] = over(rows[i], c.at)
			delete(raised, key)
		case c.new.Value == stateOK && c.old.Value == stateAlarm:
			rows = append(rows, r.alarmRow(c)) // nothing is known of when it began
		}
	}
	return append(rows, r.stillInAlarm(known)...)
}

// over is the row of an alarm that was in alarm until a time.
func over(row timeline.Row, until time.Time) timeline.Row {
	row.End = until
	row.Facts = append([]notice.Fact{{Label: "In alarm for", Value: notice.Duration(until.Sub(row.Start))}}, row.Facts...)
	return row
}

// alarmRow is the row of one change.
func (r *reader) alarmRow(c alarmChange) timeline.Row {
	state := func(s alarmState, at string) map[string]any {
		return map[string]any{"value": s.Value, "reason": s.Reason, "reasonData": s.Data, "timestamp": at}
	}
	detail := map[string]any{"alarmName": c.Name, "state": state(c.new, c.At), "previousState": state(c.old, ""), "configuration": r.alarmRecords[c.Name].configuration()}
	kind := "CloudWatch Alarm State Change"
	if c.Contributor != "" {
		kind = "CloudWatch Alarm Contributor State Change"
		attributes := map[string]string{}
		for _, a := range c.Attributes {
			attributes[a.Key] = a.Value
		}
		detail["alarmContributor"] = map[string]any{"id": c.Contributor, "attributes": attributes}
	}
	e := r.event(envelope{
		ID: c.Name + " " + c.Contributor + " " + c.At, Source: "aws.cloudwatch", DetailType: kind, Time: c.at, Detail: detail,
	})
	row := timeline.FromNotice(e.Notice(r.now), timeline.FromAPI)
	row.Start = event.FirstKnown(c.at, r.from)
	row.End = row.Start
	return row
}
