package fakeaws

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
)

// activity is something that an Auto Scaling group did.
type activity struct {
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

// describeScalingActivities has the event's own termination, and others of that day
// with the same cause. A termination by a load balancer's health check is the fourth
// within 50 minutes.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html
func (a Account) describeScalingActivities(r Request) answer.Answer {
	all := el("Activities")
	for n, did := range a.activities() {
		at := a.event.Detail.StartTime.Add(-did.ago)
		id, description := a.activityID(n), did.description+instanceID(a.event.ID, fmt.Sprint(n))
		if n == 0 {
			id, description = cmp.Or(a.event.Detail.ActivityID, id), did.description
		}
		all.Children = append(all.Children, el("member",
			el("ActivityId", id), el("AutoScalingGroupName", r.form.Get("AutoScalingGroupName")), el("Description", description),
			el("Cause", eventTime.ReplaceAllString(did.cause, at.UTC().Format("2006-01-02T15:04:05Z"))),
			el("StartTime", at), el("EndTime", at.Add(5*time.Minute)), el("StatusCode", "Successful"), el("Progress", 100),
			el("Details", `{"Subnet ID":"subnet-0b7ecd0395d5f2cc9","Availability Zone":"`+a.event.Region+`a"}`)))
	}
	return queryAnswer(autoScaling, "DescribeScalingActivities", all)
}

// activities are those of the event's group, the newest first. The description of all
// but the event's own lacks the instance.
func (a Account) activities() []activity {
	const terminating, launching = "Terminating EC2 instance: ", "Launching a new EC2 instance: "
	cause := a.event.Detail.Cause
	all := []activity{{0, terminating + a.event.Detail.EC2InstanceID, cause}}
	if strings.Contains(cause, "ELB") {
		for _, ago := range []time.Duration{14 * time.Minute, 31 * time.Minute, 50 * time.Minute} {
			all = append(all, activity{ago, terminating, cause}, activity{ago - 40*time.Second, launching, replaced})
		}
	}
	all = append(all,
		activity{3 * time.Hour, terminating, scaleIn},
		activity{7 * time.Hour, terminating, cause},
		activity{7*time.Hour - 40*time.Second, launching, replaced},
		activity{31 * time.Hour, terminating, cause})
	slices.SortFunc(all, func(a, b activity) int { return cmp.Compare(a.ago, b.ago) })
	return all
}

// activityID makes up the id of the nth activity.
func (a Account) activityID(n int) string {
	id := hexDigits(32, a.event.ID, fmt.Sprint(n))
	return id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:]
}
