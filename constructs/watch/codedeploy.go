package watch

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// CodeDeployApplication is a CodeDeploy application of CDK's: an
// awscodedeploy.IServerApplication, ILambdaApplication or IEcsApplication.
type CodeDeployApplication interface {
	awscdk.IResource
	ApplicationArn() *string
	ApplicationName() *string
}

// DeploymentGroup is a CodeDeploy deployment group of CDK's: an
// awscodedeploy.IServerDeploymentGroup, ILambdaDeploymentGroup or IEcsDeploymentGroup.
type DeploymentGroup interface {
	awscdk.IResource
	DeploymentGroupArn() *string
	DeploymentGroupName() *string
}

// https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html
var (
	codeDeployApplication = binding.Kind{What: "CodeDeploy application", Names: "CodeDeployApplications", Refs: "CodeDeployApplicationRefs", MaxLength: 100}
	deploymentGroup       = binding.Kind{What: "deployment group", Names: "DeploymentGroups", Refs: "DeploymentGroupRefs", MaxLength: 100}
)

// codeDeployProps are what two watches have in common.
type codeDeployProps struct {
	applications    []string
	applicationRefs []CodeDeployApplication
	groups          []string
	groupRefs       []DeploymentGroup
}

// codeDeployNames are applications and, if any are named, deployment groups of theirs.
type codeDeployNames struct {
	arn                  string // how the ARNs of CodeDeploy begin here
	applications, groups []string
}

// bindCodeDeploy adds to b what is matched of a deployment except for its state.
func bindCodeDeploy(b *binding.Watch, scope constructs.Construct, props codeDeployProps) codeDeployNames {
	names := codeDeployNames{
		arn:          binding.ARNsOf(scope, "codedeploy"),
		applications: required(b, scope, codeDeployApplication, props.applications, props.applicationRefs, CodeDeployApplication.ApplicationName),
		groups:       optional(b, scope, deploymentGroup, props.groups, props.groupRefs, DeploymentGroup.DeploymentGroupName),
	}
	b.Fields = []binding.Field{{Path: "detail.application", Values: codeDeployApplication.Values(names.applications)}}
	if len(names.groups) > 0 {
		b.Fields = append(b.Fields, binding.Field{Path: "detail.deploymentGroup", Values: deploymentGroup.Values(names.groups)})
	}
	b.Recorded = names.recorded()
	return names
}

// ofApplications grants an action on the applications.
func (n codeDeployNames) ofApplications(action string) binding.Grant {
	grant := binding.Grant{
		Actions: []string{action},
		Wide:    n.arn + "application:*",
		Broad:   "CodeDeploy is asked for the groups of the watched applications",
	}
	for _, application := range n.applications {
		grant.Resources = append(grant.Resources, n.arn+"application:"+application)
	}
	return grant
}

// grant grants actions on the deployment groups of the applications.
func (n codeDeployNames) grant(actions ...string) binding.Grant {
	groups := n.groups
	if len(groups) == 0 || len(n.applications)*len(groups) > binding.MaxGranted {
		groups = []string{"*"}
	}
	grant := binding.Grant{
		Actions: actions,
		Wide:    n.arn + "deploymentgroup:*",
		Broad:   "CodeDeploy is asked for the deployment groups of the watched applications, whose names are theirs to choose",
	}
	for _, application := range n.applications {
		for _, group := range groups {
			grant.Resources = append(grant.Resources, n.arn+"deploymentgroup:"+application+"/"+group)
		}
	}
	return grant
}

// releases are the applications, and what looking up their deployments takes. Those of all
// applications are one release.
func (n codeDeployNames) releases() []binding.Release {
	var all []binding.Release
	applications := n.applications
	if len(applications) == 0 {
		applications = []string{binding.AnyApplication}
	}
	for _, application := range applications {
		of := codeDeployNames{arn: n.arn, applications: []string{application}}
		all = append(all, binding.Release{Application: application, Grants: []binding.Grant{
			of.ofApplications("codedeploy:ListDeploymentGroups"),
			of.grant("codedeploy:BatchGetDeploymentGroups"),
			of.grant("codedeploy:ListDeployments", "codedeploy:BatchGetDeployments"),
			unscoped("autoscaling:DescribeLifecycleHooks", "which finds the deployment groups that have a hook on a group", "list_amazonec2autoscaling"),
		}})
	}
	return all
}
