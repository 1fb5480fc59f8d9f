package wire

import "slices"

// ECSTasks watches ECS tasks that stopped. Clusters and services are matched by
// the rule.
type ECSTasks struct {
	// Reasons are the reasons that are reported. Empty means all but [QuietStopReasons].
	Reasons []StopReason `json:"reasons,omitempty"`
}

// Wants reports whether a stop for this reason is reported.
func (t ECSTasks) Wants(r StopReason) bool {
	if len(t.Reasons) == 0 {
		return !slices.Contains(QuietStopReasons(), r)
	}
	return slices.Contains(t.Reasons, r)
}

// StopReason says why an ECS task stopped.
//
// AWS gives the reason as a code and as prose whose wording changes; these are the
// kinds that both are sorted into. What cannot be classified is [StopUnknown].
type StopReason string

// The reasons of a stop.
const (
	StopOutOfMemory          StopReason = "out-of-memory"
	StopELBHealthCheck       StopReason = "elb-health-check"
	StopContainerHealthCheck StopReason = "container-health-check"
	StopContainerExited      StopReason = "container-exited" // an essential container, with an error or in a service
	StopCompleted            StopReason = "completed"        // a task of no service, without an error
	StopFailedToStart        StopReason = "failed-to-start"
	StopSpot                 StopReason = "spot"
	StopInstance             StopReason = "instance"    // the host went away
	StopMaintenance          StopReason = "maintenance" // AWS replaces what the task runs on
	StopScaling              StopReason = "scaling"
	StopRebalancing          StopReason = "rebalancing" // of the Availability Zones
	StopDeployment           StopReason = "deployment"
	StopUserRequest          StopReason = "user-request"
	StopUnknown              StopReason = "unknown"
)

// AllStopReasons returns all reasons, in the order in which documents list them.
func AllStopReasons() []StopReason {
	return []StopReason{
		StopOutOfMemory, StopELBHealthCheck, StopContainerHealthCheck, StopContainerExited, StopCompleted,
		StopFailedToStart, StopSpot, StopInstance, StopMaintenance, StopScaling, StopRebalancing, StopDeployment,
		StopUserRequest, StopUnknown,
	}
}

// QuietStopReasons returns what happens to tasks all day long: it is reported only if it
// is named.
func QuietStopReasons() []StopReason {
	return []StopReason{StopCompleted, StopMaintenance, StopScaling, StopRebalancing, StopDeployment, StopUserRequest}
}
