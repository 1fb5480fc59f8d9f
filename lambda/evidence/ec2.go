package evidence

import (
	"cmp"
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ec2"
)

// ec2Version is the version of EC2's API.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
const ec2Version = "2016-11-15"

// groupTag is the tag that Auto Scaling puts on its instances.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html
const groupTag = "aws:autoscaling:groupName"

// forEC2 lists the look-ups for an event of EC2.
func (l *Lookups) forEC2(e *event.Event) []lookup {
	switch s := e.Subject.(type) {
	case *ec2.InstanceStateChange:
		return []lookup{func(ctx context.Context) { s.Instance = l.instance(ctx, e.Region, s.InstanceID) }}
	case *ec2.Interruption:
		return []lookup{func(ctx context.Context) { s.Instance = l.instance(ctx, e.Region, s.InstanceID) }}
	case *ec2.CapacityBlock:
		return []lookup{func(ctx context.Context) { s.Instances = l.instancesIn(ctx, e.Region, s.ReservationID) }}
	}
	return nil
}

// ec2Call is a call about one instance, which no other event asks the same of. In a mass failure
// EC2 throttles, and has answered them all some seconds later.
func ec2Call(region, operation string) awsapi.Call {
	return awsapi.Call{Service: "ec2", Operation: operation, Region: region, Persistent: true}
}

// instances is the part of DescribeInstances' answer that is read.
type instances struct {
	Instances []ec2Instance `xml:"reservationSet>item>instancesSet>item"`
}

// ec2Instance is the part of an instance that is read. Every member is optional.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
type ec2Instance struct {
	ID       string `xml:"instanceId"`
	Type     string `xml:"instanceType"`
	Image    string `xml:"imageId"`
	Zone     string `xml:"placement>availabilityZone"`
	Launched string `xml:"launchTime"`
	State    string `xml:"instanceState>name"`
	// Why it is in that state, which EC2 says in one of two ways.
	ReasonCode    string `xml:"stateReason>code"`
	ReasonMessage string `xml:"stateReason>message"`
	Reason        string `xml:"reason"`
	Tags          []struct {
		Key   string `xml:"key"`
		Value string `xml:"value"`
	} `xml:"tagSet>item"`
}

// instance returns EC2's record of an instance. EC2 keeps that of a terminated one for less
// than an hour.
func (l *Lookups) instance(ctx context.Context, region, id string) event.Finding[ec2.Instance] {
	if id == "" {
		return event.NotFound[ec2.Instance]("the event names no instance")
	}
	found, problem := l.describeInstances(ctx, region, url.Values{"InstanceId.1": {id}})
	if problem != "" {
		return event.NotFound[ec2.Instance](problem)
	}
	for _, i := range found {
		if i.ID == id {
			return event.Found(i)
		}
	}
	return event.NotFound[ec2.Instance]("the instance is no longer known to EC2")
}

// instancesIn returns EC2's records of the instances that run in a Capacity Reservation.
func (l *Lookups) instancesIn(ctx context.Context, region, reservation string) event.Finding[[]ec2.Instance] {
	if reservation == "" {
		return event.NotFound[[]ec2.Instance]("the event names no Capacity Reservation")
	}
	found, problem := l.describeInstances(ctx, region, url.Values{
		"Filter.1.Name": {"capacity-reservation-id"}, "Filter.1.Value.1": {reservation},
		"Filter.2.Name": {"instance-state-name"}, "Filter.2.Value.1": {"pending"}, "Filter.2.Value.2": {"running"},
	})
	if problem != "" {
		return event.NotFound[[]ec2.Instance](problem)
	}
	return event.Found(found)
}

// describeInstances asks EC2 for instances, and returns what the problem was, if there was one.
func (l *Lookups) describeInstances(ctx context.Context, region string, in url.Values) (found []ec2.Instance, problem string) {
	call := ec2Call(region, "DescribeInstances")
	var answer instances
	if err := l.query(ctx, call, ec2Version, in, &answer); err != nil {
		return nil, l.problem(call, "EC2", err)
	}
	for _, i := range answer.Instances {
		found = append(found, i.record())
	}
	return found, ""
}

func (i *ec2Instance) record() ec2.Instance {
	m := ec2.Instance{
		ID: i.ID, Type: i.Type, Image: i.Image, Zone: i.Zone, Launched: instant(i.Launched), State: i.State,
		StateReason: cmp.Or(reason(i.ReasonCode, i.ReasonMessage), i.Reason), StateSince: since(i.Reason),
	}
	for _, tag := range i.Tags {
		switch tag.Key {
		case "Name":
			m.Name = strings.TrimSpace(tag.Value)
		case groupTag:
			m.Group = tag.Value
		}
	}
	return m
}

// since reads when a user's request changed an instance's state, from EC2's text: "User
// initiated (2022-12-23 19:00:11 GMT)". It is the zero time if the text does not say.
func since(reason string) time.Time {
	_, after, _ := strings.Cut(reason, "(")
	at, _, _ := strings.Cut(after, ")")
	t, err := time.Parse("2006-01-02 15:04:05 GMT", at)
	if err != nil {
		return time.Time{}
	}
	return t
}

// reason joins a code and a message, most of which begin with the code.
func reason(code, message string) string {
	if strings.HasPrefix(message, code) {
		return message
	}
	return strings.Trim(code+": "+message, ": ")
}
