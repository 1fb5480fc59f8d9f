package wire

import "slices"

// Terminations watches instances that an Auto Scaling group terminated, or could
// not terminate.
type Terminations struct {
	// Causes are the causes that are reported. Empty means [DefaultCauses].
	Causes []Cause `json:"causes,omitempty"`
	// Releases are the deployments that a termination may have come after; nil: they
	// are not looked up.
	Releases *Releases `json:"releases,omitempty"`
	// Who looks up in CloudTrail who terminated or stopped an instance through EC2's API.
	Who bool `json:"who,omitempty"`
}

// Wants reports whether a termination for this cause is reported.
func (t Terminations) Wants(c Cause) bool {
	if len(t.Causes) == 0 {
		return slices.Contains(DefaultCauses(), c)
	}
	return slices.Contains(t.Causes, c)
}

// Releases says where to look for the release that something happened after.
type Releases struct {
	// Applications are the CodeDeploy applications to ask about.
	Applications []string `json:"applications,omitempty"`
	// Many is true if there are too many to ask about each: CodeDeploy is asked for the
	// recent deployments of the account. Applications is then empty.
	Many bool `json:"many,omitempty"`
	// Who looks up in CloudTrail who made a deployment.
	Who bool `json:"who,omitempty"`
}

// Cause says why an Auto Scaling group terminated an instance.
//
// AWS gives the cause as prose whose wording changes; these are the kinds that
// the prose is sorted into. What cannot be classified is [CauseUnknown].
type Cause string

// The causes of a termination.
const (
	CauseELBHealthCheck    Cause = "elb-health-check"
	CauseEC2StatusCheck    Cause = "ec2-status-check"
	CauseApplicationCheck  Cause = "application-check" // EC2's check of the application
	CauseEBSHealthCheck    Cause = "ebs-health-check"
	CauseCustomHealthCheck Cause = "custom-health-check"
	CauseShutdown          Cause = "shutdown" // by the instance's own operating system
	CauseScaleIn           Cause = "scale-in"
	CauseUserRequest       Cause = "user-request"
	CauseInstanceRefresh   Cause = "instance-refresh"
	CauseRebalance         Cause = "rebalance"
	CauseSpot              Cause = "spot"
	CauseLifetime          Cause = "lifetime"
	CauseUnknown           Cause = "unknown"
)

// AllCauses returns all causes, in the order in which documents list them.
func AllCauses() []Cause {
	return []Cause{
		CauseELBHealthCheck, CauseEC2StatusCheck, CauseApplicationCheck, CauseEBSHealthCheck,
		CauseCustomHealthCheck, CauseShutdown,
		CauseScaleIn, CauseUserRequest, CauseInstanceRefresh, CauseRebalance, CauseSpot, CauseLifetime,
		CauseUnknown,
	}
}

// DefaultCauses returns the causes that are reported when none are named: failed health
// checks of every kind, instances that shut themselves down, and what could not be
// classified.
func DefaultCauses() []Cause {
	return []Cause{
		CauseELBHealthCheck, CauseEC2StatusCheck, CauseApplicationCheck, CauseEBSHealthCheck,
		CauseCustomHealthCheck, CauseShutdown, CauseUnknown,
	}
}
