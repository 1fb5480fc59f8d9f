package evidence

import (
	"context"
	"net/url"
	"strings"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
)

// ec2Version is the version of EC2's API.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
const ec2Version = "2016-11-15"

// instances is the part of DescribeInstances' answer that is read.
type instances struct {
	Instances []struct {
		ID   string `xml:"instanceId"`
		Tags []struct {
			Key   string `xml:"key"`
			Value string `xml:"value"`
		} `xml:"tagSet>item"`
	} `xml:"reservationSet>item>instancesSet>item"`
}

// machine returns EC2's record of an instance. A terminated instance can be asked
// about for less than an hour.
func (l *Lookups) machine(ctx context.Context, region, id string) event.Finding[event.Machine] {
	if id == "" {
		return event.NotFound[event.Machine]("the event names no instance")
	}
	call := awsapi.Call{Service: "ec2", Operation: "DescribeInstances", Region: region}
	var found instances
	if err := l.API.Query(ctx, call, ec2Version, url.Values{"InstanceId.1": {id}}, &found); err != nil {
		return event.NotFound[event.Machine](l.problem(call, "EC2", err))
	}
	for _, instance := range found.Instances {
		if instance.ID != id {
			continue
		}
		var m event.Machine
		for _, tag := range instance.Tags {
			if value := strings.TrimSpace(tag.Value); tag.Key == "Name" && value != "" {
				m.Name = value
			}
		}
		return event.Found(m)
	}
	return event.NotFound[event.Machine]("the instance is no longer known to EC2")
}
