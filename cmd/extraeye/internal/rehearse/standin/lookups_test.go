package standin

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	deploytypes "github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/samples"
	"github.com/extraeye/extraeye/internal/wire"
)

// death is the scene of a termination that may have come after a release.
var death = Scene{
	Event: json.RawMessage(`{"id":"e","detail-type":"EC2 Instance Terminate Successful","time":"2026-06-30T20:23:30Z","account":"123456789012","region":"eu-central-1","detail":{
		"AutoScalingGroupName":"checkout-production","EC2InstanceId":"i-0a","ActivityId":"a","StartTime":"2026-06-30T20:17:56.000Z",
		"Cause":"At 2026-06-30T20:17:56Z an instance was taken out of service in response to an ELB system health check failure."}}`),
	Watch: wire.Watch{Terminations: &wire.Terminations{Releases: &wire.Releases{Applications: []string{"billing", "checkout"}}}},
}

// The SDK's own clients read what Auto Scaling knows.
func TestAutoScaling(t *testing.T) {
	s, config := start(t, Config{})
	s.Play(death)
	client := autoscaling.NewFromConfig(config)
	activities, err := client.DescribeScalingActivities(t.Context(), &autoscaling.DescribeScalingActivitiesInput{AutoScalingGroupName: aws.String("checkout-production")})
	if err != nil {
		t.Fatal(err)
	}
	deaths, before := 0, time.Date(2026, 6, 30, 20, 17, 57, 0, time.UTC)
	for n, a := range activities.Activities {
		if a.StartTime.After(before) {
			t.Errorf("activity %d is not older than the one before", n)
		}
		before = *a.StartTime
		if strings.Contains(*a.Cause, "ELB") && a.StartTime.After(time.Date(2026, 6, 30, 19, 27, 0, 0, time.UTC)) {
			deaths++
		}
		if !strings.Contains(*a.Cause, "At "+a.StartTime.UTC().Format(time.RFC3339)) {
			t.Errorf("activity %d of %s has the cause %s", n, a.StartTime, *a.Cause)
		}
	}
	if deaths != 4 || *activities.Activities[0].ActivityId != "a" || *activities.Activities[0].Description != "Terminating EC2 instance: i-0a" {
		t.Errorf("%d deaths, the last %+v", deaths, activities.Activities[0])
	}
	groups, err := client.DescribeAutoScalingGroups(t.Context(), &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: []string{"a", "b"}})
	if err != nil || len(groups.AutoScalingGroups) != 2 || *groups.AutoScalingGroups[1].AutoScalingGroupName != "b" || *groups.AutoScalingGroups[1].DesiredCapacity != 4 || len(groups.AutoScalingGroups[1].Instances) != 4 {
		t.Errorf("%v, %+v", err, groups)
	}

	for transition, states := range map[string][2]string{"LAUNCHING": {"Pending:Wait", "InService"}, "TERMINATING": {"Terminating:Wait", "InService"}} {
		for n, continued := range []bool{false, true} {
			s.Play(Scene{
				Event:  json.RawMessage(`{"detail":{"LifecycleTransition":"autoscaling:EC2_INSTANCE_` + transition + `","AutoScalingGroupName":"g"}}`),
				Unsaid: samples.Unsaid{Continued: continued},
			})
			found, err := client.DescribeAutoScalingInstances(t.Context(), &autoscaling.DescribeAutoScalingInstancesInput{InstanceIds: []string{"i-1"}})
			if err != nil || *found.AutoScalingInstances[0].LifecycleState != states[n] || *found.AutoScalingInstances[0].AutoScalingGroupName != "g" {
				t.Errorf("%s, %v: %v, %+v", transition, continued, err, found)
			}
		}
	}
	hooks, err := client.DescribeLifecycleHooks(t.Context(), &autoscaling.DescribeLifecycleHooksInput{AutoScalingGroupName: aws.String("g"), LifecycleHookNames: []string{"h"}})
	if err != nil || *hooks.LifecycleHooks[0].LifecycleHookName != "h" || *hooks.LifecycleHooks[0].HeartbeatTimeout != 3600 {
		t.Errorf("%v, %+v", err, hooks)
	}
	for detailType, want := range map[string]string{
		"EC2 Auto Scaling Instance Refresh Failed": "Failed", "EC2 Auto Scaling Instance Refresh Rollback Failed": "RollbackFailed",
		"EC2 Auto Scaling Instance Refresh Started": "InProgress", "EC2 Auto Scaling Instance Refresh Started Baking": "Baking",
		"EC2 Auto Scaling Instance Refresh Rollback Started": "RollbackInProgress",
	} {
		s.Play(Scene{Event: json.RawMessage(`{"detail-type":"` + detailType + `"}`)})
		found, err := client.DescribeInstanceRefreshes(t.Context(), &autoscaling.DescribeInstanceRefreshesInput{AutoScalingGroupName: aws.String("g"), InstanceRefreshIds: []string{"r"}})
		if err != nil || string(found.InstanceRefreshes[0].Status) != want {
			t.Errorf("%s: %v, %+v", detailType, err, found)
		}
	}
}

