package autoscaling

import (
	"slices"
	"testing"
)

func TestClassifyFailure(t *testing.T) {
	const failed = " Launching EC2 instance failed."
	const unhealthy = "Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: "
	const abandoned = "Instance failed to complete user's Lifecycle Action: Lifecycle Action with token e85eb647-4fe0-4909-b341-a6c42d8aba1f was abandoned: "
	const onDemand = "Could not launch On-Demand Instances. "
	const spot = "Could not launch Spot Instances. "
	tests := []struct {
		text string
		want launchFailure
	}{
		// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-capacity.html
		{"We currently do not have sufficient m5.large capacity in the Availability Zone you requested (us-east-1a). Our system will be working on provisioning additional capacity. You can currently get m5.large capacity by not specifying an Availability Zone in your request or choosing us-east-1b." + failed, failedCapacity},
		{"There is no Spot capacity available that matches your request." + failed, failedCapacity},
		{"5 instance(s) are already running." + failed, failedQuota},
		// https://github.com/kubernetes/autoscaler/issues/3241
		{spot + "InsufficientInstanceCapacity - There is no Spot capacity available that matches your request." + failed, failedCapacity},
		// https://github.com/mludvig/aws-ethereum-miner/issues/23
		{spot + "UnfulfillableCapacity - Unable to fulfill capacity due to your request configuration. Please adjust your request and try again." + failed, failedCapacity},
		// Public activities of 2014 to 2026
		{spot + "UnfulfillableCapacity - There is no capacity available that matches your request." + failed, failedCapacity},
		{"Insufficient capacity." + failed, failedCapacity},
		{"We currently do not have sufficient capacity to launch all of the additional requested instances into Placement Group 'BobsPlacementGroup'." + failed, failedCapacity},
		{unhealthy + "Server.InsufficientInstanceCapacity: Insufficient capacity to satisfy instance request", failedCapacity},
		// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
		{onDemand + "InsufficientCapacityOnHost - There is not enough capacity on the Dedicated Host." + failed, failedCapacity},
		{onDemand + "InsufficientHostCapacity - There is not enough capacity to fulfill your Dedicated Host request." + failed, failedCapacity},
		{onDemand + "InsufficientCapacity - There is not enough capacity to fulfill your request." + failed, failedCapacity},
		{"InsufficientReservedInstanceCapacity", failedCapacity},
		{onDemand + "ReservationCapacityExceeded - The requested reservation does not have sufficient compatible and available capacity for this request." + failed, failedReservation},
		{"The requested reservation does not have sufficient compatible and available capacity for this request." + failed, failedReservation},
		{onDemand + "InvalidCapacityReservationId.NotFound - The Capacity Reservation 'cr-1' does not exist." + failed, failedReservation},
		// https://github.com/redhat-developer/mapt/issues/576
		{spot + "SpotMaxPriceTooLow - Your Spot request price of 0.24156 is lower than the minimum required Spot request fulfillment price of 0.6034." + failed, failedSpotPrice},
		// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-verify-scaling-activity.html
		{"Your Spot request price of 0.001 is lower than the minimum required Spot request fulfillment price of 0.0031." + failed, failedSpotPrice},
		{unhealthy + "Server.SpotInstanceTermination: Spot instance termination", failedSpotTaken},
		// https://github.com/openai/kubernetes-ec2-autoscaler
		{"Spot instance request: sir-1 has been cancelled.", failedSpotRequest}, //nolint:misspell // as AWS spells it
		// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-instancelaunchfailure.html
		{"Your requested instance type (c6i.2xlarge) is not supported in your requested Availability Zone (us-east-1e). Please retry your request by not specifying an Availability Zone or choosing us-east-1a." + failed, failedZone},
		{"The requested Availability Zone is no longer supported. Please retry your request by not specifying an Availability Zone or choosing us-east-1a." + failed, failedZone},
		{spot + "InvalidFleetConfiguration - Your requested instance type (p3.8xlarge) is not supported in your requested Availability Zone (us-east-2c)." + failed, failedZone},
		{"The security group 'sg-1' does not exist." + failed, failedGroup},
		{"The key pair 'ops' does not exist." + failed, failedKeyPair},
		{"The requested configuration is currently not supported. Please check the documentation for supported configurations." + failed, failedTemplate},
		{"Invalid device name upload." + failed, failedVolume},
		{"Value (ephemeral) for parameter virtualName is invalid. Expected format: 'ephemeralNUMBER'." + failed, failedVolume},
		{"EBS block device mappings not supported for instance-store AMIs.", failedVolume},
		{"Placement groups may not be used with instances of type 'm1.large'." + failed, failedPlacement},
		{"You are not subscribed to this service. Please see https://aws.amazon.com/.", failedSubscription},
		{unhealthy + "Client.InternalError: Client error on launch", failedKey},
		{"The subnet ID 'subnet-1' does not exist." + failed, failedSubnet},
		// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-ami.html, ts-as-launch-template.html and ts-as-loadbalancer.html
		{"The AMI ID ami-1 does not exist." + failed, failedImage},
		{"AMI ami-1 is pending, and cannot be run." + failed, failedImage},
		{"The requested instance type's architecture (i386) does not match the architecture in the manifest for ami-6622f00f (x86_64). Launching ec2 instance failed.", failedType},
		{"You must use a valid fully-formed launch template. Something else.", failedTemplate},
		{"You are not authorized to use launch template: web.", failedPermission},
		{"The specified launch template, with template ID lt-1, does not exist." + failed, failedTemplate},
		{"One or more Target Groups not found. Validating load balancer configuration failed.", failedBalancer},
		{"Cannot find Load Balancer web. Validating load balancer configuration failed.", failedBalancer},
		{"There is no ACTIVE Load Balancer named web. Updating load balancer configuration failed.", failedBalancer},
		// https://github.com/benishak/lamp-aws-cloudformation/issues/1, https://github.com/StreisandEffect/streisand/issues/183
		{"The image id '[ami-327f5352]' does not exist." + failed, failedImage},
		{"AuthFailure: Not authorized for images: [ami-22de994a]" + failed, failedImage},
		{onDemand + "InvalidAMIID.Unavailable - The image ID 'ami-1' is no longer available." + failed, failedImage},
		// https://github.com/hashicorp/terraform-provider-aws/issues/38633, /39904, /4769
		{unhealthy + "Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state", failedKey},
		{"You must use a valid fully-formed launch template. Value (scaling-group-profile) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name", failedProfile},
		// https://github.com/kubernetes/kops/pull/15778, https://github.com/kubernetes/autoscaler/issues/1263
		{"You have requested more vCPU capacity than your current vCPU limit of 384 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit." + failed, failedVCPUQuota},
		{onDemand + "VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket that the specified instance type belongs to." + failed, failedVCPUQuota},
		{"You have requested more instances (7) than your current instance limit of 6 allows for the specified instance type. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit." + failed, failedQuota},
		{"Your quota allows for 0 more running instance(s). You requested at least 1." + failed, failedQuota},
		{onDemand + "InstanceLimitExceeded - Instance limit exceeded." + failed, failedQuota},
		// https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2149
		{"You've reached your quota for maximum Fleet Requests for this account." + failed, failedFleetQuota},
		// https://github.com/aws-deepracer-community/deepracer-on-the-spot/issues/55
		{"Max spot instance count exceeded." + failed, failedSpotQuota},
		{"Max spot instance count exceeded. Placing Spot instance request failed.", failedSpotQuota},
		{spot + "MaxSpotInstanceCountExceeded - Max spot instance count exceeded." + failed, failedSpotQuota},
		{unhealthy + "Client.VolumeLimitExceeded: Volume limit exceeded", failedVolumeQuota},
		{onDemand + "MaxIOPSLimitExceeded - You have reached the limit on your IOPS usage for the Region." + failed, failedVolumeQuota},
		{"RequestLimitExceeded - Request limit exceeded." + failed, failedBusy},
		{"ThrottlingException: Rate exceeded", failedBusy},
		// Public reports of node groups, 2025 and 2026
		{onDemand + "InvalidParameterCombination - The specified instance type is not eligible for Free Tier. For a list of Free Tier instance types, run 'describe-instance-types' with the filter 'free-tier-eligible=true'." + failed, failedFreeTier},
		{spot + "InvalidParameterCombination - The specified instance type is not eligible for Free Tier." + failed, failedFreeTier},
		{"This account is currently blocked and not recognized as a valid account." + failed, failedBlocked},
		{onDemand + "Blocked - This account is currently blocked and not recognized as a valid account. Please contact aws-verification@amazon.com if you have questions." + failed, failedBlocked},
		{"AccountDisabled - The functionality you have requested has been administratively disabled for this account." + failed, failedBlocked},
		{"Your account is suspended." + failed, failedBlocked},
		{"PendingVerification - Your request for accessing resources in this region is being validated, and you will not be able to launch additional resources in this region until the validation is complete." + failed, failedVerification},
		{"Your request for accessing resources in this region is being validated, and you will not be able to launch additional resources in this region until the validation is complete." + failed, failedVerification},
		{"Your account is pending verification." + failed, failedVerification},
		{"The specified instance type can only be used in a VPC. A subnet ID or network interface ID is required to carry out the request." + failed, failedType},
		{"The launch00 Placement Group has already been used in another Availability Zone. Specify the correct Availability Zone and try again." + failed, failedPlacement},
		{onDemand + "InvalidPlacementGroup.Unknown - The placement group 'p' is unknown." + failed, failedPlacement},
		// https://github.com/PrairieLearn/PrairieLearn/issues/3271
		{"There are not enough free addresses in subnet 'subnet-66d3dd2c' to satisfy the requested number of instances." + failed, failedAddresses},
		{onDemand + "InsufficientFreeAddressesInSubnet - There are not enough free addresses in subnet 'subnet-1'." + failed, failedAddresses},
		{onDemand + "InsufficientAddressCapacity - Not enough available addresses." + failed, failedAddresses},
		{"You are not authorized to perform this operation. Encoded authorization failure message: JUmMphVKvdVLB83WorEP2n5lOkl7LJT5E1K6lCJA" + failed, failedPermission},
		{onDemand + "UnauthorizedOperation - You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/* with an explicit deny in a service control policy." + failed, failedPermission},
		{"Access denied." + failed, failedPermission},
		// https://github.com/github-aws-runners/terraform-aws-github-runner/issues/104
		{"AuthFailure.ServiceLinkedRoleCreationNotPermitted - The provided credentials do not have permission to create the service-linked role for EC2 Spot Instances." + failed, failedRole},
		// Public reports of the first launch in an account
		{"Authentication Failure." + failed, failedRole},
		{"Access denied when attempting to assume role arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling. Validating load balancer configuration failed.", failedRole},
		// https://repost.aws/knowledge-center/ec2-marketplace-subscription-error
		{onDemand + "OptInRequired - In order to use this AWS Marketplace product you need to accept terms and subscribe. To do so please visit https://aws.amazon.com/marketplace/pp?sku=x" + failed, failedSubscription},
		// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
		{onDemand + "InvalidBlockDeviceMapping - Volume of size 8GB is smaller than snapshot 'snap-1', expect size >= 30GB" + failed, failedVolume},
		{"Volume of size 8GB is smaller than snapshot 'snap-1', expect size >= 30GB" + failed, failedVolume},
		{"The parameter iops is not supported for gp2 volumes." + failed, failedVolume},
		{"EncryptedVolumesNotSupported - Encrypted volumes may only be attached to instances that support Amazon EBS encryption." + failed, failedVolume},
		{"Client.InvalidSnapshot.NotFound: The snapshot 'snap-1' does not exist.", failedImage},
		{"Enhanced networking with the Elastic Network Adapter (ENA) is required for the 'c5.large' instance type. Ensure that you are using an AMI that is enabled for ENA." + failed, failedType},
		{"Unsupported - The requested configuration is currently not supported." + failed, failedTemplate},
		{onDemand + "UnsupportedOperation - The boot mode of the AMI is not supported." + failed, failedType},
		{"Invalid value for instanceType: m99.large" + failed, failedType},
		{"Security group sg-1 and subnet subnet-1 belong to different networks." + failed, failedTemplate},
		{onDemand + "InvalidNetworkInterface.InUse - The network interface 'eni-1' is currently in use." + failed, failedInterface},
		{"Network interface 'eni-1' is currently in use." + failed, failedInterface},
		{"InternalError - An internal error has occurred." + failed, failedInternal},
		{"Service Unavailable. Please try again shortly." + failed, failedInternal},
		// https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-auto-scaling.html has the timeout
		{abandoned + "Lifecycle Action Completed with ABANDON Result", failedHook},
		{abandoned + "Heartbeat Timeout", failedHookTimeout},
		// https://github.com/cloudcaptainsh/cloudcaptain/issues/204
		{unhealthy + "Server.InternalError: Internal error on launch", failedInternal},
		{unhealthy + "Client.UserInitiatedShutdown: User initiated shutdown", failedEarly},
		{unhealthy + "Client.InstanceInitiatedShutdown: Instance initiated shutdown", failedEarly},
		{unhealthy + "something AWS has not said before", failedEarly},

		// Names are the user's own and must not be taken for AWS's text.
		{"The key pair 'no spot capacity in the security group' does not exist." + failed, failedKeyPair},
		{"The security group 'kms key quota' does not exist." + failed, failedGroup},

		{"", failedUnknown},
		{"message-text", failedUnknown},
		{failed, failedUnknown},
	}
	classified := map[launchFailure]bool{}
	for _, tt := range tests {
		classified[tt.want] = true
		if got := classifyFailure(tt.text); got != tt.want {
			t.Errorf("classifyFailure(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
	for _, p := range slices.Concat(failureLeads[:], failurePhrases[:]) {
		if !classified[p.failure] {
			t.Errorf("no text here is %q", p.failure)
		}
		if got := classifyFailure("x " + p.text + " x"); got != p.failure {
			t.Errorf("%q alone is classified as %q, want %q", p.text, got, p.failure)
		}
	}
}

func TestFailureDetails(t *testing.T) {
	for _, tt := range []struct{ text, zone, want string }{
		{"We currently do not have sufficient m5.large capacity in the Availability Zone you requested (us-east-1a). You can currently get m5.large capacity by choosing us-east-1b.", "us-east-1c", "no m5.large capacity in us-east-1a"},
		{"We currently do not have sufficient m5.large capacity.", "us-east-1c", "no m5.large capacity in us-east-1c"},
		{"We currently do not have sufficient capacity to launch all of the additional requested instances into Placement Group 'p'.", "", "no capacity"},
		{"Could not launch Spot Instances. UnfulfillableCapacity - Unable to fulfill capacity.", "us-west-2a", "no Spot capacity in us-west-2a"},
		{"Insufficient capacity.", "", "no capacity"},
		{"Your requested instance type (c6i.2xlarge) is not supported in your requested Availability Zone (us-east-1e).", "", "c6i.2xlarge not offered in us-east-1e"},
		{"Your requested instance type (c6i.2xlarge) is not supported.", "", "instance type not offered in the zone"},
		{"Your requested instance type (with\nline breaks) is not supported in your requested Availability Zone (us-east-1e).", "", "instance type not offered in the zone"},
		{"The requested Availability Zone is no longer supported.", "us-east-1e", "instance type not offered in the zone"},
		{"The key pair 'sufficient x capacity' does not exist.", "us-east-1e", "key pair missing"},
	} {
		if got := classifyFailure(tt.text).detailed(tt.text, tt.zone); got != tt.want {
			t.Errorf("%q in %q: %q, want %q", tt.text, tt.zone, got, tt.want)
		}
	}
}
