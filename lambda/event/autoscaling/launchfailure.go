package autoscaling

import "strings"

// launchFailure says in a few words why an instance could not be launched.
type launchFailure string

// The launch failures.
const (
	failedCapacity     launchFailure = "no capacity"
	failedReservation  launchFailure = "Capacity Reservation full or not usable"
	failedSpotPrice    launchFailure = "Spot price too low"
	failedSpotTaken    launchFailure = "Spot interruption"
	failedSpotRequest  launchFailure = "Spot request canceled"
	failedZone         launchFailure = "instance type not offered in the zone"
	failedType         launchFailure = "instance type not supported"
	failedTemplate     launchFailure = "bad launch template"
	failedVolume       launchFailure = "bad block device mapping"
	failedPlacement    launchFailure = "placement group not usable"
	failedInterface    launchFailure = "network interface not usable"
	failedImage        launchFailure = "image missing or not usable"
	failedSubscription launchFailure = "not subscribed to the image or the service"
	failedKey          launchFailure = "encryption key not usable"
	failedVCPUQuota    launchFailure = "vCPU quota reached"
	failedSpotQuota    launchFailure = "Spot quota reached"
	failedFleetQuota   launchFailure = "Fleet request quota reached"
	failedVolumeQuota  launchFailure = "EBS quota reached"
	failedQuota        launchFailure = "quota reached"
	failedFreeTier     launchFailure = "instance type not in the free tier"
	failedBlocked      launchFailure = "account blocked"
	failedVerification launchFailure = "account not verified yet"
	failedBusy         launchFailure = "EC2 too busy"
	failedInternal     launchFailure = "EC2 internal error"
	failedAddresses    launchFailure = "subnet out of addresses"
	failedGroup        launchFailure = "security group missing"
	failedSubnet       launchFailure = "subnet missing"
	failedKeyPair      launchFailure = "key pair missing"
	failedProfile      launchFailure = "instance profile missing"
	failedBalancer     launchFailure = "load balancer or target group missing"
	failedRole         launchFailure = "service-linked role missing or not ready"
	failedPermission   launchFailure = "not permitted"
	failedHook         launchFailure = "a lifecycle hook gave it up"
	failedHookTimeout  launchFailure = "a lifecycle hook timed out"
	failedEarly        launchFailure = "the instance did not stay up"
	failedUnknown      launchFailure = "unknown reason"
)

// failurePhrase is a wording of AWS, in lower case, and the failure that it means.
type failurePhrase struct {
	text    string
	failure launchFailure
}

// failureLeads come before a more specific reason, or alone, in this order.
var failureLeads = [...]failurePhrase{
	{"became unhealthy while waiting", failedEarly}, // "… for instance to be in InService state. Termination Reason: "
	{"lifecycle action with token", failedHook},
	{"fully-formed launch template", failedTemplate},
	{"invalidparameter", failedTemplate}, // InvalidParameterCombination, InvalidParameterValue
	{"invalidfleetconfiguration", failedTemplate},
	{"unsupportedoperation", failedType},
	{"unsupported - ", failedType},
	{"authfailure", failedPermission},
	{"unauthorizedoperation", failedPermission},
}

