package evidence

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsecs "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ecs"
)

const serviceDeploymentARN = "arn:aws:ecs:us-east-1:123456789012:service-deployment/prod/web/"

// listedServiceDeployments is ListServiceDeployments' answer, with the one that an event of
// deployedAt is about between an older one and a later one.
const listedServiceDeployments = `{"serviceDeployments": [
	{"serviceDeploymentArn": "` + serviceDeploymentARN + `older", "createdAt": 1717153200.5, "status": "SUCCESSFUL"},
	{"serviceDeploymentArn": "` + serviceDeploymentARN + `own", "createdAt": 1717243000.5, "status": "ROLLBACK_IN_PROGRESS"},
	{"serviceDeploymentArn": "` + serviceDeploymentARN + `later", "createdAt": 1717246800, "status": "PENDING"}]}`

var deployedAt = time.UnixMilli(1717243500250).UTC()

// describedServiceDeployment is DescribeServiceDeployments' answer in the shape of ECS's
// documentation, of a deployment that two alarms and the circuit breaker ended.
const describedServiceDeployment = `{"failures": [], "serviceDeployments": [{
	"serviceDeploymentArn": "` + serviceDeploymentARN + `own", "serviceArn": "arn:aws:ecs:us-east-1:123456789012:service/prod/web",
	"clusterArn": "arn:aws:ecs:us-east-1:123456789012:cluster/prod", "createdAt": 1717243000.5, "startedAt": 1717243002, "updatedAt": 1717243501,
	"sourceServiceRevisions": [{"arn": "arn:aws:ecs:us-east-1:123456789012:service-revision/prod/web/1", "requestedTaskCount": 4, "runningTaskCount": 4}],
	"targetServiceRevision": {"arn": "arn:aws:ecs:us-east-1:123456789012:service-revision/prod/web/2", "requestedTaskCount": 4, "runningTaskCount": 0, "pendingTaskCount": 1},
	"status": "ROLLBACK_IN_PROGRESS", "statusReason": "Service deployment rolled back because the circuit breaker threshold was exceeded.", "lifecycleStage": "SCALE_UP",
	"lifecycleHookDetails": [
		{"hookId": "ecs-pause-1", "targetType": "PAUSE", "status": "AWAITING_ACTION", "expiresAt": 1717246600, "timeoutAction": "ROLLBACK"},
		{"hookId": "ecs-pause-0", "targetType": "PAUSE", "status": "SUCCEEDED"}],
	"deploymentConfiguration": {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 5},
	"rollback": {"reason": "Service deployment rolled back because the circuit breaker threshold was exceeded.", "startedAt": 1717243499, "serviceRevisionArn": "arn:aws:ecs:us-east-1:123456789012:service-revision/prod/web/1"},
	"deploymentCircuitBreaker": {"status": "TRIGGERED", "failureCount": 3, "threshold": 3},
	"alarms": {"status": "TRIGGERED", "alarmNames": ["web-5xx", "web-latency", "web-cpu"], "triggeredAlarmNames": ["web-5xx", "web-latency"]}}]}`

// answerServiceDeployments answers both questions about service deployments.
func answerServiceDeployments(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".ListServiceDeployments") {
		_, _ = io.WriteString(w, listedServiceDeployments)
		return
	}
	_, _ = io.WriteString(w, describedServiceDeployment)
}

// TestServiceDeployment compares the requests with the SDK's and the result with a golden file.
func TestServiceDeployment(t *testing.T) {
	ctx := context.Background()
	var theirs []string
	for _, ask := range []func(*awsecs.Client) error{
		func(c *awsecs.Client) error {
			_, err := c.ListServiceDeployments(ctx, &awsecs.ListServiceDeploymentsInput{
				Cluster: aws.String("prod"), Service: aws.String("web"), MaxResults: aws.Int32(maxListed),
				CreatedAt: &types.CreatedAt{After: aws.Time(deployedAt.Add(-longestDeployment)), Before: aws.Time(deployedAt.Add(clockSkew))},
			})
			return err
		},
		func(c *awsecs.Client) error {
			_, err := c.DescribeServiceDeployments(ctx, &awsecs.DescribeServiceDeploymentsInput{ServiceDeploymentArns: []string{serviceDeploymentARN + "own"}})
			return err
		},
	} {
		their := &asked{answer: `{"serviceDeployments":[]}`}
		client := awsecs.New(awsecs.Options{
			Region: "us-east-1", HTTPClient: &http.Client{Transport: their},
			Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
			}),
		})
		if err := ask(client); err != nil {
			t.Fatal(err)
		}
		theirs = append(theirs, their.request)
	}

	var ours []string
	l, log := lookups(t, func(w http.ResponseWriter, r *http.Request) {
		our := &asked{}
		our.note(r)
		ours = append(ours, our.request)
		answerServiceDeployments(w, r)
	})
	got := l.latestServiceDeployment(ctx, "us-east-1", "prod", "web", deployedAt)
	if !got.Known || got.Problem != "" || log.Len() > 0 {
		t.Fatalf("found %+v, log %q", got, log)
	}
	if strings.Join(ours, "\n") != strings.Join(theirs, "\n") {
		t.Errorf("asked\n%s\nthe SDK\n%s", strings.Join(ours, "\n"), strings.Join(theirs, "\n"))
	}
	golden.JSON(t, "testdata/ecs-describeservicedeployments.info.json", got.Value)
}

