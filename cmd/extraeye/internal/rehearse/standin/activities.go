package standin

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// act is something that an Auto Scaling group did.
type act struct {
	ago                time.Duration // before the event's own
	description, cause string
}

// eventTime is a time in the prose of a cause.
var eventTime = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`)

const (
	scaleIn = "At 2026-06-30T20:17:35Z a monitor alarm requests-low in state ALARM triggered policy scale-in changing the desired capacity from 5 to 4.  " +
		"At 2026-06-30T20:17:56Z an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from 5 to 4."
	replaced = "At 2026-06-30T20:17:56Z an instance was launched in response to an unhealthy instance needing to be replaced."
)

// describeScalingActivities remembers the event's own death, and others of that day
// by the same cause; where a load balancer's health check killed, it is the fourth
// within 50 minutes.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html
func (s Scene) describeScalingActivities(r request) answer {
	event := s.subject()
	acts := []act{{0, "Terminating EC2 instance: " + event.Detail.EC2InstanceID, event.Detail.Cause}}
	if strings.Contains(event.Detail.Cause, "ELB") {
		for _, ago := range []time.Duration{14 * time.Minute, 31 * time.Minute, 50 * time.Minute} {
			acts = append(acts, act{ago, "Terminating EC2 instance: ", event.Detail.Cause}, act{ago - 40*time.Second, "Launching a new EC2 instance: ", replaced})
		}
	}
	acts = append(acts,
		act{3 * time.Hour, "Terminating EC2 instance: ", scaleIn},
		act{7 * time.Hour, "Terminating EC2 instance: ", event.Detail.Cause},
		act{7*time.Hour - 40*time.Second, "Launching a new EC2 instance: ", replaced},
		act{31 * time.Hour, "Terminating EC2 instance: ", event.Detail.Cause})

	slices.SortFunc(acts, func(a, b act) int { return cmp.Compare(a.ago, b.ago) })

	all := el("Activities")
	for n, a := range acts {
		at := event.Detail.StartTime.Add(-a.ago)
		id, description := madeUp(32, event.ID, fmt.Sprint(n)), a.description+instanceID(event.ID, fmt.Sprint(n))
		id = id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
		if n == 0 {
			id, description = or(event.Detail.ActivityID, id), a.description
		}
		all.Children = append(all.Children, el("member",
			el("ActivityId", id), el("AutoScalingGroupName", r.form.Get("AutoScalingGroupName")), el("Description", description),
			el("Cause", eventTime.ReplaceAllString(a.cause, at.UTC().Format("2006-01-02T15:04:05Z"))),
			el("StartTime", at), el("EndTime", at.Add(5*time.Minute)), el("StatusCode", "Successful"), el("Progress", 100),
			el("Details", `{"Subnet ID":"subnet-0b7ecd0395d5f2cc9","Availability Zone":"`+event.Region+`a"}`)))
	}
	return queryAnswer(autoScaling, "DescribeScalingActivities", all)
}
