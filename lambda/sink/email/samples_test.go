package email

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

// samples are the notices that the golden mails are made of, by name.
func samples() map[string]*notice.Notice {
	at := time.Date(2026, 6, 30, 20, 17, 56, 0, time.UTC)
	base := func(kind notice.Kind, severity notice.Severity, status notice.Status) *notice.Notice {
		return &notice.Notice{
			ID: "12345678-1234-1234-1234-123456789012", Time: at, Account: "123456789012", Region: "eu-west-1",
			Service: "some-service", Kind: kind, Severity: severity, Status: status,
		}
	}

	named := base(notice.KindTermination, notice.Warning, notice.Marker)
	named.Title = "some-service-production: instance web-7 was terminated after a failed load balancer health check"
	named.Summary = "Auto Scaling took i-0b6f1c2d3e4f5a6b7 (web-7) out of service at 20:12 UTC because it failed its load balancer's health check."
	named.Key = "autoscaling/some-service-production/i-0b6f1c2d3e4f5a6b7"
	named.Event = event("EC2 Instance Terminate Successful", `{"EC2InstanceId":"i-0b6f1c2d3e4f5a6b7","AutoScalingGroupName":"some-service-production","StatusCode":"InProgress"}`)
	named.Add("Instance", "i-0b6f1c2d3e4f5a6b7", "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0b6f1c2d3e4f5a6b7")
	named.Add("Name", "web-7", "")
	named.Add("Group", "some-service-production", "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#AutoScalingGroupDetails:id=some-service-production;view=activity")
	named.Add("Zone", "eu-west-1b", "")
	named.Add("Cause", "At 2026-06-30T20:12:22Z an instance was taken out of service in response to an ELB system health check failure.", "")
	named.Add("Started", "2026-06-30 20:12:22 UTC (6 minutes ago)", "")
	named.Add("Ended", "2026-06-30 20:17:56 UTC (just now)", "")
	named.Add("Took", "5 minutes 34 seconds", "")
	named.Link("Open the group", "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#AutoScalingGroupDetails:id=some-service-production;view=activity")
	named.Link("Open the instance", "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0b6f1c2d3e4f5a6b7")

	nameless := base(notice.KindTermination, notice.Critical, notice.Open)
	nameless.Service = ""
	nameless.Title = "some-service-canary: instance i-0b6f1c2d3e4f5a6b7 was terminated, nobody knows why"
	nameless.Summary = "Auto Scaling terminated i-0b6f1c2d3e4f5a6b7 for a cause that extraeye does not know."
	nameless.Key = "autoscaling/some-service-canary/i-0b6f1c2d3e4f5a6b7"
	nameless.Event = event("EC2 Instance Terminate Successful", `{"EC2InstanceId":"i-0b6f1c2d3e4f5a6b7"}`)
	nameless.Add("Instance", "i-0b6f1c2d3e4f5a6b7", "")
	nameless.Add("Name", "not found: ec2 DescribeInstances answered 403 UnauthorizedOperation: you are not authorized to perform this operation", "")
	nameless.Add("Cause", "At 2026-06-30T20:12:22Z something new happened.", "")

	success := base(notice.KindDeployment, notice.Info, notice.Resolved)
	success.Title = "some-service 1.42.0 was deployed to production"
	success.Summary = "Deployment d-ABCDEF123 of some-service 1.42.0 succeeded on all 6 instances in 4 minutes 10 seconds."
	success.Key = "codedeploy/some-service/production"
	success.Event = event("CodeDeploy Deployment State-change Notification", `{"deploymentId":"d-ABCDEF123","application":"some-service","state":"SUCCESS"}`)
	success.Add("Version", "1.42.0", "")
	success.Add("Revision", "example/some-service @ 3f9d1c0a7be2", "https://github.com/example/some-service/commit/3f9d1c0a7be2")
	success.Add("Deployment", "d-ABCDEF123", "https://eu-west-1.console.aws.amazon.com/codesuite/codedeploy/deployments/d-ABCDEF123?region=eu-west-1")
	success.Add("Made by", "user", "")
	success.Add("Description", "Release 1.42.0\n- faster search\n  - and a smaller index\n- fixes", "")
	success.Add("Instances", "6 succeeded", "")
	success.Link("Open the deployment", "https://eu-west-1.console.aws.amazon.com/codesuite/codedeploy/deployments/d-ABCDEF123?region=eu-west-1")

	failure := base(notice.KindDeployment, notice.Error, notice.Open)
	failure.Service = "Shop"
	failure.Title = "some-service 1.42.1 failed to deploy to production"
	failure.Summary = "Deployment d-ABCDEF124 of some-service 1.42.1 failed after 12 minutes: HEALTH_CONSTRAINTS."
	failure.Key = "codedeploy/some-service/production"
	failure.Event = event("CodeDeploy Deployment State-change Notification", `{"deploymentId":"d-ABCDEF124","application":"some-service","state":"FAILURE"}`)
	failure.Add("Error", "HEALTH_CONSTRAINTS\nThe overall deployment failed because too many individual instances failed deployment, too few healthy instances are available for deployment, or some instances in your deployment group are experiencing problems.", "")
	failure.Add("Revision", "s3://releases/some-service/1.42.1.tar.gz", "")
	failure.Add("Instances", "2 succeeded, 1 failed, 3 skipped", "")
	failure.Link("Open the deployment", "https://eu-west-1.console.aws.amazon.com/codesuite/codedeploy/deployments/d-ABCDEF124?region=eu-west-1")
	failure.Link("Open the application", "https://eu-west-1.console.aws.amazon.com/codesuite/codedeploy/applications/some-service?region=eu-west-1")
	failure.Link("Logs", "https://eu-west-1.console.aws.amazon.com/cloudwatch/home")

	unknown := base(notice.KindUnknown, notice.Warning, notice.Marker)
	unknown.Title = "An event that extraeye cannot read: Something New"
	unknown.Summary = "The event came from aws.somewhere; it is below as it came."
	unknown.Key = "unknown/12345678-1234-1234-1234-123456789012"
	unknown.Event = event("Something New", `{"a":[1,2,{"b":null}],"text":"<b>&amp;"}`)
	unknown.Add("Source", "aws.somewhere", "")

	// A text everywhere, but not so often that nobody could read the mail.
	shortHostile := sinktest.Brief(hostile(hostileText))
	shortHostile.Event, _ = json.Marshal(hostileText)
	shortHostile.Event = bytes.ReplaceAll(shortHostile.Event, []byte(`\ufffd`), []byte("\uFFFD")) // as Go 1.27 writes it

	shared := sinktest.Samples()
	return map[string]*notice.Notice{
		"explained":            shared["explained"],
		"log-tail":             shared["log-tail"],
		"task":                 shared["task"],
		"alarm":                shared["alarm"],
		"pattern":              shared["pattern"],
		"termination":          named,
		"termination-nameless": nameless,
		"deployment-success":   success,
		"deployment-failure":   failure,
		"unknown":              unknown,
		"hostile":              shortHostile,
		"empty":                {},
	}
}

