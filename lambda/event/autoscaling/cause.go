package autoscaling

import (
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
)

// reason is why a group terminated an instance, as far as AWS's text says it.
type reason struct {
	cause wire.Cause
	// name is what a notice calls it: "ELB health check".
	name string
	// gone is true if the text says only that the instance was found terminated or stopped.
	gone bool
}

// unknownReason is the reason of a text that is not known.
var unknownReason = reason{cause: wire.CauseUnknown, name: "unknown cause"}

// readReason classifies AWS's text about a termination.
//
// The text is one or more sentences: what changed the capacity ("At … a monitor alarm X in
// state ALARM triggered policy Y changing …"), what took the instance out of service ("At …
// an instance was taken out of service in response to …"), and that it was selected. Names
// of alarms and policies are the user's own and may say anything, so only AWS's fixed
// phrases are read.
//
// There is no full list of them. The test has those that AWS documents and those that
// people have published since 2013.
func readReason(text string) reason {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	taken, change := outOfService(text), capacityChange(text)
	// Zones are balanced by a launch, after which the group has an instance too many.
	if taken == unknownReason || taken.cause == wire.CauseScaleIn && change.cause == wire.CauseRebalance {
		return change
	}
	return taken
}

// outOfService finds what took the instance out of service: the last reason that is known.
func outOfService(text string) reason {
	found := unknownReason
	for _, after := range strings.Split(text, "out of service in response to ")[1:] {
		because, _, _ := strings.Cut(after, ". ")
		for i := range outOfServicePhrases {
			if p := &outOfServicePhrases[i]; strings.Contains(because, p.text) {
				found = p.reason
				break
			}
		}
	}
	return found
}

// capacityChange finds what changed the capacity: the last change that is known.
func capacityChange(text string) reason {
	found := unknownReason
	for sentence := range strings.SplitSeq(text, ". ") {
		for i := range changePhrases {
			if p := &changePhrases[i]; strings.HasPrefix(undated(sentence), p.text) {
				found = p.reason
			}
		}
	}
	return found
}

// phrase is a wording of AWS, in lower case, and the reason that it means.
type phrase struct {
	text string
	reason
}

// The reasons that several phrases mean.
var (
	applicationCheck = reason{cause: wire.CauseApplicationCheck, name: "application status check"}
	elbCheck         = reason{cause: wire.CauseELBHealthCheck, name: "ELB health check"}
	customCheck      = reason{cause: wire.CauseCustomHealthCheck, name: "custom health check"}
	// someCheck is one of AWS's own health checks: until 2014, Auto Scaling did not say
	// whether EC2's or ELB's.
	someCheck = reason{cause: wire.CauseEC2StatusCheck, name: "health check"}
	// newCheck is a health check of a kind that is not known.
	newCheck       = reason{cause: wire.CauseUnknown, name: "health check"}
	scaleIn        = reason{cause: wire.CauseScaleIn, name: "scale-in"}
	userRequest    = reason{cause: wire.CauseUserRequest, name: "user request"}
	zones          = reason{cause: wire.CauseRebalance, name: "Availability Zone rebalancing"}
	replacingSpots = reason{cause: wire.CauseRebalance, name: "Capacity Rebalancing"}
)

// outOfServicePhrases are what AWS writes after "out of service in response to", the more
// specific ones first.
var outOfServicePhrases = [...]phrase{
	{"application status", applicationCheck},
	{"application health", applicationCheck},
	{"rebalance recommendation", replacingSpots}, // "an EC2 instance rebalance recommendation"
	{"capacity rebalanc", replacingSpots},
	{"zonal shift", reason{cause: wire.CauseRebalance, name: "zonal shift"}},
	{"load balancer", elbCheck},
	{"target group", elbCheck},
	{"elb ", elbCheck}, // "an ELB system health check failure"
	{"vpc lattice", reason{cause: wire.CauseELBHealthCheck, name: "VPC Lattice health check"}},
	{"balanc", zones},
	{"spot", reason{cause: wire.CauseSpot, name: "Spot interruption"}},
	{"lifetime", reason{cause: wire.CauseLifetime, name: "maximum instance lifetime"}},
	{"instance refresh", reason{cause: wire.CauseInstanceRefresh, name: "instance refresh"}},
	{"ebs ", reason{cause: wire.CauseEBSHealthCheck, name: "EBS health check"}},
	{"user health", customCheck}, // "a user health-check": SetInstanceHealth
	{"custom health", customCheck},
	{"external health", customCheck},
	{"terminated or stopped", reason{cause: wire.CauseEC2StatusCheck, name: "EC2 health check (terminated or stopped)", gone: true}},
	{"system status", reason{cause: wire.CauseEC2StatusCheck, name: "EC2 system status check"}},
	{"instance status", reason{cause: wire.CauseEC2StatusCheck, name: "EC2 instance status check"}},
	{"status check", reason{cause: wire.CauseEC2StatusCheck, name: "EC2 status check"}},
	// A group treats an instance with a scheduled event as unhealthy.
	{"ec2 scheduled reboot", reason{cause: wire.CauseEC2StatusCheck, name: "EC2 scheduled reboot"}},
	{"ec2 scheduled retirement", reason{cause: wire.CauseEC2StatusCheck, name: "EC2 scheduled retirement"}},
	{"ec2 scheduled", reason{cause: wire.CauseEC2StatusCheck, name: "EC2 scheduled event"}},
	{"ec2 health", reason{cause: wire.CauseEC2StatusCheck, name: "EC2 health check"}},
	{"system health", someCheck},
	{"instance health", someCheck},
	{"user request", userRequest},
	{"difference between desired and actual capacity", scaleIn},
	{"scheduled action", scaleIn},
	{"health check", newCheck},
	{"health-check", newCheck},
}

// changePhrases are how AWS begins a sentence about a change of capacity. There is nothing
// else when AWS leaves out what took the instance out of service.
var changePhrases = [...]phrase{
	{"a monitor alarm ", scaleIn},
	{"a scheduled action ", scaleIn},
	{"the scheduled action ", scaleIn},
	{"a user request ", userRequest},
	{"instances were launched to balance instances in zones ", zones},
	{"an instance was launched to aid in balancing the group's zones", zones},
}

// undated cuts off "at 2022-12-23t19:00:11z ".
func undated(sentence string) string {
	if rest, ok := strings.CutPrefix(sentence, "at "); ok {
		if _, after, ok := strings.Cut(rest, " "); ok {
			return after
		}
	}
	return sentence
}
