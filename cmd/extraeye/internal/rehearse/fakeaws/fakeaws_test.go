package fakeaws

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
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
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/samples"
	"github.com/extraeye/extraeye/internal/wire"
)

// server answers as an account does.
type server struct{ account Account }

func (s *server) play(event json.RawMessage, hints samples.Hints, watch wire.Watch) {
	s.account = s.account.Next(event, hints, watch)
}

// start starts a server and makes the configuration of an SDK client for it.
func start(t *testing.T) (*server, aws.Config) {
	t.Helper()
	s := &server{NewAccount().Reading(func(id string) string { return "the secret " + id })}
	http := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		s.account.Answer(ReadRequest(r, body)).Write(w)
	}))
	t.Cleanup(http.Close)
	return s, aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: &http.URL,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "secret"}, nil
		}),
		RetryMaxAttempts: 1,
	}
}

// termination is an event that may have come after a release.
var termination = json.RawMessage(`{"id":"e","detail-type":"EC2 Instance Terminate Successful","time":"2026-06-30T20:23:30Z","account":"123456789012","region":"eu-central-1","detail":{
		"AutoScalingGroupName":"checkout-production","EC2InstanceId":"i-0a","ActivityId":"a","StartTime":"2026-06-30T20:17:56.000Z",
		"Cause":"At 2026-06-30T20:17:56Z an instance was taken out of service in response to an ELB system health check failure."}}`)

// withReleases asks what was released before.
var withReleases = wire.Watch{Terminations: &wire.Terminations{Releases: &wire.Releases{Applications: []string{"billing", "checkout"}}}}

// The SDK's own client reads the answers of Auto Scaling.
func TestAutoScaling(t *testing.T) {
	s, config := start(t)
	s.play(termination, samples.Hints{}, withReleases)
	client := autoscaling.NewFromConfig(config)
	activities, err := client.DescribeScalingActivities(t.Context(), &autoscaling.DescribeScalingActivitiesInput{AutoScalingGroupName: aws.String("checkout-production")})
	if err != nil {
		t.Fatal(err)
	}
	terminations, before := 0, time.Date(2026, 6, 30, 20, 17, 57, 0, time.UTC)
	for n, a := range activities.Activities {
		if a.StartTime.After(before) {
			t.Errorf("activity %d is not older than the one before", n)
		}
		before = *a.StartTime
		if strings.Contains(*a.Cause, "ELB") && a.StartTime.After(time.Date(2026, 6, 30, 19, 27, 0, 0, time.UTC)) {
			terminations++
		}
		if !strings.Contains(*a.Cause, "At "+a.StartTime.UTC().Format(time.RFC3339)) {
			t.Errorf("activity %d of %s has the cause %s", n, a.StartTime, *a.Cause)
		}
	}
	if terminations != 4 || *activities.Activities[0].ActivityId != "a" || *activities.Activities[0].Description != "Terminating EC2 instance: i-0a" {
		t.Errorf("%d terminations, the last %+v", terminations, activities.Activities[0])
	}
	groups, err := client.DescribeAutoScalingGroups(t.Context(), &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: []string{"a", "b"}})
	if err != nil || len(groups.AutoScalingGroups) != 2 || *groups.AutoScalingGroups[1].AutoScalingGroupName != "b" || *groups.AutoScalingGroups[1].DesiredCapacity != 4 || len(groups.AutoScalingGroups[1].Instances) != 4 {
		t.Errorf("%v, %+v", err, groups)
	}

	for transition, states := range map[string][2]string{"LAUNCHING": {"Pending:Wait", "InService"}, "TERMINATING": {"Terminating:Wait", "InService"}} {
		for n, continued := range []bool{false, true} {
			s.play(json.RawMessage(`{"detail":{"LifecycleTransition":"autoscaling:EC2_INSTANCE_`+transition+`","AutoScalingGroupName":"g"}}`), samples.Hints{Continued: continued}, wire.Watch{})
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
		s.play(json.RawMessage(`{"detail-type":"`+detailType+`"}`), samples.Hints{}, wire.Watch{})
		found, err := client.DescribeInstanceRefreshes(t.Context(), &autoscaling.DescribeInstanceRefreshesInput{AutoScalingGroupName: aws.String("g"), InstanceRefreshIds: []string{"r"}})
		if err != nil || string(found.InstanceRefreshes[0].Status) != want {
			t.Errorf("%s: %v, %+v", detailType, err, found)
		}
	}
}

