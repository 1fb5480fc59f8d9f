package fakeaws

import (
	"cmp"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/internal/wire"
)

func init() {
	operations["ec2.DescribeInstances"] = Account.describeInstances
	operations["ec2.GetConsoleOutput"] = Account.getConsoleOutput
	operations["ec2.DescribeApplicationStatus"] = Account.describeApplicationStatus
}

// describeInstances gives every instance that is asked for by id a name after the
// event's group, and the state that the event leaves it in.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
func (a Account) describeInstances(r Request) answer.Answer {
	group := a.scalingGroup()
	tags := el("tagSet", el("item", el("key", "Name"), el("value", cmp.Or(group, a.event.Detail.Application, "some-service")+"-1")))
	if group != "" {
		tags.Children = append(tags.Children, el("item", el("key", "aws:autoscaling:groupName"), el("value", group)))
	}
	state := a.event.instanceState()
	reservations := el("reservationSet")
	for _, id := range r.list("InstanceId.") {
		instance := el("item",
			el("instanceId", id), el("imageId", "ami-0abcdef1234567890"),
			el("instanceState", el("code", state.code), el("name", state.name)),
			el("instanceType", "m7g.large"), el("launchTime", a.event.launched()),
			el("placement", el("availabilityZone", a.event.Region+"d"), el("tenancy", "default")), tags)
		if state.reason != "" {
			code, message, _ := strings.Cut(state.reason, ": ")
			instance.Children = append(instance.Children, el("stateReason", el("code", code), el("message", message)))
		}
		reservations.Children = append(reservations.Children, el("item",
			el("reservationId", "r-0a1b2c3d4e5f67890"), el("ownerId", a.event.Account), el("groupSet"), el("instancesSet", instance)))
	}
	return ec2Answer("DescribeInstances", reservations)
}

// launched is when the event's instance was launched.
func (e event) launched() time.Time {
	if strings.Contains(strings.ToLower(e.DetailType), "launch") || e.Detail.State == "pending" || e.Detail.State == "running" {
		return e.Time.Add(-40 * time.Second)
	}
	return e.Time.Add(-49*time.Hour - 7*time.Minute)
}

// instanceState is the state of the event's instance with its code, and the reason with
// a code of its own in front.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html
type instanceState struct {
	name   string
	code   int
	reason string
}

const (
	byUser     = "Client.UserInitiatedShutdown: User initiated shutdown"
	byInstance = "Client.InstanceInitiatedShutdown: Instance initiated shutdown"
)

var (
	running    = instanceState{"running", 16, ""}
	terminated = instanceState{"terminated", 48, byUser}
	shutDown   = instanceState{"terminated", 48, byInstance}

	// reportedStates are those that events report.
	reportedStates = map[wire.DeploymentState]instanceState{
		"pending":       {"pending", 0, ""},
		"running":       running,
		"shutting-down": {"shutting-down", 32, byUser},
		"terminated":    terminated,
		"stopping":      {"stopping", 64, byInstance},
		"stopped":       {"stopped", 80, byInstance},
	}
)

// instanceState is the state that the event leaves its instance in.
func (e event) instanceState() instanceState {
	switch e.DetailType {
	case "EC2 Instance State-change Notification":
		return cmp.Or(reportedStates[e.Detail.State], running)
	case "EC2 Instance Terminate Successful":
		if strings.Contains(e.Detail.Cause, "terminated or stopped") {
			return shutDown
		}
		return terminated
	}
	return running
}

// describeApplicationStatus says that the application of each instance that is asked for
// answers with an error.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeApplicationStatus.html
func (a Account) describeApplicationStatus(r Request) answer.Answer {
	instances := el("instanceSet")
	for _, id := range r.list("InstanceId.") {
		check := el("item",
			el("applicationStatusCheckId", "asc-0a1b2c3d4e5f67890"), el("aggregation", "included"), el("status", "failed"),
			el("reason", el("code", "ResponseCodeMismatch"), el("statusCode", "503"), el("protocol", "HTTP")))
		instances.Children = append(instances.Children, el("item",
			el("instanceId", id), el("availabilityZone", a.event.Region+"d"),
			el("applicationStatus", el("status", "impaired"), el("detailSet", check))))
	}
	return ec2Answer("DescribeApplicationStatus", el("applicationStatusesResponseType", instances))
}