// failurePhrases are what AWS writes: EC2's messages, and its error codes, which come before
// the message when a group launches through an EC2 Fleet ("Could not launch
// Spot Instances. UnfulfillableCapacity - Unable to fulfill …").
//
// There is no full list of them. The test has those that AWS documents and those that people
// have published.
var failurePhrases = [...]failurePhrase{
	{"not have sufficient", failedCapacity}, // "We currently do not have sufficient m5.large capacity"
	{"insufficientinstancecapacity", failedCapacity},
	{"insufficientreservedinstancecapacity", failedCapacity},
	{"insufficienthostcapacity", failedCapacity},
	{"insufficientcapacityonhost", failedCapacity},
	{"insufficientcapacity", failedCapacity},
	{"insufficient capacity", failedCapacity},
	{"unfulfillablecapacity", failedCapacity},
	{"no spot capacity", failedCapacity},
	{"no capacity available", failedCapacity}, // "There is no capacity available that matches your request."
	{"reservationcapacityexceeded", failedReservation},
	{"requested reservation", failedReservation}, // "The requested reservation does not have sufficient compatible and available capacity"
	{"capacity reservation", failedReservation},
	{"capacityreservation", failedReservation},
	{"spotmaxpricetoolow", failedSpotPrice},
	{"spot request price", failedSpotPrice},
	{"spotinstancetermination", failedSpotTaken},
	{"spot instance request: ", failedSpotRequest}, // "… sir-… has been …"
	{"your requested instance type", failedZone},
	{"requested availability zone is no longer supported", failedZone},
	{"free tier", failedFreeTier},
	{"currently blocked", failedBlocked},
	{"accountdisabled", failedBlocked},
	{"administratively disabled", failedBlocked},
	{"account is suspended", failedBlocked},
	{"blocked - ", failedBlocked},
	{"pendingverification", failedVerification},
	{"is being validated", failedVerification}, // "Your request for accessing resources in this region is being validated"
	{"pending verification", failedVerification},
	{"invalidkmskey", failedKey},
	{"kms key", failedKey},
	{"client.internalerror", failedKey}, // "Client error on launch": the troubleshooting page has this one cause
	{"requestlimitexceeded", failedBusy},
	{"throttl", failedBusy},
	{"rate exceeded", failedBusy},
	{"vcpulimitexceeded", failedVCPUQuota},
	{"you have requested more vcpu capacity", failedVCPUQuota},
	{"maxspot", failedSpotQuota}, // MaxSpotInstanceCountExceeded, MaxSpotFleetRequestCountExceeded
	{"max spot instance count exceeded", failedSpotQuota},
	{"quota for maximum fleet requests", failedFleetQuota},
	{"volumelimitexceeded", failedVolumeQuota},
	{"volume limit exceeded", failedVolumeQuota},
	{"maxiopslimitexceeded", failedVolumeQuota},
	{"limitexceeded", failedQuota}, // InstanceLimitExceeded, HostLimitExceeded, …
	{"limit exceeded", failedQuota},
	{"countexceeded", failedQuota},
	{"you have requested more", failedQuota},
	{"already running", failedQuota},
	{"quota", failedQuota},
	{"free addresses", failedAddresses},
	{"freeaddresses", failedAddresses},
	{"insufficientaddresscapacity", failedAddresses},
	{"marketplace", failedSubscription}, // "In order to use this AWS Marketplace product you need to accept terms and subscribe."
	{"optinrequired", failedSubscription},
	{"not subscribed to this service", failedSubscription},
	{"accept terms and subscribe", failedSubscription},
	{"ami id", failedImage},
	{"invalidamiid", failedImage},
	{"image id", failedImage},
	{"ami ami-", failedImage}, // "AMI ami-1 is pending, and cannot be run"
	{"not authorized for images", failedImage},
	{"snapshot", failedImage},
	{"the security group", failedGroup},
	{"invalidgroup", failedGroup},
	{"invalidsecuritygroup", failedGroup},
	{"the subnet", failedSubnet},
	{"invalidsubnet", failedSubnet},
	{"the key pair", failedKeyPair},
	{"invalidkeypair", failedKeyPair},
	{"iam instance profile", failedProfile},
	{"iaminstanceprofile", failedProfile},
	{"target group", failedBalancer},
	{"load balancer", failedBalancer},
	{"servicelinkedrole", failedRole},
	{"service-linked role", failedRole},
	{"access denied when attempting to assume role", failedRole}, // the service-linked role
	{"authentication failure", failedRole},                       // the role, or the instance profile, is too new
	{"not authorized", failedPermission},
	{"access denied", failedPermission},
	{"accessdenied", failedPermission},
	{"heartbeat timeout", failedHookTimeout},
	{"launch template", failedTemplate},
	{"launchtemplate", failedTemplate},
	{"launch configuration", failedTemplate},
	{"requested configuration", failedTemplate},
	{"missingparameter", failedTemplate},
	{"invalidrequest", failedTemplate},
	{"userdata", failedTemplate},
	{"user data", failedTemplate},
	{"belong to different networks", failedTemplate}, // security groups and subnets
	{"invalidblockdevicemapping", failedVolume},
	{"block device mapping", failedVolume},
	{"invalid device name", failedVolume},
	{"virtualname", failedVolume},
	{"volume of size", failedVolume}, // "Volume of size 8GB is smaller than snapshot"
	{"parameter iops", failedVolume},
	{"volumetype", failedVolume},
	{"encryptedvolumesnotsupported", failedVolume},
	{"invalidinstancetype", failedType},
	{"invalid value for instancetype", failedType},
	{"architecture", failedType},
	{"virtualization type", failedType},
	{"can only be used in a vpc", failedType},
	{"elastic network adapter", failedType},
	{"boot mode", failedType},
	{"placement group", failedPlacement},
	{"invalidplacementgroup", failedPlacement},
	{"network interface", failedInterface},
	{"invalidnetworkinterface", failedInterface},
	{"server.internalerror", failedInternal},
	{"internalerror", failedInternal},
	{"internal error", failedInternal},
	{"service unavailable", failedInternal},
	{"serviceunavailable", failedInternal},
	{"initiatedshutdown", failedEarly}, // Client.InstanceInitiatedShutdown, Client.UserInitiatedShutdown
}

