package wire

import "slices"

// Deployments watches CodeDeploy deployments. The states are matched by the rule.
type Deployments struct {
	// Creators are the creators whose deployments are reported. Empty means all but
	// [NoisyCreators].
	Creators []Creator `json:"creators,omitempty"`
	// Changes leaves out a success unless it follows a failure or a stop.
	Changes bool `json:"changes,omitempty"`
	// Who looks up in CloudTrail who made the deployment.
	Who bool `json:"who,omitempty"`
	// Verdict reports how a release did; nil: it is not asked.
	Verdict *Verdict `json:"verdict,omitempty"`
}

// Wants reports whether a deployment of this creator is reported. One whose
// creator is not known (empty) always is.
func (d Deployments) Wants(c Creator) bool {
	switch {
	case c == "":
		return true
	case len(d.Creators) == 0:
		return !slices.Contains(NoisyCreators(), c)
	default:
		return slices.Contains(d.Creators, c)
	}
}

// DeploymentState is the state of a deployment, as CodeDeploy's events spell it.
//
// https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
type DeploymentState string

// The states of a deployment.
const (
	DeploymentStarted   DeploymentState = "START"
	DeploymentSucceeded DeploymentState = "SUCCESS"
	DeploymentFailed    DeploymentState = "FAILURE"
	DeploymentStopped   DeploymentState = "STOP"
	DeploymentReady     DeploymentState = "READY" // blue/green: the replacement environment is ready
)

// AllDeploymentStates returns all states of a deployment.
func AllDeploymentStates() []DeploymentState {
	return []DeploymentState{DeploymentStarted, DeploymentSucceeded, DeploymentFailed, DeploymentStopped, DeploymentReady}
}

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

// AllCreators returns all creators of a deployment.
func AllCreators() []Creator {
	return []Creator{
		CreatorUser, CreatorAutoScaling, CreatorAutoScalingTermination, CreatorRollback,
		CreatorCodeDeploy, CreatorAutoUpdate, CreatorCloudFormation, CreatorCloudFormationRollback,
	}
}

// NoisyCreators returns those that make a deployment for every instance that a group
// launches or terminates: they are reported only if they are named.
func NoisyCreators() []Creator {
	return []Creator{CreatorAutoScaling, CreatorAutoScalingTermination}
}
