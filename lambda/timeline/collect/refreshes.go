package collect

import (
	"context"
	"encoding/xml"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// refresh is an instance refresh. All members are read as text.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html
type refresh struct {
	ID             string `xml:"InstanceRefreshId"`
	Group          string `xml:"AutoScalingGroupName"`
	Status         string `xml:"Status"`
	Reason         string `xml:"StatusReason"`
	RollbackReason string `xml:"RollbackDetails>RollbackReason"`
	Percent        string `xml:"PercentageComplete"`
	Remaining      string `xml:"InstancesToUpdate"`
	Start          string `xml:"StartTime"`
	End            string `xml:"EndTime"`
}

// readRefreshes reads the instance refreshes of the groups. Those of groups whose name is open
// are read of the groups that did something.
func (r *reader) readRefreshes(ctx context.Context) {
	groups := slices.DeleteFunc(slices.Clone(r.scope.Groups), open)
	if len(groups) < len(r.scope.Groups) {
		r.problemf("instance refreshes: they are read only of groups that are named without *")
	}
	found := make([][]refresh, len(groups))
	each(ctx, indices(groups), func(ctx context.Context, i int) { found[i] = r.groupRefreshes(ctx, groups[i]) })
	r.refreshes = slices.Concat(found...)
}

// groupRefreshes reads the instance refreshes of a group, the newest first, back to the beginning.
func (r *reader) groupRefreshes(ctx context.Context, group string) (found []refresh) {
	call := call("autoscaling", "DescribeInstanceRefreshes")
	r.pages(ctx, call, "instance refreshes of "+group, func(ctx context.Context, token string) (string, error) {
		var page struct {
			XMLName   xml.Name  `xml:"DescribeInstanceRefreshesResponse"`
			Next      string    `xml:"DescribeInstanceRefreshesResult>NextToken"`
			Refreshes []refresh `xml:"DescribeInstanceRefreshesResult>InstanceRefreshes>member"`
		}
		in := url.Values{"AutoScalingGroupName": {group}, "MaxRecords": {"100"}}
		if token != "" {
			in.Set("NextToken", token)
		}
		err := r.query(ctx, call, autoScalingVersion, in, &page)
		for _, f := range page.Refreshes {
			if end := instant(f.End); !end.IsZero() && end.Before(r.from) {
				return "", err
			}
			found = append(found, f)
		}
		return page.Next, err
	})
	return found
}

// refreshEvents are how the detail-types of events end, by the status of a refresh.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-eventbridge-events.html
var refreshEvents = map[string]string{
	"Pending": "Started", "InProgress": "Started", "Successful": "Succeeded", "Failed": "Failed",
	"Cancelling": "Started", "Cancelled": "Cancelled", //nolint:misspell // as AWS spells it
	"RollbackInProgress": "Rollback Started", "RollbackFailed": "Rollback Failed", "RollbackSuccessful": "Rollback Succeeded",
	"Baking": "Started Baking",
}

func (r *reader) refreshRows() []timeline.Row {
	var rows []timeline.Row
	for _, f := range r.refreshes {
		state, known := refreshEvents[f.Status]
		if !known {
			state = f.Status
		}
		start, end := instant(f.Start), instant(f.End)
		e := r.event(envelope{
			ID: f.ID, Source: "aws.autoscaling", DetailType: "EC2 Auto Scaling Instance Refresh " + state, Time: event.FirstKnown(end, start),
			Detail: map[string]string{"InstanceRefreshId": f.ID, "AutoScalingGroupName": f.Group},
		})
		if subject, ok := e.Subject.(*autoscaling.InstanceRefresh); ok {
			subject.Info = event.Found(autoscaling.InstanceRefreshInfo{
				Status: f.Status, Reason: f.Reason, RollbackReason: f.RollbackReason,
				Percent: count(f.Percent), Remaining: count(f.Remaining), Started: start, Ended: end,
			})
		}
		row := timeline.FromNotice(e.Notice(r.now), timeline.FromAPI)
		row.Start, row.End, row.Lane = event.FirstKnown(start, r.from), end, timeline.Hooks
		rows = append(rows, row)
	}
	return rows
}

// count reads a number, 0 for anything else.
func count(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// epoch writes a time as the JSON services read it, in seconds since 1970.
func epoch(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
