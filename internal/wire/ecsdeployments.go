package wire

import "slices"

// ECSDeployments watches the deployments that ECS itself makes of a service. The
// services are matched by the rule, and the states as far as the event has them.
type ECSDeployments struct {
	// States are the states that are reported. Empty means [DefaultECSDeploymentStates].
	States []ECSDeploymentState `json:"states,omitempty"`
	// Verdict reports how a release did; nil: it is not asked.
	Verdict *Verdict `json:"verdict,omitempty"`
}

// Wants reports whether a deployment in this state is reported. One in a state
// that is not known is.
func (d ECSDeployments) Wants(s ECSDeploymentState) bool {
	switch {
	case !slices.Contains(AllECSDeploymentStates(), s):
		return true
	case len(d.States) == 0:
		return slices.Contains(DefaultECSDeploymentStates(), s)
	default:
		return slices.Contains(d.States, s)
	}
}

// ECSDeploymentState is the state of an ECS deployment. AWS reports a rollback as a
// deployment in progress, and says so in prose.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
type ECSDeploymentState string

// The states of an ECS deployment.
const (
	ECSDeploymentInProgress  ECSDeploymentState = "in-progress"
	ECSDeploymentRollingBack ECSDeploymentState = "rolling-back"
	ECSDeploymentCompleted   ECSDeploymentState = "completed"
	ECSDeploymentFailed      ECSDeploymentState = "failed"
	ECSDeploymentWaiting     ECSDeploymentState = "waiting" // for approval at a lifecycle hook, and whether it got it
)

// AllECSDeploymentStates returns all states of an ECS deployment.
func AllECSDeploymentStates() []ECSDeploymentState {
	return []ECSDeploymentState{
		ECSDeploymentInProgress, ECSDeploymentRollingBack, ECSDeploymentCompleted, ECSDeploymentFailed, ECSDeploymentWaiting,
	}
}

// DefaultECSDeploymentStates returns the states that are reported when none are named.
func DefaultECSDeploymentStates() []ECSDeploymentState {
	return []ECSDeploymentState{ECSDeploymentRollingBack, ECSDeploymentCompleted, ECSDeploymentFailed, ECSDeploymentWaiting}
}
