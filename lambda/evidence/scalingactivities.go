package evidence

import (
	"context"
	"encoding/xml"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
)

const (
	// maxActivities is the most that one answer of DescribeScalingActivities holds.
	//
	// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html
	maxActivities = "100"
	// activitiesBack is how far back activities are asked for, and up to [round] more. Few groups
	// fill a page in that time, and reading a full one is a good part of what a delivery costs.
	activitiesBack = 24 * time.Hour
)

// activitiesAnswer is the part of DescribeScalingActivities' answer that is read.
type activitiesAnswer struct {
	XMLName    xml.Name `xml:"DescribeScalingActivitiesResponse"`
	Next       string   `xml:"DescribeScalingActivitiesResult>NextToken"`
	Activities []struct {
		ID          string `xml:"ActivityId"`
		Description string `xml:"Description"`
		Cause       string `xml:"Cause"`
		Status      string `xml:"StatusCode"`
		Started     string `xml:"StartTime"`
	} `xml:"DescribeScalingActivitiesResult>Activities>member"`
}

// scalingActivities returns what a group did in the day before a time, and since.
func (l *Lookups) scalingActivities(ctx context.Context, region, group string, at time.Time) event.Finding[autoscaling.ScalingActivities] {
	if group == "" {
		return event.NotFound[autoscaling.ScalingActivities]("the event names no group")
	}
	call, since := decisive(region, "DescribeScalingActivities"), at.Add(-activitiesBack).Truncate(round).UTC().Format(time.RFC3339)
	found, err := readOnce(ctx, l, call, group+" "+since, func(ctx context.Context) (autoscaling.ScalingActivities, int, error) {
		return l.readActivities(ctx, call, group, since)
	})
	if err != nil {
		return unanswered[autoscaling.ScalingActivities](l, call, err)
	}
	return event.Found(found)
}

// readActivities asks for a page of activities since a time, or for any if the filter is refused: it
// is new in 2026, and those that are too old are not counted. It returns how many bytes the answer
// has.
func (l *Lookups) readActivities(ctx context.Context, call awsapi.Call, group, since string) (found autoscaling.ScalingActivities, size int, err error) {
	var answer activitiesAnswer
	in := url.Values{"AutoScalingGroupName": {group}, "MaxRecords": {maxActivities}}
	filtered := maps.Clone(in)
	filtered.Set("Filters.member.1.Name", "StartTimeLowerBound")
	filtered.Set("Filters.member.1.Values.member.1", since)
	size, err = l.queryAlone(ctx, call, autoScalingVersion, filtered, &answer)
	var refused *awsapi.Error
	if errors.As(err, &refused) && refused.Status == http.StatusBadRequest && !refused.Retryable() {
		size, err = l.queryAlone(ctx, call, autoScalingVersion, in, &answer)
	}
	found.Complete = answer.Next == ""
	for _, a := range answer.Activities {
		found.Activities = append(found.Activities, autoscaling.Activity{
			ID: a.ID, Description: a.Description, Cause: a.Cause, Status: a.Status, Started: instant(a.Started),
		})
	}
	return found, size, err
}
