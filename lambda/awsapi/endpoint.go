package awsapi

import (
	"fmt"
	"net/url"
	"os"
	"strings"
)

// ValidRegion reports whether r looks like a region. It comes from events, and it
// becomes part of a host name.
func ValidRegion(r string) bool {
	return len(r) <= 32 && strings.Count(r, "-") >= 2 &&
		strings.Trim(r, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" &&
		r[0] != '-' && '0' <= r[len(r)-1] && r[len(r)-1] <= '9'
}

// ValidAccount reports whether id is that of an account, which becomes part of an ARN.
func ValidAccount(id string) bool { return len(id) == 12 && strings.Trim(id, "0123456789") == "" }

// endpoint returns the URL of a service in the call's region, without a slash at
// its end: the one that the environment names, else that of the partition.
func endpoint(call Call) (string, error) {
	name := "AWS_ENDPOINT_URL_" + call.sdkID()
	value, found := os.LookupEnv(name)
	if !found {
		name = "AWS_ENDPOINT_URL"
		value = os.Getenv(name)
	}
	if value == "" || os.Getenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == "true" {
		if !ValidRegion(call.Region) {
			return "", fmt.Errorf("%q is not a region: set AWS_REGION", call.Region)
		}
		return "https://" + call.hostName(), nil
	}
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("%s must be a URL that starts with http:// or https://", name)
	}
	return strings.TrimRight(value, "/"), nil
}

// hostName is the service's host in the region. IAM has one in a partition, and in
// two of them its name has no region.
func (c Call) hostName() string {
	suffix := dnsSuffix(c.Region)
	switch {
	case c.Service != "iam" || suffix != "amazonaws.com":
		return c.host() + "." + c.Region + "." + suffix
	case c.Region == "us-gov-west-1":
		return "iam.us-gov.amazonaws.com"
	default:
		return "iam.amazonaws.com"
	}
}

// iamRegion is the region of a partition that its IAM is called in, and that the
// calls are signed for.
//
// https://docs.aws.amazon.com/general/latest/gr/iam-service.html
func iamRegion(region string) string {
	switch dnsSuffix(region) {
	case "amazonaws.com.cn":
		return "cn-north-1"
	case "amazonaws.eu":
		return "eusc-de-east-1"
	case "c2s.ic.gov":
		return "us-iso-east-1"
	case "sc2s.sgov.gov":
		return "us-isob-east-1"
	case "csp.hci.ic.gov":
		return "us-isof-south-1"
	case "cloud.adc-e.uk":
		return "eu-isoe-west-1"
	}
	if strings.HasPrefix(region, "us-gov-") {
		return "us-gov-west-1"
	}
	return "us-east-1"
}

// sdkID is the service as the names of endpoint variables spell it: the service
// id of the SDKs in capitals, with an underscore for each space.
//
// https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html
func (c Call) sdkID() string {
	switch c.Service {
	case "autoscaling":
		return "AUTO_SCALING"
	case "elasticloadbalancing":
		return "ELASTIC_LOAD_BALANCING_V2"
	case "monitoring":
		return "CLOUDWATCH"
	case "events":
		return "EVENTBRIDGE"
	case "logs":
		return "CLOUDWATCH_LOGS"
	case "secretsmanager":
		return "SECRETS_MANAGER"
	case "ses":
		return "SESV2"
	case "states":
		return "SFN"
	}
	return strings.ToUpper(c.Service)
}

// dnsSuffix returns the domain of a region's partition.
//
// https://github.com/aws/aws-sdk-go-v2/blob/main/internal/endpoints/awsrulesfn/partitions.json
func dnsSuffix(region string) string {
	switch prefix, _, _ := strings.Cut(region, "-"); {
	case prefix == "cn":
		return "amazonaws.com.cn"
	case prefix == "eusc":
		return "amazonaws.eu"
	case strings.HasPrefix(region, "us-iso-"):
		return "c2s.ic.gov"
	case strings.HasPrefix(region, "us-isob-"):
		return "sc2s.sgov.gov"
	case strings.HasPrefix(region, "us-isof-"):
		return "csp.hci.ic.gov"
	case strings.HasPrefix(region, "eu-isoe-"):
		return "cloud.adc-e.uk"
	default:
		return "amazonaws.com"
	}
}