func TestServiceDeploymentProblems(t *testing.T) {
	const arn = serviceDeploymentARN + "own"
	list := func(answer string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".DescribeServiceDeployments") {
				t.Error("a service deployment was described")
			}
			_, _ = io.WriteString(w, answer)
		}
	}
	for _, tt := range []struct {
		name, cluster, service string
		at                     time.Time
		answer                 http.HandlerFunc
		problem                string
	}{
		{"no cluster", "", "web", deployedAt, nil, "the event does not name the service, its cluster and the time"},
		{"no service", "prod", "", deployedAt, nil, "the event does not name the service, its cluster and the time"},
		{"no time", "prod", "web", time.Time{}, nil, "the event does not name the service, its cluster and the time"},
		{"none", "prod", "web", deployedAt, list(`{"serviceDeployments":[]}`), "ECS has no record of it"},
		{"only a later one", "prod", "web", deployedAt, list(`{"serviceDeployments":[{"serviceDeploymentArn":"a","createdAt":1717250000}]}`), "ECS has no record of it"},
		{"nothing", "prod", "web", deployedAt, list(`{}`), "ECS's answer could not be read"},
		{"denied", "prod", "web", deployedAt, answer(400, `{"__type":"AccessDeniedException"}`), "ecs:ListServiceDeployments was denied; the notifier's role has no permission for it"},
	} {
		l, _ := lookups(t, tt.answer)
		if got := l.latestServiceDeployment(t.Context(), "us-east-1", tt.cluster, tt.service, tt.at); got.Known || got.Problem != tt.problem {
			t.Errorf("%s: got %+v, want %q", tt.name, got, tt.problem)
		}
	}
	for body, want := range map[string]event.Finding[ecs.ServiceDeployment]{
		`{"serviceDeployments":[{"serviceDeploymentArn":"another"}]}`: event.NotFound[ecs.ServiceDeployment]("ECS's answer could not be read"),
		`{"serviceDeployments":[],"failures":[{"reason":"MISSING"}]}`: event.NotFound[ecs.ServiceDeployment]("ECS's answer could not be read"),
	} {
		l, _ := lookups(t, answer(200, body))
		if got := l.serviceDeployment(t.Context(), "us-east-1", arn); got.Known || got.Problem != want.Problem {
			t.Errorf("%s: got %+v, want %+v", body, got, want)
		}
	}
	l, _ := lookups(t, func(http.ResponseWriter, *http.Request) { t.Error("asked about nothing") })
	for _, arn := range []string{"", "EXAMPLE"} {
		if got := l.serviceDeployment(t.Context(), "us-east-1", arn); got.Known || got.Problem != "the event names no service deployment" {
			t.Errorf("%q: got %+v", arn, got)
		}
	}
}

// TestServiceDeploymentOfOtherTypes shows that a member of an undocumented type hides only itself.
func TestServiceDeploymentOfOtherTypes(t *testing.T) {
	l, _ := lookups(t, answer(200, `{"serviceDeployments":[null,{"serviceDeploymentArn":"`+serviceDeploymentARN+`own","status":"STOPPED","statusReason":7,"lifecycleStage":null,
		"rollback":[],"deploymentCircuitBreaker":{"status":"TRIGGERED","failureCount":"3","threshold":-1},"alarms":{"triggeredAlarmNames":["a","",null,7]},
		"lifecycleHookDetails":[null,7,{"status":"AWAITING_ACTION","expiresAt":"soon","timeoutAction":{}}]}]}`))
	golden.JSON(t, "testdata/ecs-servicedeployment-other-types.info.json", l.serviceDeployment(t.Context(), "us-east-1", serviceDeploymentARN+"own").Value)
}
