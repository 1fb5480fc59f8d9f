package standin

import (
	"strings"
	"time"
)

// describeInstances gives every instance that is asked for by id a name after the
// event's group, and the state that the event leaves it in.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
func (s Scene) describeInstances(r request) answer {
	event := s.subject()
	reservations := el("reservationSet")
	for _, id := range r.list("InstanceId.") {
		group := s.scalingGroup()
		tags := el("tagSet", el("item", el("key", "Name"), el("value", or(group, or(event.Detail.Application, "some-service"))+"-1")))
		if group != "" {
			tags.Children = append(tags.Children, el("item", el("key", "aws:autoscaling:groupName"), el("value", group)))
		}
		state, code, reason := s.fate()
		instance := el("item",
			el("instanceId", id), el("imageId", "ami-0abcdef1234567890"),
			el("instanceState", el("code", code), el("name", state)),
			el("instanceType", "m7g.large"), el("launchTime", event.launched()),
			el("placement", el("availabilityZone", event.Region+"d"), el("tenancy", "default")), tags)
		if reason != "" {
			cause, message, _ := strings.Cut(reason, ": ")
			instance.Children = append(instance.Children, el("stateReason", el("code", cause), el("message", message)))
		}
		reservations.Children = append(reservations.Children, el("item",
			el("reservationId", "r-0a1b2c3d4e5f67890"), el("ownerId", event.Account), el("groupSet"), el("instancesSet", instance)))
	}
	return ec2Answer("DescribeInstances", reservations)
}

// launched is when the event's instance was launched.
func (e subject) launched() time.Time {
	if strings.Contains(strings.ToLower(e.DetailType), "launch") || e.Detail.State == "pending" || e.Detail.State == "running" {
		return e.Time.Add(-40 * time.Second)
	}
	return e.Time.Add(-49*time.Hour - 7*time.Minute)
}

// fate is the state of the event's instance, its code, and the reason with a code of
// its own in front.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html
func (s Scene) fate() (state string, code int, reason string) {
	const byUser, byItself = "Client.UserInitiatedShutdown: User initiated shutdown", "Client.InstanceInitiatedShutdown: Instance initiated shutdown"
	event := s.subject()
	switch {
	case event.DetailType == "EC2 Instance State-change Notification":
		switch event.Detail.State {
		case "pending":
			return "pending", 0, ""
		case "shutting-down":
			return "shutting-down", 32, byUser
		case "terminated":
			return "terminated", 48, byUser
		case "stopping":
			return "stopping", 64, byItself
		case "stopped":
			return "stopped", 80, byItself
		}
	case event.DetailType == "EC2 Instance Terminate Successful" && strings.Contains(event.Detail.Cause, "EC2 health check"):
		return "terminated", 48, "Server.InternalError: Internal error on launch or a hardware failure"
	case event.DetailType == "EC2 Instance Terminate Successful":
		return "terminated", 48, byUser
	}
	return "running", 16, ""
}
