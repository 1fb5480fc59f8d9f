package sinktest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	eventID = "12345678-1234-1234-1234-123456789012"
	console = "https://eu-west-1.console.aws.amazon.com/"
	group   = "some-service-production"
)

// Samples returns the notices that every sink has a golden request for, by name. They
// are new ones with every call.
func Samples() map[string]*notice.Notice {
	return map[string]*notice.Notice{
		"termination":        termination(),
		"deployment-success": success(),
		"deployment-failure": failure(),
		"rollback":           rollback(),
		"unknown":            unknown(),
		"explained":          explained(),
		"log-tail":           logTail(),
		"task":               task(),
		"ecs-release":        ecsRelease(),
		"alarm":              alarm(),
		"pattern":            pattern(),
		"hostile":            hostile(),
		"many-facts":         manyFacts(),
	}
}

// Brief returns a copy of a notice with few facts and links and short values, for the
// golden files of a sink that has room for everything: a file that nobody can read
// shows nothing. The suite itself checks what becomes of the whole.
func Brief(n *notice.Notice) *notice.Notice {
	const most, longest = 6, 300 // of each, and characters of a value
	brief := *n
	brief.Facts = slices.Clone(n.Facts[:min(len(n.Facts), most)])
	for i := range brief.Facts {
		brief.Facts[i].Value = notice.Cut(brief.Facts[i].Value, longest)
	}
	brief.Links = n.Links[:min(len(n.Links), most)]
	brief.Summary = notice.Cut(n.Summary, longest)
	return &brief
}

func sample(kind notice.Kind, severity notice.Severity, status notice.Status, key string) *notice.Notice {
	return &notice.Notice{
		ID: eventID, Time: time.Date(2026, 6, 30, 20, 17, 56, 0, time.UTC), Account: "123456789012", Region: "eu-west-1",
		Service: "some-service", Kind: kind, Severity: severity, Status: status, Key: key,
	}
}

func termination() *notice.Notice {
	n := sample(notice.KindTermination, notice.Warning, notice.Marker, "autoscaling:123456789012:eu-west-1:"+group)
	instance := console + "ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0b6f1c2d3e4f5a6b7"
	activity := console + "ec2/home?region=eu-west-1#AutoScalingGroupDetails:id=" + group + ";view=activity"
	n.Title = "Killed by health check: web-7 in " + group
	n.Summary = "Auto Scaling took i-0b6f1c2d3e4f5a6b7 (web-7) out of service because it failed its load balancer's health check."
	n.Event = event("aws.autoscaling", "EC2 Instance Terminate Successful", `{"EC2InstanceId":"i-0b6f1c2d3e4f5a6b7","AutoScalingGroupName":"`+group+`"}`)
	n.Add("Instance", "i-0b6f1c2d3e4f5a6b7", instance)
	n.Add("Name", "web-7", "")
	n.Add("Group", group, activity)
	n.Add("Zone", "eu-west-1b", "")
	n.Add("AWS says", "At 2026-06-30T20:12:22Z an instance was taken out of service in response to an ELB system health check failure.", "")
	n.Add("Took", "5 minutes 34 seconds", "")
	n.Link("Group", activity)
	n.Link("Instance", instance)
	return n
}

func deployment(severity notice.Severity, status notice.Status, state wire.DeploymentState, id, version string) *notice.Notice {
	n := sample(notice.KindDeployment, severity, status, "codedeploy:123456789012:eu-west-1:some-service/production")
	n.Event = event("aws.codedeploy", "CodeDeploy Deployment State-change Notification",
		`{"deploymentId":"`+id+`","application":"some-service","deploymentGroup":"production","state":"`+string(state)+`"}`)
	n.Release = &notice.Release{
		ID: id, Application: "some-service", Group: "production", State: state, Version: version,
		Commit: "3f9d1c0a7be25d4c8a6b1e0f9d2c7a5b4e3f1a0d", By: "user",
		Started: n.Time.Add(-4*time.Minute - 10*time.Second), Ended: n.Time.Add(-2 * time.Second),
		URL: console + "codesuite/codedeploy/deployments/" + id + "?region=eu-west-1",
	}
	n.Add("Application", "some-service", console+"codesuite/codedeploy/applications/some-service?region=eu-west-1")
	n.Add("Group", "production", "")
	n.Add("State", string(state), "")
	n.Add("Version", version, "")
	n.Link("Deployment", n.Release.URL)
	n.Link("Deployment group", console+"codesuite/codedeploy/applications/some-service/deployment-groups/production?region=eu-west-1")
	return n
}

func success() *notice.Notice {
	n := deployment(notice.Info, notice.Resolved, wire.DeploymentSucceeded, "d-ABCDEF123", "1.42.0")
	n.Title = "Deployed: 1.42.0 to production"
	n.Summary = "Deployment d-ABCDEF123 of 1.42.0 to group production succeeded."
	n.Release.Description = "Release 1.42.0\n- faster search\n  - and a smaller index"
	n.Add("Instances", "6 succeeded", "")
	n.Add("Description", n.Release.Description, "")
	n.Add("Revision", "example/some-service@"+n.Release.Commit, "https://github.com/example/some-service/commit/"+n.Release.Commit)
	return n
}

