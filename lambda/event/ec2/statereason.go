package ec2

import "strings"

// StateReason says why an instance went down.
type StateReason struct {
	Text string // follows "the instance is stopped: "
	By   Actor
}

// Actor is who or what took an instance down.
type Actor int

const (
	// ByUnknown is the actor of a code that is not known or that names none.
	ByUnknown Actor = iota
	// ByEC2 is EC2 itself.
	ByEC2
	// BySpot is EC2 that takes a Spot Instance back.
	BySpot
	// ByItself is the instance's own operating system.
	ByItself
	// ByUser is a call of EC2's API, made by a person, by a program or by another service.
	ByUser
)

// stateReasons are EC2's codes.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html
var stateReasons = [...]struct {
	code   string
	reason StateReason
}{
	{"Server.InsufficientInstanceCapacity", StateReason{"EC2 had not enough capacity to launch it", ByEC2}},
	{"Server.InternalError", StateReason{"EC2 had an internal error while it launched", ByEC2}},
	{"Server.ScheduledStop", StateReason{"EC2 stopped it for a scheduled retirement", ByEC2}},
	{"Server.SpotInstanceShutdown", StateReason{"EC2 took the Spot Instance back", BySpot}},
	{"Server.SpotInstanceTermination", StateReason{"EC2 took the Spot Instance back", BySpot}},
	{"Client.InstanceInitiatedShutdown", StateReason{"its own operating system shut it down", ByItself}},
	{"Client.InstanceTerminated", StateReason{"it was terminated or rebooted while an AMI was made of it", ByUnknown}},
	{"Client.InternalError", StateReason{"it could not launch, because of an error on the account's side", ByUnknown}},
	{"Client.InvalidSnapshot.NotFound", StateReason{"a snapshot that it needs was not found", ByUnknown}},
	{"Client.UserInitiatedHibernate", StateReason{"someone asked for hibernation", ByUser}},
	{"Client.UserInitiatedShutdown", StateReason{"someone asked for it through EC2's API", ByUser}},
	{"Client.VolumeLimitExceeded", StateReason{"the limit of EBS volumes was exceeded", ByUnknown}},
}

// ReasonOf reads EC2's text of a reason, "code: message". It is zero for a code that is not
// known.
func ReasonOf(text string) StateReason {
	code, _, _ := strings.Cut(text, ":")
	for _, r := range stateReasons {
		if r.code == code {
			return r.reason
		}
	}
	return StateReason{}
}
