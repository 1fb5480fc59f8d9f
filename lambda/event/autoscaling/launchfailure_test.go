package autoscaling

import (
	"slices"
	"testing"
)

func TestClassifyFailure(t *testing.T) {
	const failed = " Launching EC2 instance failed."
	const unhealthy = "Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: "
	const abandoned = "Instance failed to complete user's Lifecycle Action: Lifecycle Action with token e85eb647-4fe0-4909-b341-a6c42d8aba1f was abandoned: "
	tests := []struct {
		text string
		want launchFailure
	}{
		// https://github.com/awsdocs/amazon-ec2-auto-scaling-user-guide, doc_source/ts-as-capacity.md
		{"We currently do not have sufficient m5.large capacity in the Availability Zone you requested (us-east-1a). Our system will be working on provisioning additional capacity. You can currently get m5.large capacity by not specifying an Availability Zone in your request or choosing us-east-1b." + failed, failedCapacity},
		{"5 instance(s) are already running." + failed, failedQuota},
		// https://github.com/kubernetes/autoscaler/issues/3241
		{"Could not launch Spot Instances. InsufficientInstanceCapacity - There is no Spot capacity available that matches your request." + failed, failedCapacity},
		// https://github.com/mludvig/aws-ethereum-miner/issues/23
		{"Could not launch Spot Instances. UnfulfillableCapacity - Unable to fulfill capacity due to your request configuration. Please adjust your request and try again." + failed, failedCapacity},
		{"Could not launch Spot Instances. InvalidFleetConfiguration - Your requested instance type (p3.8xlarge) is not supported in your requested Availability Zone (us-east-2c)." + failed, failedZone},
		{unhealthy + "Server.InsufficientInstanceCapacity: Insufficient capacity to satisfy instance request", failedCapacity},
		// https://github.com/redhat-developer/mapt/issues/576
		{"Could not launch Spot Instances. SpotMaxPriceTooLow - Your Spot request price of 0.24156 is lower than the minimum required Spot request fulfillment price of 0.6034." + failed, failedSpotPrice},
		{unhealthy + "Server.SpotInstanceTermination: Spot instance termination", failedSpotTaken},
		// https://github.com/awsdocs/amazon-ec2-auto-scaling-user-guide, doc_source/ts-as-instancelaunchfailure.md
		{"Your requested instance type (c6i.2xlarge) is not supported in your requested Availability Zone (us-east-1e). Please retry your request by not specifying an Availability Zone or choosing us-east-1a." + failed, failedZone},
		{"The requested Availability Zone is no longer supported. Please retry your request by not specifying an Availability Zone or choosing us-east-1a." + failed, failedZone},
		{"The security group 'sg-1' does not exist." + failed, failedGroup},
		{"The key pair 'ops' does not exist." + failed, failedKeyPair},
		{"The requested configuration is currently not supported. Please check the documentation for supported configurations." + failed, failedTemplate},
		{"Invalid device name upload." + failed, failedTemplate},
		{"Value (ephemeral) for parameter virtualName is invalid. Expected format: 'ephemeralNUMBER'." + failed, failedTemplate},
		{"EBS block device mappings not supported for instance-store AMIs.", failedTemplate},
		{"Placement groups may not be used with instances of type 'm1.large'." + failed, failedTemplate},
		{"You are not subscribed to this service. Please see https://aws.amazon.com/.", failedPermission},
		{unhealthy + "Client.InternalError: Client error on launch", failedKey},
		{"The subnet ID 'subnet-1' does not exist." + failed, failedSubnet},
		// …, doc_source/ts-as-ami.md and ts-as-launch-template.md
		{"The AMI ID ami-1 does not exist." + failed, failedImage},
		{"AMI ami-1 is pending, and cannot be run." + failed, failedImage},
		{"The requested instance type's architecture (i386) does not match the architecture in the manifest for ami-6622f00f (x86_64). Launching ec2 instance failed.", failedTemplate},
		{"You must use a valid fully-formed launch template. Something else.", failedTemplate},
		{"You are not authorized to use launch template: web.", failedPermission},
		{"The specified launch template, with template ID lt-1, does not exist." + failed, failedTemplate},
		// https://github.com/benishak/lamp-aws-cloudformation/issues/1, https://github.com/StreisandEffect/streisand/issues/183
		{"The image id '[ami-327f5352]' does not exist." + failed, failedImage},
		{"AuthFailure: Not authorized for images: [ami-22de994a]" + failed, failedImage},
		// https://github.com/hashicorp/terraform-provider-aws/issues/38633, /39904, /4769
		{unhealthy + "Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state", failedKey},
		{"You must use a valid fully-formed launch template. Value (scaling-group-profile) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name", failedProfile},
		// https://github.com/kubernetes/kops/pull/15778, https://github.com/kubernetes/autoscaler/issues/1263
		{"You have requested more vCPU capacity than your current vCPU limit of 384 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit." + failed, failedQuota},
		{"You have requested more instances (7) than your current instance limit of 6 allows for the specified instance type. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit." + failed, failedQuota},
		// https://github.com/aws-deepracer-community/deepracer-on-the-spot/issues/55
		{"Max spot instance count exceeded." + failed, failedQuota},
		{"Could not launch Spot Instances. MaxSpotInstanceCountExceeded - Max spot instance count exceeded." + failed, failedQuota},
		{unhealthy + "Client.VolumeLimitExceeded: Volume limit exceeded", failedQuota},
		{"RequestLimitExceeded - Request limit exceeded." + failed, failedBusy},
		// https://github.com/PrairieLearn/PrairieLearn/issues/3271
		{"There are not enough free addresses in subnet 'subnet-66d3dd2c' to satisfy the requested number of instances." + failed, failedAddresses},
		{"Could not launch On-Demand Instances. InsufficientFreeAddressesInSubnet - There are not enough free addresses in subnet 'subnet-1'." + failed, failedAddresses},
		{"You are not authorized to perform this operation. Encoded authorization failure message: JUmMphVKvdVLB83WorEP2n5lOkl7LJT5E1K6lCJA" + failed, failedPermission},
		// https://github.com/github-aws-runners/terraform-aws-github-runner/issues/104
		{"AuthFailure.ServiceLinkedRoleCreationNotPermitted - The provided credentials do not have permission to create the service-linked role for EC2 Spot Instances." + failed, failedPermission},
		// https://github.com/awsdocs/aws-codedeploy-user-guide has the timeout
		{abandoned + "Lifecycle Action Completed with ABANDON Result", failedHook},
		{abandoned + "Heartbeat Timeout", failedHookTimeout},
		// https://github.com/cloudcaptainsh/cloudcaptain/issues/204
		{unhealthy + "Server.InternalError: Internal error on launch", failedEarly},
		{unhealthy + "Client.UserInitiatedShutdown: User initiated shutdown", failedEarly},
		{unhealthy + "something AWS has not said before", failedEarly},

		// Names are the user's own and must not be taken for AWS's words.
		{"The key pair 'no spot capacity in the security group' does not exist." + failed, failedKeyPair},
		{"The security group 'kms key quota' does not exist." + failed, failedGroup},

		{"", failedUnknown},
		{"message-text", failedUnknown},
		{failed, failedUnknown},
	}
	placed := map[launchFailure]bool{}
	for _, tt := range tests {
		placed[tt.want] = true
		if got := classifyFailure(tt.text); got != tt.want {
			t.Errorf("classifyFailure(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
	for _, p := range slices.Concat(failureLeads, failurePhrases) {
		if !placed[p.failure] {
			t.Errorf("no wording here is %q", p.failure)
		}
		if got := classifyFailure("x " + p.text + " x"); got != p.failure {
			t.Errorf("%q alone is classified as %q, want %q", p.text, got, p.failure)
		}
	}
}
