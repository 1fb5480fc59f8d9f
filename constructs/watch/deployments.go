package watch

import (
	"slices"
	"time"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Deployments sees CodeDeploy deployments that start, end or wait. What the Eye's
// [Terminations] report then names the deployment that it came after: of an application
// that deploys to the group, or whose name is most like the group's.
//
// CodeDeploy sends these events on a best-effort basis:
// https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
type Deployments struct {
	// CodeDeployApplications are the names of the CodeDeploy applications.
	//
	// Default: none; then set CodeDeployApplicationRefs.
	CodeDeployApplications []string

	// CodeDeployApplicationRefs are CodeDeploy applications of the app, or imported into
	// it.
	//
	// Default: none; then set CodeDeployApplications.
	CodeDeployApplicationRefs []CodeDeployApplication

	// DeploymentGroups are the names of the deployment groups.
	//
	// Default: none; without DeploymentGroupRefs, all deployment groups of the
	// applications.
	DeploymentGroups []string

	// DeploymentGroupRefs are deployment groups of the app, or imported into it.
	//
	// Default: none; without DeploymentGroups, all deployment groups of the applications.
	DeploymentGroupRefs []DeploymentGroup

	// States are the states that are reported.
	//
	// Default: DeploymentSucceeded, DeploymentFailed and DeploymentStopped.
	States []DeploymentState

	// Creators are who or what made the deployments that are reported. A deployment whose
	// creator could not be looked up is always reported.
	//
	// Default: all but Auto Scaling, which makes a deployment for every instance
	// that it launches or terminates.
	Creators []Creator

	// Changes reports a success only if the deployment before it, in the same deployment
	// group, did not succeed. Other states are reported as without it.
	//
	// Default: every success is reported.
	Changes bool

	// Who looks up who made a deployment, which CodeDeploy does not say: the notifier
	// may read the account's CloudTrail events of the region.
	//
	// Default: it is not looked up.
	Who bool

	// Verdict is how long after a success it is reported how the release did, in the thread of
	// its notice: whole minutes, from 5 minutes to 6 hours. Metrics of the half hours before
	// and after it are compared, and deaths and alarms counted, as docs/releases.md describes;
	// metrics count from about 20 minutes on. It is reported only if something got worse: a
	// pager opens an alert, which the next success resolves.
	//
	// Default: none; it is not reported.
	Verdict time.Duration

	// VerdictAlways reports it even if nothing got worse.
	//
	// Default: only if something got worse.
	VerdictAlways bool
}

var _ Watch = Deployments{}

// DeploymentState is the state of a CodeDeploy deployment.
type DeploymentState string

// The states of a deployment.
const (
	DeploymentStarted   DeploymentState = DeploymentState(wire.DeploymentStarted)
	DeploymentSucceeded DeploymentState = DeploymentState(wire.DeploymentSucceeded)
	DeploymentFailed    DeploymentState = DeploymentState(wire.DeploymentFailed)
	DeploymentStopped   DeploymentState = DeploymentState(wire.DeploymentStopped)
	DeploymentReady     DeploymentState = DeploymentState(wire.DeploymentReady) // blue/green: the replacement environment waits for traffic
)

// AllDeploymentStates returns all states of a deployment.
func AllDeploymentStates() []DeploymentState {
	return convert[DeploymentState](wire.AllDeploymentStates())
}

// Creator says who or what made a deployment.
type Creator string

// The creators of a deployment.
const (
	CreatorUser                   Creator = Creator(wire.CreatorUser)
	CreatorAutoScaling            Creator = Creator(wire.CreatorAutoScaling)
	CreatorAutoScalingTermination Creator = Creator(wire.CreatorAutoScalingTermination)
	CreatorRollback               Creator = Creator(wire.CreatorRollback)
	CreatorCodeDeploy             Creator = Creator(wire.CreatorCodeDeploy)
	CreatorAutoUpdate             Creator = Creator(wire.CreatorAutoUpdate)
	CreatorCloudFormation         Creator = Creator(wire.CreatorCloudFormation)
	CreatorCloudFormationRollback Creator = Creator(wire.CreatorCloudFormationRollback)
)

// AllCreators returns all creators of a deployment, Auto Scaling included.
func AllCreators() []Creator { return convert[Creator](wire.AllCreators()) }

// Bind implements [Watch].
func (d Deployments) Bind(scope constructs.Construct) binding.Watch {
	states := orDefault(d.States, []DeploymentState{DeploymentSucceeded, DeploymentFailed, DeploymentStopped})
	b := binding.Watch{
		Name:        "Deployments",
		Wire:        wire.Watch{Deployments: &wire.Deployments{Creators: convert[wire.Creator](d.Creators), Changes: d.Changes, Who: d.Who}},
		Source:      "aws.codedeploy",
		DetailTypes: []string{"CodeDeploy Deployment State-change Notification"},
	}
	names := bindCodeDeploy(&b, scope, codeDeployProps{d.CodeDeployApplications, d.CodeDeployApplicationRefs, d.DeploymentGroups, d.DeploymentGroupRefs})
	binding.CheckChoices(&b.Problems, "Deployments.States", d.States, AllDeploymentStates())
	binding.CheckChoices(&b.Problems, "Deployments.Creators", d.Creators, AllCreators())
	b.Fields = append(b.Fields, binding.Field{Path: "detail.state", Values: binding.Choices(states)})
	b.Grants = []binding.Grant{
		names.grant("codedeploy:GetDeployment"),
		names.grant("codedeploy:ListDeployments", "codedeploy:BatchGetDeployments"),
	}
	if slices.Contains(states, DeploymentFailed) || slices.Contains(states, DeploymentStopped) {
		b.Grants = append(b.Grants,
			unscoped("codedeploy:ListDeploymentTargets", "which finds where a deployment failed", "list_awscodedeploy"),
			unscoped("codedeploy:BatchGetDeploymentTargets", "which finds the script that failed", "list_awscodedeploy"))
	}
	if d.Who {
		who := lookupEvents()
		b.Grants = append(b.Grants, who)
		b.LookupWho = &who
	}
	if b.Wire.Deployments.Verdict = verdict(&b, d.Verdict, d.VerdictAlways, slices.Contains(states, DeploymentSucceeded)); b.Wire.Deployments.Verdict != nil {
		b.Grants = append(b.Grants, names.verdictGrants(scope)...)
	}
	b.Releases = names.releases()
	return b
}
