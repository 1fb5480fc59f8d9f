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
	// Applications are the names of the CodeDeploy applications.
	//
	// Required.
	Applications []string

	// Groups are the names of the deployment groups.
	//
	// Default: all deployment groups of the applications.
	Groups []string

	// States are the states that are told. A pager's alert of a failure is resolved by
	// the next success on the same instance, if that is told.
	//
	// Default: Failure.
	States []State
}

var _ Watch = DeploymentInstances{}

// Bind implements [Watch].
func (d DeploymentInstances) Bind(scope constructs.Construct) binding.Watch {
	b := onApplications("DeploymentInstances", d.Applications, d.Groups, d.States)
	b.Wire = wire.Watch{DeploymentInstances: &wire.DeploymentInstances{}}
	b.DetailTypes = []string{"CodeDeploy Instance State-change Notification"}
	b.Fields = append(b.Fields, binding.Field{Path: "detail.state", Values: binding.Choices(orDefault(d.States, Failed))})
	b.Grants = []binding.Grant{
		codeDeployIn(scope).grant(d.Applications, d.Groups, "codedeploy:GetDeployment"),
		unscoped("codedeploy:GetDeploymentTarget", "which finds the script that failed on an instance", "list_awscodedeploy"),
		describeInstances(),
	}
	return b
}
