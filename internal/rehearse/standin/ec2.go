package standin

import (
	"encoding/xml"
	"fmt"
	"time"
)

// describedInstances is what EC2 knows of an instance that was terminated minutes ago.
type describedInstances struct {
	XMLName      xml.Name      `xml:"http://ec2.amazonaws.com/doc/2016-11-15/ DescribeInstancesResponse"`
	RequestID    string        `xml:"requestId"`
	Reservations []reservation `xml:"reservationSet>item"`
}

type reservation struct {
	ID        string     `xml:"reservationId"`
	OwnerID   string     `xml:"ownerId"`
	Instances []instance `xml:"instancesSet>item"`
}

type instance struct {
	ID     string `xml:"instanceId"`
	State  string `xml:"instanceState>name"`
	Type   string `xml:"instanceType"`
	Launch string `xml:"launchTime"`
	Tags   []tag  `xml:"tagSet>item"`
}

type tag struct {
	Key   string `xml:"key"`
	Value string `xml:"value"`
}

// describeInstances gives every instance that is asked for by id a name after the
// event's group.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
func (s Scene) describeInstances(r request) answer {
	event := s.subject()
	out := describedInstances{RequestID: requestID}
	for n := 1; ; n++ {
		id := r.form.Get(fmt.Sprintf("InstanceId.%d", n))
		if id == "" {
			return xmlAnswer(out)
		}
		out.Reservations = append(out.Reservations, reservation{
			ID: "r-0a1b2c3d4e5f67890", OwnerID: event.Account,
			Instances: []instance{{
				ID: id, State: "terminated", Type: "m7g.large",
				Launch: event.Time.Add(-49*time.Hour - 7*time.Minute).UTC().Format(time.RFC3339),
				Tags:   event.tags(),
			}},
		})
	}
}

func (s subject) tags() []tag {
	group := or(s.Detail.AutoScalingGroupName, "web-production")
	return []tag{{Key: "Name", Value: group + "-1"}, {Key: "aws:autoscaling:groupName", Value: group}}
}