// The release before a termination is found through the deployment groups, and who
// made it.
func TestReleases(t *testing.T) {
	s, config := start(t)
	s.play(termination, samples.Hints{}, withReleases)
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

// TestReleasesOfManyApplications checks that an Eye with many applications finds the release by
// the account's deployments and the hook on the group.
func TestReleasesOfManyApplications(t *testing.T) {
	s, config := start(t)
	s.play(termination, samples.Hints{}, wire.Watch{Terminations: &wire.Terminations{Releases: &wire.Releases{Many: true}}})
	client := codedeploy.NewFromConfig(config)
	decided := time.Date(2026, 6, 30, 20, 17, 56, 0, time.UTC)
	listed, err := client.ListDeployments(t.Context(), &codedeploy.ListDeploymentsInput{
		CreateTimeRange: &deploytypes.TimeRange{Start: aws.Time(decided.Add(-24 * time.Hour)), End: &decided},
	})
	if err != nil || len(listed.Deployments) == 0 {
		t.Fatal(err, listed)
	}
	infos, err := client.BatchGetDeployments(t.Context(), &codedeploy.BatchGetDeploymentsInput{DeploymentIds: listed.Deployments})
	if err != nil || *infos.DeploymentsInfo[0].ApplicationName != "checkout" {
		t.Fatal(err, infos)
	}
	hooks, err := autoscaling.NewFromConfig(config).DescribeLifecycleHooks(t.Context(), &autoscaling.DescribeLifecycleHooksInput{AutoScalingGroupName: aws.String("checkout-production")})
	want := "CodeDeploy-managed-automatic-launch-deployment-hook-" + *infos.DeploymentsInfo[0].DeploymentGroupName + "-"
	if err != nil || len(hooks.LifecycleHooks) != 1 || !strings.HasPrefix(*hooks.LifecycleHooks[0].LifecycleHookName, want) {
		t.Errorf("%v, %+v, want %s…", err, hooks, want)
	}
}

// A recovery follows two failures, the first of them 40 minutes before.
func TestRecovery(t *testing.T) {
	s, config := start(t)
	s.play(deploymentEvent(wire.DeploymentSucceeded), samples.Hints{Failures: 2}, wire.Watch{})
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
	s, config := start(t)
	s.play(deploymentEvent(wire.DeploymentFailed), samples.Hints{}, wire.Watch{})
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
	s, config := start(t)
	for reason, want := range map[string][]string{
		"ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.": {"ecs-svc/1 IN_PROGRESS", "ecs-svc/2 FAILED"},
		"ECS deployment ecs-svc/2 completed.":                                     {"ecs-svc/2 COMPLETED"},
	} {
		s.play(json.RawMessage(`{"region":"eu-central-1","detail":{"deploymentId":"ecs-svc/2","eventName":"","reason":"`+reason+`"}}`), samples.Hints{}, wire.Watch{})
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
	assumed, err := sts.NewFromConfig(config).AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::111122223333:role/lookups-eu-west-1"), RoleSessionName: aws.String("extraeye"),
	})
	if err != nil || *assumed.Credentials.SessionToken == "" || time.Until(*assumed.Credentials.Expiration) < 50*time.Minute {
		t.Errorf("%v, %+v", err, assumed)
	}
}