// The release that a death came after is found by way of the groups, and its maker.
func TestReleases(t *testing.T) {
	s, config := start(t, Config{})
	s.Play(death)
	client := codedeploy.NewFromConfig(config)
	for application, want := range map[string]string{"checkout": "checkout-production", "billing": "billing-workers"} {
		listed, err := client.ListDeploymentGroups(t.Context(), &codedeploy.ListDeploymentGroupsInput{ApplicationName: &application})
		if err != nil || len(listed.DeploymentGroups) != 1 {
			t.Fatal(err, listed)
		}
		groups, err := client.BatchGetDeploymentGroups(t.Context(), &codedeploy.BatchGetDeploymentGroupsInput{ApplicationName: &application, DeploymentGroupNames: listed.DeploymentGroups})
		if err != nil || *groups.DeploymentGroupsInfo[0].AutoScalingGroups[0].Name != want {
			t.Errorf("%s: %v, %+v", application, err, groups)
		}
	}
	decided := time.Date(2026, 6, 30, 20, 17, 56, 0, time.UTC)
	listed, err := client.ListDeployments(t.Context(), &codedeploy.ListDeploymentsInput{
		ApplicationName: aws.String("checkout"), DeploymentGroupName: aws.String("production"), IncludeOnlyStatuses: []deploytypes.DeploymentStatus{"Succeeded"},
		CreateTimeRange: &deploytypes.TimeRange{Start: aws.Time(decided.Add(-24 * time.Hour)), End: &decided},
	})
	if err != nil || len(listed.Deployments) != 2 {
		t.Fatal(err, listed)
	}
	infos, err := client.BatchGetDeployments(t.Context(), &codedeploy.BatchGetDeploymentsInput{DeploymentIds: append(listed.Deployments, "d-UNKNOWN12")})
	if err != nil || len(infos.DeploymentsInfo) != 2 {
		t.Fatal(err, infos)
	}
	release := infos.DeploymentsInfo[slices.IndexFunc(infos.DeploymentsInfo, func(d deploytypes.DeploymentInfo) bool { return d.Creator == "user" })]
	if decided.Sub(*release.CompleteTime) != 6*time.Minute || *release.PreviousRevision.S3Location.Key != "releases/checkout-1.4.1.zip" {
		t.Errorf("the release is %+v", release)
	}
	trail, err := cloudtrail.NewFromConfig(config).LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{
		StartTime: aws.Time(release.CreateTime.Add(-time.Minute)), EndTime: aws.Time(release.CreateTime.Add(time.Minute)),
	})
	if err != nil || len(trail.Events) != 1 || *trail.Events[0].Username != "alice" || !strings.Contains(*trail.Events[0].CloudTrailEvent, `"deploymentId":"`+*release.DeploymentId+`"`) {
		t.Errorf("%v, %+v", err, trail)
	}
	if _, err := client.ListDeployments(t.Context(), &codedeploy.ListDeploymentsInput{ApplicationName: aws.String("checkout")}); err == nil || !strings.Contains(err.Error(), "DeploymentGroupNameRequiredException") {
		t.Errorf("the deployments of an application without a group: %v", err)
	}
}

