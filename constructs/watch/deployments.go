package watch

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Deployments sees CodeDeploy deployments that start, end or wait.
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

// maxDeployName is the longest name of an application or a deployment group, in
// characters.
//
// https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
const maxDeployName = 100

// Bind implements [Watch].
func (d Deployments) Bind(scope constructs.Construct) binding.Watch {
	states := d.States
	if len(states) == 0 {
		states = []State{Success, Failure, Stop}
	}
	b := binding.Watch{
		Name:        "Deployments",
		Wire:        wire.Watch{Deployments: &wire.Deployments{Creators: d.Creators}},
		Source:      "aws.codedeploy",
		DetailTypes: []string{"CodeDeploy Deployment State-change Notification"},
		Detail:      []binding.Field{{Key: "application", Values: d.Applications, MaxLength: maxDeployName}},
	}
	b.Problems = binding.CheckNames("Deployments.Applications", "CodeDeploy application", d.Applications, maxDeployName)
	b.Problems = append(b.Problems, binding.CheckChoices("Deployments.States", d.States, AllStates)...)
	b.Problems = append(b.Problems, binding.CheckChoices("Deployments.Creators", d.Creators, AllCreators)...)
	if len(d.Groups) > 0 {
		b.Problems = append(b.Problems, binding.CheckNames("Deployments.Groups", "deployment group", d.Groups, maxDeployName)...)
		b.Detail = append(b.Detail, binding.Field{Key: "deploymentGroup", Values: d.Groups, MaxLength: maxDeployName})
	}
	state := binding.Field{Key: "state"}
	for _, s := range states {
		state.Values = append(state.Values, string(s))
	}
	b.Detail = append(b.Detail, state)

	grant := binding.Grant{
		Actions: []string{"codedeploy:GetDeployment"},
		Wide:    groupARN(scope, "*"),
		Broad:   "codedeploy:GetDeployment is granted for the deployment groups of the watched applications, whose names are theirs to choose",
	}
	groups := d.Groups
	if len(groups) == 0 || len(d.Applications)*len(groups) > binding.MaxGranted {
		groups = []string{"*"}
	}
	for _, application := range d.Applications {
		for _, group := range groups {
			grant.Resources = append(grant.Resources, groupARN(scope, application+"/"+group))
		}
	}
	b.Grants = []binding.Grant{grant}
	return b
}

// groupARN is the ARN of a deployment group, written "application/group".
func groupARN(scope constructs.Construct, name string) string {
	return *awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
		Service:      jsii.String("codedeploy"),
		Resource:     jsii.String("deploymentgroup"),
		ResourceName: jsii.String(name),
		ArnFormat:    awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
}