// hostileText is text that would leave its place if it were not escaped or cleaned.
const hostileText = "</td></table></title></style><script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;<!--\u202Etxt.exe\u2066a\u200Bb\u3164c\U000E0041d\x00\x1b[31m\xff"

// hostile puts a text everywhere, in long and in short, as all values of a notice.
func hostile(text string) *notice.Notice {
	n := &notice.Notice{
		ID: text, Account: text, Region: text, Service: text, Title: "Down\r\nBcc: evil@example.com\r\n\r\n" + text, Summary: text + "\n" + text,
		Kind: notice.Kind(text), Severity: notice.Severity(text), Status: notice.Status(text), Key: text,
		Time: time.Date(2026, 6, 30, 20, 17, 56, 0, time.UTC),
	}
	n.Add("Cause", strings.Repeat(text, 40_000/len(text)+1), "")
	n.Add(notice.LogTail, strings.Repeat("<br>\r\n", 500), "")
	n.Add("Word", strings.Repeat("W", 500), "https://example.com/?q=\"><script>")
	for i := range 200 {
		n.Add(fmt.Sprint(text, i), text, "javascript:alert(1)//https://example.com")
	}
	n.Link(text, "javascript:alert(1)")
	n.Link(text, "https://example.com/\"onclick=\"alert(1)")
	n.Link(text, " https://example.com/\u202E")
	n.Event, _ = json.Marshal(map[string]string{"text": strings.Repeat(text, 100)})
	return n
}

func event(detailType, detail string) json.RawMessage {
	return json.RawMessage(`{"version":"0","id":"12345678-1234-1234-1234-123456789012","detail-type":"` + detailType +
		`","source":"aws.somewhere","account":"123456789012","time":"2026-06-30T20:17:56Z","region":"eu-west-1","resources":["arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:3a5c:autoScalingGroupName/some-service-production"],"detail":` + detail + `}`)
}