// A service deployment is what the event says: rolled back, waiting at its hook, or done.
func TestServiceDeployments(t *testing.T) {
	s, config := start(t)
	client := ecs.NewFromConfig(config)
	for detail, want := range map[string]string{
		`"eventName":"SERVICE_DEPLOYMENT_IN_PROGRESS","reason":"ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1."`: "ROLLBACK_IN_PROGRESS, breaker TRIGGERED",
		`"eventName":"SERVICE_DEPLOYMENT_FAILED"`:                                                "ROLLBACK_IN_PROGRESS, breaker TRIGGERED",
		`"eventName":"SERVICE_DEPLOYMENT_COMPLETED"`:                                             "SUCCESSFUL",
		`"eventName":"SERVICE_DEPLOYMENT_IN_PROGRESS"`:                                           "IN_PROGRESS",
		`"hookId":"ecs-pause-1","lifecycleStage":"BAKE_TIME","expiresAt":"2026-06-30T21:00:00Z"`: "IN_PROGRESS, stage BAKE_TIME, hook ecs-pause-1 AWAITING_ACTION",
	} {
		s.play(json.RawMessage(`{"time":"2026-06-30T20:23:30Z","region":"eu-central-1","detail":{`+detail+`}}`), samples.Hints{}, wire.Watch{})
		listed, err := client.ListServiceDeployments(t.Context(), &ecs.ListServiceDeploymentsInput{Cluster: aws.String("blue"), Service: aws.String("web")})
		if err != nil || len(listed.ServiceDeployments) != 1 {
			t.Fatal(err, listed)
		}
		arn := *listed.ServiceDeployments[0].ServiceDeploymentArn
		found, err := client.DescribeServiceDeployments(t.Context(), &ecs.DescribeServiceDeploymentsInput{ServiceDeploymentArns: []string{arn}})
		if err != nil || len(found.ServiceDeployments) != 1 {
			t.Fatal(err, found)
		}
		d := found.ServiceDeployments[0]
		got := string(d.Status)
		if d.DeploymentCircuitBreaker != nil {
			got += ", breaker " + string(d.DeploymentCircuitBreaker.Status)
		}
		for _, h := range d.LifecycleHookDetails {
			got += ", stage " + string(d.LifecycleStage) + ", hook " + *h.HookId + " " + string(h.Status)
		}
		if got != want || *d.ServiceDeploymentArn != arn || !strings.HasPrefix(arn, "arn:aws:ecs:eu-central-1:123456789012:service-deployment/blue/web/") {
			t.Errorf("%s: got %s of %s, want %s", detail, got, *d.ServiceDeploymentArn, want)
		}
	}
}

func deploymentEvent(state wire.DeploymentState) json.RawMessage {
	return json.RawMessage(`{"time":"2026-06-30T20:23:30Z","account":"123456789012","region":"eu-central-1","detail":{` +
		`"application":"some-service","deploymentGroup":"production","deploymentId":"d-ABCDEF123","state":"` + string(state) + `"}}`)
}

// The SDK's own client reads the built-in answers.
func TestGetDeployment(t *testing.T) {
	s, config := start(t)
	client := codedeploy.NewFromConfig(config)
	cases := []struct {
		state   wire.DeploymentState
		creator wire.Creator
		status  deploytypes.DeploymentStatus
		code    deploytypes.ErrorCode
		key     string
		of, by  string
	}{
		{wire.DeploymentSucceeded, "", "Succeeded", "", "releases/some-service-1.4.2.zip", "", ""},
		{wire.DeploymentFailed, "", "Failed", "HEALTH_CONSTRAINTS", "releases/some-service-1.4.2.zip", "", "d-ABCDEF121"},
		{wire.DeploymentStopped, "", "Stopped", "MANUAL_STOP", "releases/some-service-1.4.2.zip", "", ""},
		{wire.DeploymentStarted, "", "InProgress", "", "releases/some-service-1.4.2.zip", "", ""},
		{wire.DeploymentReady, "", "Ready", "", "releases/some-service-1.4.2.zip", "", ""},
		{wire.DeploymentSucceeded, wire.CreatorAutoScaling, "Succeeded", "", "releases/some-service-1.4.2.zip", "", ""},
		{wire.DeploymentSucceeded, wire.CreatorRollback, "Succeeded", "", "releases/some-service-1.4.1.zip", "d-ABCDEF121", ""},
	}
	for _, c := range cases {
		t.Run(string(c.state)+string(c.creator), func(t *testing.T) {
			s.play(deploymentEvent(c.state), samples.Hints{Creator: c.creator}, wire.Watch{})
			out, err := client.GetDeployment(t.Context(), &codedeploy.GetDeploymentInput{DeploymentId: aws.String("d-ABCDEF123")})
			if err != nil {
				t.Fatal(err)
			}
			info := out.DeploymentInfo
			if info.Status != c.status || *info.Revision.S3Location.Key != c.key || *info.ApplicationName != "some-service" {
				t.Errorf("got status %s, key %s, application %s", info.Status, *info.Revision.S3Location.Key, *info.ApplicationName)
			}
			if want := deploytypes.DeploymentCreator(cmp.Or(string(c.creator), "user")); info.Creator != want {
				t.Errorf("creator %s, want %s", info.Creator, want)
			}
			if (info.ErrorInformation == nil) != (c.code == "") || info.ErrorInformation != nil && info.ErrorInformation.Code != c.code {
				t.Errorf("error %+v, want %q", info.ErrorInformation, c.code)
			}
			rollback := info.RollbackInfo
			if rollback == nil {
				rollback = &deploytypes.RollbackInfo{}
			}
			if aws.ToString(rollback.RollbackTriggeringDeploymentId) != c.of || aws.ToString(rollback.RollbackDeploymentId) != c.by {
				t.Errorf("rollback %v of %v, want %q of %q", aws.ToString(rollback.RollbackDeploymentId), aws.ToString(rollback.RollbackTriggeringDeploymentId), c.by, c.of)
			}
			ended := c.state == wire.DeploymentSucceeded || c.state == wire.DeploymentFailed || c.state == wire.DeploymentStopped
			if (info.CompleteTime != nil) != ended || info.CreateTime.UTC().Format("15:04:05") != "20:19:18" {
				t.Errorf("created %v, completed %v", info.CreateTime, info.CompleteTime)
			}
		})
	}
}

