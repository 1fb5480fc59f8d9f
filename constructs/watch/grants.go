package watch

import (
	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// The look-ups that several watches share, one statement each. Which actions support
// resource-level permissions is in
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html

// describeInstances lets the notifier look up what EC2 knows of an instance.
func describeInstances() binding.Grant {
	return unscoped("ec2:DescribeInstances", "which finds the name and the type of an instance", "list_amazonec2")
}

// describeGroups lets the notifier look up the state of an Auto Scaling group.
func describeGroups() binding.Grant {
	return unscoped("autoscaling:DescribeAutoScalingGroups", "which finds how many instances of a group are healthy", "list_amazonec2autoscaling")
}

// lookupEvents lets the notifier look up who made a deployment, and who terminated or stopped
// an instance.
func lookupEvents() binding.Grant {
	return unscoped("cloudtrail:LookupEvents", "which finds who made a deployment or took an instance down", "list_awscloudtrail")
}

// unscoped grants an action that does not support resource-level permissions. Page is
// the page of the service in the Service Authorization Reference.
func unscoped(action, use, page string) binding.Grant {
	return binding.Grant{
		Actions:   []string{action},
		Resources: []string{"*"},
		Broad:     action + ", " + use + ", does not support resource-level permissions: https://docs.aws.amazon.com/service-authorization/latest/reference/" + page + ".html",
	}
}