func failure() *notice.Notice {
	n := deployment(notice.Error, notice.Open, wire.DeploymentFailed, "d-ABCDEF124", "1.42.1")
	n.Title = "Deployment failed: 1.42.1 to production"
	n.Summary = "Deployment d-ABCDEF124 of 1.42.1 to group production failed."
	n.Add("Error", "HEALTH_CONSTRAINTS\nThe overall deployment failed because too many individual instances failed deployment.", "")
	n.Add("Instances", "2 succeeded, 1 failed, 3 skipped", "")
	return n
}

// rollback is a success that resolves a failure. What started it and when is not
// known.
func rollback() *notice.Notice {
	n := deployment(notice.Warning, notice.Resolved, wire.DeploymentSucceeded, "d-ABCDEF125", "1.42.0")
	n.Title = "Rolled back: 1.42.0 to production"
	n.Summary = "Rollback d-ABCDEF125 of 1.42.0 to group production succeeded."
	n.Release.Rollback, n.Release.By, n.Release.Commit = true, "codeDeployRollback", ""
	n.Release.Started, n.Release.Ended = time.Time{}, time.Time{}
	n.Add("Rollback of", "d-ABCDEF124", console+"codesuite/codedeploy/deployments/d-ABCDEF124?region=eu-west-1")
	return n
}

func unknown() *notice.Notice {
	n := sample(notice.KindUnknown, notice.Warning, notice.Marker, "event:"+eventID)
	n.Service = ""
	n.Title = "An event that extraeye cannot read: Something New"
	n.Summary = "The event came from aws.somewhere; it is below as it came."
	n.Event = event("aws.somewhere", "Something New", `{"a":[1,2,{"b":null}],"text":"<b>&amp;"}`)
	n.Add("Source", "aws.somewhere", "")
	return n
}

// Hostile is text that would leave its place if it were not escaped or cleaned:
// markup of every destination, mentions, control characters and ones that nobody sees.
const Hostile = "<!channel> <@U012AB3CD> @here <https://evil.example|click> [click](https://evil.example) ![x](https://evil.example/x.png) " +
	"*b* _i_ ~s~ `c` ```p``` # h > q | t %%% <at>all</at> {{DATE(x)}} </td><script>alert(1)</script>\"'&amp;\\<!--\u202Etxt.exe\u2066" +
	"z\u200Be\u200Cr\u200Do\u2060w\u00ADi\u180Ed\u3164t\u115Fh\U000E0041\uFE0F\x00\x1b[31m\x7f\xff"

// hostile has Hostile in every text and a release of it.
func hostile() *notice.Notice {
	n := sample(notice.Kind(Hostile), notice.Severity(Hostile), notice.Status(Hostile), Hostile+strings.Repeat("k", 1000))
	n.ID, n.Account, n.Region, n.Service = Hostile, Hostile, Hostile, Hostile
	n.Title = "Down\r\nBcc: evil@example.com\r\n\r\n" + Hostile
	n.Summary = Hostile + "\n" + Hostile
	n.Release = &notice.Release{
		ID: Hostile, Application: Hostile, Group: Hostile, State: wire.DeploymentState(Hostile), Version: Hostile, Commit: Hostile,
		Description: Hostile, By: Hostile, URL: "javascript:alert(1)//" + Hostile, Started: n.Time, Ended: n.Time.Add(-time.Hour),
	}
	n.Add("Cause", strings.Repeat(Hostile, 30_000/len(Hostile)+1), "")
	n.Add(notice.LogTail, Hostile+strings.Repeat("<br>\r\n", 500), "")
	n.Add(Hostile, Hostile, "https://example.com/?q=\"><script>")
	for i := range 20 {
		n.Add(fmt.Sprint(Hostile, i), Hostile, "javascript:alert(1)//https://example.com")
	}
	n.Link(Hostile, "https://example.com/whole")
	n.Link(Hostile, "javascript:alert(1)")
	n.Link(Hostile, "https://example.com/\"onclick=\"alert(1)|>")
	n.Link(Hostile, " https://example.com/\u202E"+strings.Repeat("l", 5000))
	n.Event, _ = json.Marshal(map[string]string{"text": strings.Repeat(Hostile, 100)})
	return n
}

// manyFacts has 200 facts, a cause of 30 KB and texts of characters of several
// bytes, all of which must be cut somewhere.
func manyFacts() *notice.Notice {
	n := failure()
	n.Title = strings.Repeat("Größe 你好 👩‍💻 ", 100)
	n.Summary = strings.Repeat("Ein Satz mit Umlauten: äöü. ", 300)
	n.Add("AWS says", strings.Repeat("ü你😀", 30<<10/9), "")
	for i := len(n.Facts); i < 200; i++ {
		n.Add(fmt.Sprintf("Größe %d", i), strings.Repeat("ü你😀", i), console+"ec2/home?region=eu-west-1#fact="+fmt.Sprint(i))
	}
	for i := range 30 {
		n.Link(fmt.Sprintf("Link %d %s", i, strings.Repeat("ü", i*10)), console+"ec2/home?region=eu-west-1#link="+fmt.Sprint(i))
	}
	n.Release.Version = strings.Repeat("ü1.42", 200)
	n.Release.Description = n.Summary
	return n
}

func event(source, detailType, detail string) json.RawMessage {
	return json.RawMessage(`{"version":"0","id":"` + eventID + `","detail-type":"` + detailType + `","source":"` + source +
		`","account":"123456789012","time":"2026-06-30T20:17:56Z","region":"eu-west-1","resources":[],"detail":` + detail + `}`)
}
