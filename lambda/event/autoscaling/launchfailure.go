package autoscaling

import "strings"

// launchFailure says in a few words why an instance could not be launched.
type launchFailure string

// The launch failures.
const (
	failedCapacity    launchFailure = "no capacity"
	failedSpotPrice   launchFailure = "Spot price too low"
	failedSpotTaken   launchFailure = "Spot interruption"
	failedZone        launchFailure = "instance type not offered in the zone"
	failedTemplate    launchFailure = "bad launch template"
	failedImage       launchFailure = "image missing"
	failedKey         launchFailure = "encryption key not usable"
	failedQuota       launchFailure = "quota reached"
	failedBusy        launchFailure = "EC2 too busy"
	failedAddresses   launchFailure = "subnet out of addresses"
	failedGroup       launchFailure = "security group missing"
	failedSubnet      launchFailure = "subnet missing"
	failedKeyPair     launchFailure = "key pair missing"
	failedProfile     launchFailure = "instance profile missing"
	failedPermission  launchFailure = "not permitted"
	failedHook        launchFailure = "a lifecycle hook gave it up"
	failedHookTimeout launchFailure = "a lifecycle hook timed out"
	failedEarly       launchFailure = "the instance did not stay up"
	failedUnknown     launchFailure = "unknown reason"
)

// failurePhrase is a wording of AWS, in lower case, and the failure that it means.
type failurePhrase struct {
	text    string
	failure launchFailure
}

// failureLeads come before a more specific reason, or alone.
var failureLeads = []failurePhrase{
	{"became unhealthy while waiting", failedEarly}, // "… for instance to be in InService state. Termination Reason: "
	{"lifecycle action with token", failedHook},
	{"fully-formed launch template", failedTemplate},
}

// failurePhrases are what AWS writes: EC2's messages, and its error codes, which come before
// the message when a group launches through an EC2 Fleet ("Could not launch
// Spot Instances. UnfulfillableCapacity - Unable to fulfill …").
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/CHAP_Troubleshooting.html,
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and
// the issues named in the test have wordings; there is no full list.
var failurePhrases = []failurePhrase{
	{"not have sufficient", failedCapacity}, // "We currently do not have sufficient m5.large capacity"
	{"insufficientinstancecapacity", failedCapacity},
	{"insufficientreservedinstancecapacity", failedCapacity},
	{"insufficienthostcapacity", failedCapacity},
	{"insufficient capacity", failedCapacity},
	{"unfulfillablecapacity", failedCapacity},
	{"no spot capacity", failedCapacity},
	{"spotmaxpricetoolow", failedSpotPrice},
	{"spot request price", failedSpotPrice},
	{"spotinstancetermination", failedSpotTaken},
	{"your requested instance type", failedZone},
	{"requested availability zone is no longer supported", failedZone},
	{"invalidkmskey", failedKey},
	{"kms key", failedKey},
	{"client.internalerror", failedKey}, // "Client error on launch": the troubleshooting page has this one cause
	{"requestlimitexceeded", failedBusy},
	{"limitexceeded", failedQuota}, // VcpuLimitExceeded, InstanceLimitExceeded, Client.VolumeLimitExceeded, …
	{"limit exceeded", failedQuota},
	{"countexceeded", failedQuota},
	{"count exceeded", failedQuota}, // "Max spot instance count exceeded"
	{"you have requested more", failedQuota},
	{"already running", failedQuota},
	{"quota", failedQuota},
	{"free addresses", failedAddresses},
	{"freeaddresses", failedAddresses},
	{"ami id", failedImage},
	{"invalidamiid", failedImage},
	{"image id", failedImage},
	{"ami ami-", failedImage}, // "AMI ami-1 is pending, and cannot be run"
	{"not authorized for images", failedImage},
	{"snapshot", failedImage},
	{"the security group", failedGroup},
	{"invalidgroup.", failedGroup},
	{"invalidsecuritygroup", failedGroup},
	{"the subnet", failedSubnet},
	{"invalidsubnet", failedSubnet},
	{"the key pair", failedKeyPair},
	{"invalidkeypair", failedKeyPair},
	{"iam instance profile", failedProfile},
	{"iaminstanceprofile", failedProfile},
	{"not authorized to", failedPermission},
	{"unauthorizedoperation", failedPermission},
	{"access denied", failedPermission},
	{"accessdenied", failedPermission},
	{"servicelinkedrole", failedPermission},
	{"service-linked role", failedPermission},
	{"optinrequired", failedPermission},
	{"not subscribed to this service", failedPermission},
	{"heartbeat timeout", failedHookTimeout},
	{"launch template", failedTemplate},
	{"launchtemplate", failedTemplate},
	{"launch configuration", failedTemplate},
	{"requested configuration", failedTemplate},
	{"invalidparameter", failedTemplate},
	{"invalidblockdevicemapping", failedTemplate},
	{"block device mapping", failedTemplate},
	{"invalid device name", failedTemplate},
	{"virtualname", failedTemplate},
	{"belong to different networks", failedTemplate}, // security groups and subnets
	{"architecture", failedTemplate},
	{"virtualization type", failedTemplate},
	{"placement group", failedTemplate},
	{"server.internalerror", failedEarly},
	{"initiatedshutdown", failedEarly}, // Client.InstanceInitiatedShutdown, Client.UserInitiatedShutdown
}

// classifyFailure classifies AWS's text about a launch that failed. The first phrase counts:
// names of templates, key pairs and groups are the user's own and may say anything, but AWS
// says before a name what it is the name of.
func classifyFailure(text string) launchFailure {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	found := failedUnknown
	for _, lead := range failureLeads {
		if _, after, ok := strings.Cut(text, lead.text); ok {
			text, found = after, lead.failure
			break
		}
	}
	first := len(text)
	for _, p := range failurePhrases {
		if i := strings.Index(text, p.text); i >= 0 && i < first {
			first, found = i, p.failure
		}
	}
	return found
}
