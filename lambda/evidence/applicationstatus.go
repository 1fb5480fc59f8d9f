package evidence

import (
	"context"
	"net/url"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
)

// failedChecks returns the application status checks that an instance fails, those that
// decide about the instance's status before others.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeApplicationStatus.html
func (l *Lookups) failedChecks(ctx context.Context, region, id string) event.Finding[[]autoscaling.ApplicationCheck] {
	if id == "" {
		return event.NotFound[[]autoscaling.ApplicationCheck]("the event names no instance")
	}
	call := awsapi.Call{Service: "ec2", Operation: "DescribeApplicationStatus", Region: region}
	var answer struct {
		Instances []struct {
			ID     string `xml:"instanceId"`
			Checks []struct {
				ID          string `xml:"applicationStatusCheckId"`
				Status      string `xml:"status"`
				Aggregation string `xml:"aggregation"`
				Code        string `xml:"reason>code"`
				Protocol    string `xml:"reason>protocol"`
				StatusCode  string `xml:"reason>statusCode"`
			} `xml:"applicationStatus>detailSet>item"`
		} `xml:"applicationStatusesResponseType>instanceSet>item"`
	}
	if err := l.query(ctx, call, ec2Version, url.Values{"InstanceId.1": {id}}, &answer); err != nil {
		return event.NotFound[[]autoscaling.ApplicationCheck](l.problem(call, "EC2", err))
	}
	var included, excluded []autoscaling.ApplicationCheck
	for _, i := range answer.Instances {
		if i.ID != id {
			continue
		}
		for _, c := range i.Checks {
			check := autoscaling.ApplicationCheck{ID: c.ID, Code: c.Code, Protocol: c.Protocol, Status: c.StatusCode}
			switch {
			case c.Status != "failed":
			case c.Aggregation == "excluded":
				excluded = append(excluded, check)
			default:
				included = append(included, check)
			}
		}
	}
	if len(included)+len(excluded) == 0 {
		return event.NotFound[[]autoscaling.ApplicationCheck]("EC2 no longer says which check the instance failed")
	}
	return event.Found(append(included, excluded...))
}
