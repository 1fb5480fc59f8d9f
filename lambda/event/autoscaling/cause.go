package autoscaling

import (
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
)

// classifyCause classifies AWS's text about a termination.
//
// The text is one or more sentences: what changed the capacity ("At … a monitor alarm X in
// state ALARM triggered policy Y changing …"), what took the instance out of service ("At …
// an instance was taken out of service in response to …"), and that it was selected. Names
// of alarms and policies are the user's own and may say anything, so only AWS's fixed
// phrases are read.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
// and the recorded events in testdata have wordings; there is no full list.
func classifyCause(text string) wire.Cause {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	if cause := outOfService(text); cause != wire.CauseUnknown {
		return cause
	}
	return capacityChange(text)
}

// outOfService finds what took the instance out of service: the last reason that is known.
func outOfService(text string) wire.Cause {
	cause := wire.CauseUnknown
	for _, after := range strings.Split(text, "out of service in response to ")[1:] {
		reason, _, _ := strings.Cut(after, ". ")
		for _, p := range reasons {
			if strings.Contains(reason, p.text) {
				cause = p.cause
				break
			}
		}
	}
	return cause
}

// capacityChange finds what changed the capacity: the last change that is known.
func capacityChange(text string) wire.Cause {
	cause := wire.CauseUnknown
	for _, sentence := range strings.Split(text, ". ") {
		for _, p := range changes {
			if strings.HasPrefix(undated(sentence), p.text) {
				cause = p.cause
			}
		}
	}
	return cause
}

// causePhrase is a wording of AWS, in lower case, and the cause that it means.
type causePhrase struct {
	text  string
	cause wire.Cause
}

// reasons are what AWS writes after "out of service in response to", the more specific ones
// first.
var reasons = []causePhrase{
	{"rebalanc", wire.CauseRebalance}, // "an EC2 instance rebalance recommendation", Availability Zones
	{"zonal shift", wire.CauseRebalance},
	{"spot", wire.CauseSpot},
	{"lifetime", wire.CauseLifetime},
	{"instance refresh", wire.CauseInstanceRefresh},
	{"ebs ", wire.CauseEBSHealthCheck},
	{"elb ", wire.CauseELBHealthCheck}, // "an ELB system health check failure"
	{"load balancer", wire.CauseELBHealthCheck},
	{"target group", wire.CauseELBHealthCheck},
	{"vpc lattice", wire.CauseELBHealthCheck},
	{"user health", wire.CauseCustomHealthCheck}, // "a user health-check": SetInstanceHealth
	{"custom health", wire.CauseCustomHealthCheck},
	{"external health", wire.CauseCustomHealthCheck},
	{"status check", wire.CauseEC2StatusCheck},
	{"ec2 health", wire.CauseEC2StatusCheck},
	{"ec2 scheduled", wire.CauseEC2StatusCheck}, // a group treats a scheduled reboot or retirement as unhealthy
	{"user request", wire.CauseUserRequest},
	{"difference between desired and actual capacity", wire.CauseScaleIn},
	{"scheduled action", wire.CauseScaleIn},
}

// changes are how AWS begins a sentence about a change of capacity. There is nothing else
// when AWS leaves out what took the instance out of service.
var changes = []causePhrase{
	{"a monitor alarm ", wire.CauseScaleIn},
	{"a scheduled action ", wire.CauseScaleIn},
	{"a user request ", wire.CauseUserRequest},
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
