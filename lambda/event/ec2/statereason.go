package ec2

import "strings"

// stateReason says why an instance went down.
type stateReason struct {
	text      string
	requested bool // through EC2's API
}

// stateReasons are the reasons by EC2's codes.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html
var stateReasons = map[string]stateReason{
	"Server.InsufficientInstanceCapacity": {"EC2 had not enough capacity to launch it", false},
	"Server.InternalError":                {"EC2 had an internal error while it launched", false},
	"Server.ScheduledStop":                {"EC2 stopped it for a scheduled retirement", false},
	"Server.SpotInstanceShutdown":         {"EC2 took the Spot instance back", false},
	"Server.SpotInstanceTermination":      {"EC2 took the Spot instance back", false},
	"Client.InstanceInitiatedShutdown":    {"its own operating system shut it down", false},
	"Client.InstanceTerminated":           {"it was terminated or rebooted while an AMI was made of it", false},
	"Client.InternalError":                {"it could not launch, by an error on the account's side", false},
	"Client.InvalidSnapshot.NotFound":     {"a snapshot that it needs was not found", false},
	"Client.UserInitiatedHibernate":       {"hibernation was asked for", true},
	"Client.UserInitiatedShutdown":        {"it was asked for through EC2's API", true},
	"Client.VolumeLimitExceeded":          {"the limit of EBS volumes was exceeded", false},
}

// reasonOf classifies a reason in EC2's words, "code: message". It is zero for an unknown
// code.
func reasonOf(text string) stateReason {
	code, _, _ := strings.Cut(text, ":")
	return stateReasons[code]
}
