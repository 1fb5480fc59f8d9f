package wire

import "slices"

// Deployments watches CodeDeploy deployments. The states are matched by the rule.
type Deployments struct {
	// Creators are the makers of deployments worth telling. Empty means all but
	// [NoisyCreators].
	Creators []Creator `json:"creators,omitempty"`
	// Changes leaves out a success unless it follows a failure or a stop.
	Changes bool `json:"changes,omitempty"`
	// Who looks up in CloudTrail who made the deployment.
	Who bool `json:"who,omitempty"`
}

// Wants reports whether a deployment of this creator is worth telling. One whose
// creator is not known (empty) always is.
func (d Deployments) Wants(c Creator) bool {
	switch {
	case c == "":
		return true
	case len(d.Creators) == 0:
		return !slices.Contains(NoisyCreators, c)
	default:
		return slices.Contains(d.Creators, c)
	}
}

// State is the state of a deployment as CodeDeploy's events spell it.
//
// https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
type State string

// The states of a deployment.
const (
	StateStart   State = "START"
	StateSuccess State = "SUCCESS"
	StateFailure State = "FAILURE"
	StateStop    State = "STOP"
	StateReady   State = "READY" // blue/green: the replacement environment is ready
)

// AllStates are all states of a deployment.
var AllStates = []State{StateStart, StateSuccess, StateFailure, StateStop, StateReady}

// Creator says who or what made a deployment, as CodeDeploy's API spells it.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html
type Creator string

// The creators of a deployment.
const (
	CreatorUser                   Creator = "user"
	CreatorAutoScaling            Creator = "autoscaling"
	CreatorAutoScalingTermination Creator = "autoscalingTermination"
	CreatorRollback               Creator = "codeDeployRollback"
	CreatorCodeDeploy             Creator = "CodeDeploy"
	CreatorAutoUpdate             Creator = "CodeDeployAutoUpdate"
	CreatorCloudFormation         Creator = "CloudFormation"
	CreatorCloudFormationRollback Creator = "CloudFormationRollback"
)

// AllCreators are all creators of a deployment.
var AllCreators = []Creator{
	CreatorUser, CreatorAutoScaling, CreatorAutoScalingTermination, CreatorRollback,
	CreatorCodeDeploy, CreatorAutoUpdate, CreatorCloudFormation, CreatorCloudFormationRollback,
}

// NoisyCreators make a deployment for every instance that a group launches or
// terminates: they are not told unless they are asked for.
var NoisyCreators = []Creator{CreatorAutoScaling, CreatorAutoScalingTermination}