// classifyFailure classifies AWS's text about a launch that failed. The first phrase counts:
// names of templates, key pairs and groups are the user's own and may say anything, but AWS
// says before a name what it is the name of.
func classifyFailure(text string) launchFailure {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	found := failedUnknown
	for i := range failureLeads {
		if _, after, ok := strings.Cut(text, failureLeads[i].text); ok {
			text, found = after, failureLeads[i].failure
		}
	}
	first := len(text)
	for i := range failurePhrases {
		if at := strings.Index(text, failurePhrases[i].text); at >= 0 && at < first {
			first, found = at, failurePhrases[i].failure
		}
	}
	return found
}

// detailed is the failure with the instance type and the zone that AWS's text names, or else
// the zone of the event: "no m5.large capacity in us-east-1a".
func (f launchFailure) detailed(text, zone string) string {
	switch f {
	case failedCapacity:
		what := "no capacity"
		if kind := oneWord(between(text, "sufficient ", " capacity")); kind != "" {
			what = "no " + kind + " capacity"
		} else if strings.Contains(text, "Spot") {
			what = "no Spot capacity"
		}
		return in(what, text, zone)
	case failedZone:
		kind := oneWord(between(text, "instance type (", ")"))
		if kind == "" || in(kind, text, zone) == kind {
			return string(f)
		}
		return in(kind+" not offered", text, zone)
	}
	return string(f)
}

// in adds the zone that the text asks about, or else the zone of the event.
func in(what, text, zone string) string {
	if asked := oneWord(between(text, "Availability Zone you requested (", ")")); asked != "" {
		zone = asked
	} else if asked := oneWord(between(text, "requested Availability Zone (", ")")); asked != "" {
		zone = asked
	}
	if zone == "" {
		return what
	}
	return what + " in " + zone
}

// between returns what stands between two texts, "" if they are not there.
func between(text, start, end string) string {
	_, after, _ := strings.Cut(text, start)
	found, _, ok := strings.Cut(after, end)
	if !ok {
		return ""
	}
	return found
}

// maxWord is longer than the name of any instance type or zone.
const maxWord = 30

// oneWord returns a text that is one short word, "" for any other.
func oneWord(text string) string {
	if len(text) > maxWord || strings.ContainsAny(text, " \t\r\n") {
		return ""
	}
	return text
}

// sentence is AWS's text about a launch that failed, without the end that all have.
func sentence(text string) string {
	for _, end := range []string{"Launching EC2 instance failed.", "Placing Spot instance request failed."} {
		text = strings.TrimSuffix(strings.TrimSpace(text), end)
	}
	return strings.TrimSpace(text)
}
