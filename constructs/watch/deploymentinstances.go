package watch

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// DeploymentInstances sees what CodeDeploy deployments do to each instance.
//
// CodeDeploy sends these events on a best-effort basis:
// https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
type DeploymentInstances struct {
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

	// States are the states that are reported. A pager's alert of a failure is resolved by
	// the next success on the same instance, if that is reported.
	//
	// Default: DeploymentFailed.
	States []DeploymentState
}

var _ Watch = DeploymentInstances{}

// Bind implements [Watch].
func (d DeploymentInstances) Bind(scope constructs.Construct) binding.Watch {
	b := binding.Watch{
		Name:        "DeploymentInstances",
		Wire:        wire.Watch{DeploymentInstances: &wire.DeploymentInstances{}},
		Source:      "aws.codedeploy",
		DetailTypes: []string{"CodeDeploy Instance State-change Notification"},
	}
	names := bindCodeDeploy(&b, scope, codeDeployProps{d.CodeDeployApplications, d.CodeDeployApplicationRefs, d.DeploymentGroups, d.DeploymentGroupRefs})
	binding.CheckChoices(&b.Problems, "DeploymentInstances.States", d.States, AllDeploymentStates())
	b.Fields = append(b.Fields, binding.Field{Path: "detail.state", Values: binding.Choices(orDefault(d.States, []DeploymentState{DeploymentFailed}))})
	b.Grants = []binding.Grant{
		names.grant("codedeploy:GetDeployment"),
		unscoped("codedeploy:GetDeploymentTarget", "which finds the script that failed on an instance", "list_awscodedeploy"),
		describeInstances(),
	}
	return b
}