// ask sends a request as the notifier would sign it.
func (s *server) ask(service, contentType, target, body string) answer.Answer {
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKID/20260630/us-east-1/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	r.Header.Set("Content-Type", contentType)
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
	}
	return s.account.Answer(ReadRequest(r, []byte(body)))
}

const form = "application/x-www-form-urlencoded; charset=utf-8"

func TestDescribeInstances(t *testing.T) {
	s, _ := start(t)
	s.play(json.RawMessage(`{"detail":{"AutoScalingGroupName":"some-service-production","EC2InstanceId":7}}`), samples.Hints{}, wire.Watch{})
	a := s.ask("ec2", form, "", "Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-0a")
	for _, want := range []string{"<instanceId>i-0a</instanceId>", "<key>Name</key><value>some-service-production-1</value>", `xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"`} {
		if a.Status != 200 || !strings.Contains(string(a.Body), want) {
			t.Errorf("%d: no %s in %s", a.Status, want, a.Body)
		}
	}
}

func TestUnknownOperations(t *testing.T) {
	s, _ := start(t)
	cases := []struct{ service, contentType, target, body, want string }{
		{"sqs", "application/x-amz-json-1.0", "AmazonSQS.SendMessage", "{}", `"__type":"NotAnswered"`},
		{"autoscaling", form, "", "Action=DescribePolicies", "<ErrorResponse><Error><Code>NotAnswered</Code><Message>autoscaling.DescribePolicies has"},
		{"ec2", form, "", "Action=DescribeVolumes", "<Response><Errors><Error><Code>NotAnswered</Code><Message>ec2.DescribeVolumes has"},
		{"lambda", "application/json", "", "{}", "lambda.POST / has no answer"},
	}
	for _, c := range cases {
		if a := s.ask(c.service, c.contentType, c.target, c.body); a.Status != 400 || !strings.Contains(string(a.Body), c.want) {
			t.Errorf("%s: %d %s, want %s", c.service, a.Status, a.Body, c.want)
		}
	}
}

// The operations that read secrets are answered as all others.
func TestSecretReads(t *testing.T) {
	for _, name := range SecretReads {
		if operations[name] == nil {
			t.Errorf("%s has no answer", name)
		}
	}
	s, _ := start(t)
	for target, body := range map[string]string{"secretsmanager.GetSecretValue": `{"SecretId":"id"}`, "AmazonSSM.GetParameter": `{"Name":"id"}`} {
		service, _, _ := strings.Cut(strings.ToLower(target), ".")
		if a := s.ask(strings.TrimPrefix(service, "amazon"), JSONType, target, body); a.Status != 200 || !strings.Contains(string(a.Body), `"the secret id"`) {
			t.Errorf("%s: %d %s", target, a.Status, a.Body)
		}
	}
}