// A recovery follows two failures, the first of them 40 minutes before.
func TestRecovery(t *testing.T) {
	s, config := start(t, Config{})
	s.Play(Scene{Event: deploymentEvent(wire.StateSuccess), Unsaid: samples.Unsaid{Failures: 2}})
	client := codedeploy.NewFromConfig(config)
	listed, err := client.ListDeployments(t.Context(), &codedeploy.ListDeploymentsInput{ApplicationName: aws.String("some-service"), DeploymentGroupName: aws.String("production")})
	if err != nil || listed.Deployments[0] != "d-ABCDEF123" {
		t.Fatal(err, listed)
	}
	infos, err := client.BatchGetDeployments(t.Context(), &codedeploy.BatchGetDeploymentsInput{DeploymentIds: listed.Deployments})
	if err != nil {
		t.Fatal(err)
	}
	var failed []string
	for _, d := range infos.DeploymentsInfo {
		if d.Status == "Failed" {
			failed = append(failed, d.CompleteTime.UTC().Format("15:04:05"))
		}
		if d.Revision.RevisionType != "GitHub" || len(*d.Revision.GitHubLocation.CommitId) != 40 {
			t.Errorf("the revision is %+v", d.Revision)
		}
	}
	if !slices.Equal(failed, []string{"20:03:30", "19:43:30"}) {
		t.Errorf("failed at %v", failed)
	}
}

// A deployment failed on two instances, at a script with a log.
func TestTargets(t *testing.T) {
	s, config := start(t, Config{})
	s.Play(Scene{Event: deploymentEvent(wire.StateFailure)})
	client := codedeploy.NewFromConfig(config)
	id := aws.String("d-ABCDEF123")
	all, err := client.ListDeploymentTargets(t.Context(), &codedeploy.ListDeploymentTargetsInput{DeploymentId: id})
	if err != nil || len(all.TargetIds) != 4 {
		t.Fatal(err, all)
	}
	failed, err := client.ListDeploymentTargets(t.Context(), &codedeploy.ListDeploymentTargetsInput{DeploymentId: id, TargetFilters: map[string][]string{"TargetStatus": {"Failed"}}})
	if err != nil || !slices.Equal(failed.TargetIds, all.TargetIds[:2]) {
		t.Fatal(err, failed)
	}
	targets, err := client.BatchGetDeploymentTargets(t.Context(), &codedeploy.BatchGetDeploymentTargetsInput{DeploymentId: id, TargetIds: all.TargetIds[1:3]})
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []deploytypes.TargetStatus{"Failed", "Succeeded"} {
		target := targets.DeploymentTargets[n].InstanceTarget
		start := target.LifecycleEvents[5]
		if target.Status != want || *start.LifecycleEventName != "ApplicationStart" || string(start.Status) != string(want) ||
			strings.Contains(*start.Diagnostics.LogTail, "panic") != (want == "Failed") {
			t.Errorf("target %d is %s: %+v", n, target.Status, start)
		}
	}
	one, err := client.GetDeploymentTarget(t.Context(), &codedeploy.GetDeploymentTargetInput{DeploymentId: id, TargetId: aws.String("i-other")})
	if err != nil || one.DeploymentTarget.InstanceTarget.Status != "Succeeded" {
		t.Errorf("%v, %+v", err, one)
	}
}

// A service that rolls back has the deployment that failed, and the one to go back to.
func TestServicesAndAliases(t *testing.T) {
	s, config := start(t, Config{})
	for reason, want := range map[string][]string{
		"ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.": {"ecs-svc/1 IN_PROGRESS", "ecs-svc/2 FAILED"},
		"ECS deployment ecs-svc/2 completed.":                                     {"ecs-svc/2 COMPLETED"},
	} {
		s.Play(Scene{Event: json.RawMessage(`{"region":"eu-central-1","detail":{"deploymentId":"ecs-svc/2","eventName":"","reason":"` + reason + `"}}`)})
		found, err := ecs.NewFromConfig(config).DescribeServices(t.Context(), &ecs.DescribeServicesInput{Cluster: aws.String("blue"), Services: []string{"web"}})
		if err != nil || *found.Services[0].ServiceArn != "arn:aws:ecs:eu-central-1:123456789012:service/blue/web" {
			t.Fatal(err, found)
		}
		var got []string
		for _, d := range found.Services[0].Deployments {
			got = append(got, *d.Id+" "+string(d.RolloutState))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", reason, got, want)
		}
	}
	aliases, err := iam.NewFromConfig(config).ListAccountAliases(t.Context(), &iam.ListAccountAliasesInput{})
	if err != nil || len(aliases.AccountAliases) != 1 {
		t.Errorf("%v, %+v", err, aliases)
	}
}
