package watch

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/internal/binding"
)

// The look-ups that several watches share, one statement each. What resources an
// action knows is in
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html

// machine finds what EC2 knows of an instance.
func machine() binding.Grant {
	return everywhere("ec2:DescribeInstances", "which finds the name and the type of an instance", "list_amazonec2")
}

// fleet finds how an Auto Scaling group stands.
func fleet() binding.Grant {
	return everywhere("autoscaling:DescribeAutoScalingGroups", "which finds how many instances of a group are healthy", "list_amazonec2autoscaling")
}

// maker finds who made a deployment.
func maker() binding.Grant {
	return everywhere("cloudtrail:LookupEvents", "which finds who made a deployment", "list_awscloudtrail")
}

// everywhere grants an action that knows no resources.
func everywhere(action, use, page string) binding.Grant {
	return binding.Grant{
		Actions:   []string{action},
		Resources: []string{"*"},
		Broad:     action + ", " + use + ", knows no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/" + page + ".html",
	}
}

// deploymentGroups grants actions on deployment groups of CodeDeploy applications.
func deploymentGroups(scope constructs.Construct, applications, groups []string, actions ...string) binding.Grant {
	if len(groups) == 0 || len(applications)*len(groups) > binding.MaxGranted {
		groups = []string{"*"}
	}
	grant := binding.Grant{
		Actions: actions,
		Wide:    codeDeployARN(scope, "deploymentgroup", "*"),
		Broad:   "CodeDeploy is asked for the deployment groups of the watched applications, whose names are theirs to choose",
	}
	for _, application := range applications {
		for _, group := range groups {
			grant.Resources = append(grant.Resources, codeDeployARN(scope, "deploymentgroup", application+"/"+group))
		}
	}
	return grant
}

// codeDeployARN is the ARN of an application, or of a deployment group, which is
// written "application/group".
func codeDeployARN(scope constructs.Construct, resource, name string) string {
	return *awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
		Service:      jsii.String("codedeploy"),
		Resource:     jsii.String(resource),
		ResourceName: jsii.String(name),
		ArnFormat:    awscdk.ArnFormat_COLON_RESOURCE_NAME,
	})
}
