package wire

import "slices"

// ECSDeployments watches the deployments that ECS itself makes of a service. The
// services are matched by the rule, and the states as far as the event has them.
type ECSDeployments struct {
	// States are the states worth telling. Empty means [DefaultECSStates].
	States []ECSState `json:"states,omitempty"`
}

// Wants reports whether a deployment in this state is worth telling. One in a state
// that is not known is.
func (d ECSDeployments) Wants(s ECSState) bool {
	switch {
	case !slices.Contains(AllECSStates, s):
		return true
	case len(d.States) == 0:
		return slices.Contains(DefaultECSStates, s)
	default:
		return slices.Contains(d.States, s)
	}
}

// ECSState is the state of an ECS deployment. AWS tells a rollback as a deployment
// in progress and says so in prose.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
type ECSState string

// The states of an ECS deployment.
const (
	ECSInProgress  ECSState = "in-progress"
	ECSRollingBack ECSState = "rolling-back"
	ECSCompleted   ECSState = "completed"
	ECSFailed      ECSState = "failed"
)

// AllECSStates are all states of an ECS deployment.
var AllECSStates = []ECSState{ECSInProgress, ECSRollingBack, ECSCompleted, ECSFailed}

// DefaultECSStates are the states that are told when none are named.
var DefaultECSStates = []ECSState{ECSRollingBack, ECSCompleted, ECSFailed}
