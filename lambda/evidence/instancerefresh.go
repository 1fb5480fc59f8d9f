package evidence

import (
	"context"
	"encoding/xml"
	"net/url"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
)

// refreshGone is the problem if the answer has no such record.
const refreshGone = "the instance refresh is no longer known to Auto Scaling"

// instanceRefresh returns Auto Scaling's record of an instance refresh.
func (l *Lookups) instanceRefresh(ctx context.Context, region, group, id string) event.Finding[autoscaling.InstanceRefreshInfo] {
	if group == "" || id == "" {
		return event.NotFound[autoscaling.InstanceRefreshInfo]("the event names no instance refresh")
	}
	var answer struct {
		XMLName   xml.Name `xml:"DescribeInstanceRefreshesResponse"`
		Refreshes []struct {
			ID             string `xml:"InstanceRefreshId"`
			Status         string `xml:"Status"`
			Reason         string `xml:"StatusReason"`
			RollbackReason string `xml:"RollbackDetails>RollbackReason"`
			Percent        string `xml:"PercentageComplete"`
			Remaining      string `xml:"InstancesToUpdate"`
			Started        string `xml:"StartTime"`
			Ended          string `xml:"EndTime"`
		} `xml:"DescribeInstanceRefreshesResult>InstanceRefreshes>member"`
	}
	in := url.Values{"AutoScalingGroupName": {group}, "InstanceRefreshIds.member.1": {id}}
	if problem := l.autoScaling(ctx, region, "DescribeInstanceRefreshes", in, &answer); problem != "" {
		return event.NotFound[autoscaling.InstanceRefreshInfo](problem)
	}
	for _, r := range answer.Refreshes {
		if r.ID == id {
			return event.Found(autoscaling.InstanceRefreshInfo{
				Status: r.Status, Reason: r.Reason, RollbackReason: r.RollbackReason,
				Percent: number(r.Percent), Remaining: number(r.Remaining),
				Started: instant(r.Started), Ended: instant(r.Ended),
			})
		}
	}
	return event.NotFound[autoscaling.InstanceRefreshInfo](refreshGone)
}
