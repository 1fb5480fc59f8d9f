package watch

import (
	"slices"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Deployments sees CodeDeploy deployments that start, end or wait. What the Eye's
// [Terminations] tell is told with the deployment that it came after: of an
// application that deploys to the group, or whose name is most like the group's.
//
// CodeDeploy sends these events on a best-effort basis:
// https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
type Deployments struct {
	// Applications are the names of the CodeDeploy applications.
	//
	// Required.
	Applications []string

	// Groups are the names of the deployment groups.
	//
	// Default: all deployment groups of the applications.
	Groups []string

	// States are the states that are told, such as [Failed].
	//
	// Default: Success, Failure and Stop.
	States []State

	// Creators are the makers of deployments that are told. A deployment whose
	// maker could not be looked up is always told.
	//
	// Default: all but Auto Scaling, which makes a deployment for every instance
	// that it launches or terminates.
	Creators []Creator

	// Changes tells a success only if the deployment before it, in the same deployment
	// group, did not succeed. What the watch tells of other states is as without it.
	//
	// Default: every success is told.
	Changes bool

	// Who looks up who made a deployment, which CodeDeploy does not say: the notifier
	// may read the account's CloudTrail events of the region.
	//
	// Default: it is not looked up.
	Who bool
}

var _ Watch = Deployments{}

// State is the state of a deployment.
type State = wire.State

// The states of a deployment.
const (
	Start   = wire.StateStart
	Success = wire.StateSuccess
	Failure = wire.StateFailure
	Stop    = wire.StateStop
	Ready   = wire.StateReady // blue/green: the replacement environment waits for traffic
)

// Lists of states, to be used as Deployments.States.
var (
	Succeeded = []State{Success}
	Failed    = []State{Failure}
	AllStates = wire.AllStates
)

// Creator says who or what made a deployment.
type Creator = wire.Creator

// The creators of a deployment.
const (
	CreatorUser                   = wire.CreatorUser
	CreatorAutoScaling            = wire.CreatorAutoScaling
	CreatorAutoScalingTermination = wire.CreatorAutoScalingTermination
	CreatorRollback               = wire.CreatorRollback
	CreatorCodeDeploy             = wire.CreatorCodeDeploy
	CreatorAutoUpdate             = wire.CreatorAutoUpdate
	CreatorCloudFormation         = wire.CreatorCloudFormation
	CreatorCloudFormationRollback = wire.CreatorCloudFormationRollback
)

// AllCreators are all creators of a deployment, Auto Scaling included.
var AllCreators = wire.AllCreators

var defaultStates = []State{Success, Failure, Stop}

// https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
var (
	application     = binding.Kind{What: "CodeDeploy application", MaxLength: 100}
	deploymentGroup = binding.Kind{What: "deployment group", MaxLength: 100}
)

// Bind implements [Watch].
func (d Deployments) Bind(scope constructs.Construct) binding.Watch {
	states := orDefault(d.States, defaultStates)
	b := onApplications("Deployments", d.Applications, d.Groups, d.States)
	b.Wire = wire.Watch{Deployments: &wire.Deployments{Creators: d.Creators, Changes: d.Changes, Who: d.Who}}
	b.DetailTypes = []string{"CodeDeploy Deployment State-change Notification"}
	b.Fields = append(b.Fields, binding.Field{Path: "detail.state", Values: binding.Choices(states)})
	binding.CheckChoices(&b.Problems, "Deployments.Creators", d.Creators, AllCreators)
	at := codeDeployIn(scope)
	b.Grants = []binding.Grant{
		at.grant(d.Applications, d.Groups, "codedeploy:GetDeployment"),
		at.grant(d.Applications, d.Groups, "codedeploy:ListDeployments", "codedeploy:BatchGetDeployments"),
	}
	if slices.Contains(states, Failure) || slices.Contains(states, Stop) {
		b.Grants = append(b.Grants,
			unscoped("codedeploy:ListDeploymentTargets", "which finds where a deployment failed", "list_awscodedeploy"),
			unscoped("codedeploy:BatchGetDeploymentTargets", "which finds the script that failed", "list_awscodedeploy"))
	}
	if d.Who {
		who := lookupEvents()
		b.Grants = append(b.Grants, who)
		b.LookupWho = &who
	}
	for _, application := range d.Applications {
		b.Releases = append(b.Releases, binding.Release{Application: application, Grants: []binding.Grant{
			{Actions: []string{"codedeploy:ListDeploymentGroups"}, Resources: []string{at.application(application)}, Wide: at.application("*"), Broad: "CodeDeploy is asked for the groups of the watched applications"},
			at.grant([]string{application}, nil, "codedeploy:BatchGetDeploymentGroups"),
			at.grant([]string{application}, nil, "codedeploy:ListDeployments", "codedeploy:BatchGetDeployments"),
		}})
	}
	return b
}

// onApplications is a watch of what CodeDeploy does, but for the states.
func onApplications(name string, applications, groups []string, states []State) binding.Watch {
	b := binding.Watch{
		Name:   name,
		Source: "aws.codedeploy",
		Fields: []binding.Field{{Path: "detail.application", Values: application.Values(applications)}},
	}
	b.CheckNames(name+".Applications", application, applications)
	b.CheckOptionalNames(name+".Groups", deploymentGroup, groups)
	binding.CheckChoices(&b.Problems, name+".States", states, AllStates)
	if len(groups) > 0 {
		b.Fields = append(b.Fields, binding.Field{Path: "detail.deploymentGroup", Values: deploymentGroup.Values(groups)})
	}
	return b
}
