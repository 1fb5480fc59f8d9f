package evidence

import (
	"context"
	"encoding/xml"
	"net/url"
	"strings"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
)

// groupGone is the problem if the answer has no such record.
const groupGone = "the group is no longer known to Auto Scaling"

// group returns Auto Scaling's record of a group.
func (l *Lookups) group(ctx context.Context, region, group string) event.Finding[autoscaling.Group] {
	if group == "" {
		return event.NotFound[autoscaling.Group]("the event names no group")
	}
	var answer struct {
		XMLName xml.Name `xml:"DescribeAutoScalingGroupsResponse"`
		Groups  []struct {
			Name      string `xml:"AutoScalingGroupName"`
			Min       string `xml:"MinSize"`
			Max       string `xml:"MaxSize"`
			Desired   string `xml:"DesiredCapacity"`
			Instances []struct {
				State  string `xml:"LifecycleState"`
				Health string `xml:"HealthStatus"`
			} `xml:"Instances>member"`
		} `xml:"DescribeAutoScalingGroupsResult>AutoScalingGroups>member"`
	}
	in := url.Values{"AutoScalingGroupNames.member.1": {group}}
	call := decisive(region, "DescribeAutoScalingGroups")
	if err := l.query(ctx, call, autoScalingVersion, in, &answer); err != nil {
		return unanswered[autoscaling.Group](l, call, err)
	}
	for _, g := range answer.Groups {
		if g.Name != group {
			continue
		}
		record := autoscaling.Group{Min: number(g.Min), Max: number(g.Max), Desired: number(g.Desired)}
		for _, i := range g.Instances {
			if strings.HasSuffix(i.State, ":Retained") {
				record.Retained++
				continue
			}
			record.Total++
			if i.State == "InService" && i.Health == "Healthy" {
				record.Healthy++
			}
		}
		return event.Found(record)
	}
	return event.NotFound[autoscaling.Group](groupGone)
}
