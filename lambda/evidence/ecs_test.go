package evidence

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/lambda/event/ecs"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsecs "github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/extraeye/extraeye/internal/golden"
)

// describedService is DescribeServices' answer in the shape of ECS's documentation,
// during a rollback.
const describedService = `{"failures": [], "services": [{
	"serviceArn": "arn:aws:ecs:us-east-1:123456789012:service/some cluster/<web>",
	"serviceName": "<web>", "clusterArn": "arn:aws:ecs:us-east-1:123456789012:cluster/some cluster",
	"status": "ACTIVE", "desiredCount": 4, "runningCount": 2, "pendingCount": 1,
	"taskDefinition": "arn:aws:ecs:us-east-1:123456789012:task-definition/web:41",
	"deployments": [
		{"id": "ecs-svc/0000000000000000002", "status": "PRIMARY", "taskDefinition": "arn:aws:ecs:us-east-1:123456789012:task-definition/web:41",
		 "desiredCount": 4, "pendingCount": 1, "runningCount": 1, "failedTasks": 0, "createdAt": 1717243500.25, "updatedAt": 1717243501,
		 "rolloutState": "IN_PROGRESS", "rolloutStateReason": "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/0000000000000000000."},
		{"id": "ecs-svc/0000000000000000001", "status": "ACTIVE", "taskDefinition": "arn:aws:ecs:us-east-1:123456789012:task-definition/web:42",
		 "desiredCount": 0, "pendingCount": 0, "runningCount": 1, "failedTasks": 3, "createdAt": 1717243000.5, "updatedAt": 1717243499.999,
		 "rolloutState": "FAILED", "rolloutStateReason": "ECS deployment circuit breaker: tasks failed to start."}
	],
	"events": [{"id": "92b8443e", "createdAt": 1717243000.5, "message": "(service web) has started 1 tasks: (task 0123)."}]
}]}`

// TestService compares the request with the SDK's, what is read with what the SDK
// reads, and the whole result with a golden file.
func TestService(t *testing.T) {
	ctx := context.Background()
	sdkAsked := &asked{answer: describedService}
	client := awsecs.New(awsecs.Options{
		Region:     "us-east-1",
		HTTPClient: &http.Client{Transport: sdkAsked},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
		}),
	})
	sdk, err := client.DescribeServices(ctx, &awsecs.DescribeServicesInput{Cluster: aws.String("some cluster"), Services: []string{"<web>"}})
	if err != nil {
		t.Fatal(err)
	}

	weAsked := &asked{answer: describedService}
	l, log := lookups(t, func(w http.ResponseWriter, r *http.Request) {
		weAsked.note(r)
		_, _ = io.WriteString(w, describedService)
	})
	got := l.service(ctx, "us-east-1", "some cluster", "<web>")
	if !got.Known || got.Problem != "" || log.Len() > 0 {
		t.Fatalf("found %+v, log %q", got, log)
	}
	if weAsked.request != sdkAsked.request {
		t.Errorf("asked %s, the SDK %s", weAsked.request, sdkAsked.request)
	}
	golden.JSON(t, "testdata/ecs-describeservices.info.json", got.Value)

	theirs := sdk.Services[0]
	if got.Value.Desired != int(theirs.DesiredCount) || got.Value.Running != int(theirs.RunningCount) || got.Value.Pending != int(theirs.PendingCount) ||
		!strings.HasSuffix(*theirs.TaskDefinition, "/"+got.Value.TaskDefinition) || len(got.Value.Deployments) != len(theirs.Deployments) {
		t.Fatalf("found %+v, the SDK %+v", got.Value, theirs)
	}
	for i, r := range got.Value.Deployments {
		d := theirs.Deployments[i]
		their := ecs.DeploymentInfo{
			ID: *d.Id, Status: *d.Status, State: string(d.RolloutState), Reason: *d.RolloutStateReason, TaskDefinition: r.TaskDefinition,
			Created: d.CreatedAt.UTC(), Updated: d.UpdatedAt.UTC(), FailedTasks: int(d.FailedTasks),
		}
		// The SDK keeps what a binary fraction leaves below the millisecond.
		if r.Created.Sub(their.Created).Abs() > time.Millisecond || r.Updated.Sub(their.Updated).Abs() > time.Millisecond {
			t.Errorf("rollout %d: times are %v and %v, the SDK's %v and %v", i, r.Created, r.Updated, their.Created, their.Updated)
		}
		if their.Created, their.Updated = r.Created, r.Updated; r != their || !strings.HasSuffix(*d.TaskDefinition, "task-definition/"+r.TaskDefinition) {
			t.Errorf("rollout %d is %+v, the SDK's %+v", i, r, d)
		}
	}
}

// asked notes what a request asks, and answers the same to all.
type asked struct{ request, answer string }

func (a *asked) note(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.request = strings.Join([]string{r.Method, r.URL.Path, r.Header.Get("Content-Type"), r.Header.Get("X-Amz-Target"), string(body)}, " ")
}

func (a *asked) RoundTrip(r *http.Request) (*http.Response, error) {
	a.note(r)
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.answer)), Request: r}, nil
}

// TestServiceOfOtherTypes shows that a member of an undocumented type hides only
// itself.
func TestServiceOfOtherTypes(t *testing.T) {
	l, _ := lookups(t, answer(200, `{"failures": null, "services": [
		{"serviceName": "other", "desiredCount": 9},
		{"serviceName": "web", "desiredCount": "4", "runningCount": 2.5, "pendingCount": 3, "taskDefinition": "web:7",
		 "deployments": [
			{"id": 7, "status": null, "rolloutState": {}, "rolloutStateReason": "kept", "taskDefinition": "", "createdAt": "2024-06-01T12:05:00Z", "updatedAt": "soon", "failedTasks": null},
			{"failedTasks": -1}, null, [], "x"]}]}`))
	golden.JSON(t, "testdata/ecs-other-types.info.json", l.service(context.Background(), "eu-west-1", "prod", "web").Value)
}

func TestServiceBounded(t *testing.T) {
	many := strings.Repeat(`{"id":"ecs-svc/1"},`, 5000)
	l, _ := lookups(t, answer(200, `{"services":[{"serviceName":"web","deployments":[`+many+`{}]}]}`))
	if got := l.service(context.Background(), "eu-west-1", "prod", "web"); len(got.Value.Deployments) != maxDeployments {
		t.Errorf("read %d deployments, want %d", len(got.Value.Deployments), maxDeployments)
	}
}

func TestServiceProblems(t *testing.T) {
	missing := `{"services":[],"failures":[{"arn":"arn:aws:ecs:us-east-1:123456789012:service/web","reason":"MISSING"}]}`
	tests := []struct {
		name    string
		answer  http.HandlerFunc
		problem string
		logged  string
	}{
		{"missing", answer(200, missing), "the service is not known to ECS", ""},
		{"another service", answer(200, `{"services":[{"serviceName":"other"}],"failures":[]}`), "ECS's answer could not be read", "unreadable"},
		{"no cluster", answer(400, `{"__type":"ClusterNotFoundException","message":"Cluster not found. SECRET"}`), "the service is not known to ECS", "ClusterNotFoundException"},
		{"denied", answer(400, `{"__type":"AccessDeniedException","Message":"SECRET"}`), "ecs:DescribeServices was denied; the notifier's role has no permission for it", "AccessDeniedException"},
		{"throttled", answer(400, `{"__type":"ThrottlingException","message":"SECRET"}`), "ECS was too busy to answer", "ThrottlingException"},
		{"trouble", answer(500, `<html>`), "ECS had trouble of its own (HTTP 500)", "500"},
		{"empty answer", answer(200, ""), "ECS's answer could not be read", "unreadable"},
		{"empty object", answer(200, "{}"), "ECS's answer could not be read", "unreadable"},
		{"null", answer(200, `{"services":null,"failures":null}`), "ECS's answer could not be read", "unreadable"},
		{"array", answer(200, `[1]`), "ECS's answer could not be read", "unreadable"},
		{"cut off", answer(200, describedService[:200]), "ECS's answer could not be read", "unreadable"},
	}
	for _, tt := range tests {
		bubble(t, tt.name, func(t *testing.T) {
			l, log := lookups(t, tt.answer)
			if got := l.service(context.Background(), "eu-west-1", "prod", "web"); got.Known || got.Problem != tt.problem {
				t.Errorf("got %+v; want %q", got, tt.problem)
			}
			checkLog(t, log.String(), tt.logged)
		})
	}
	l, _ := lookups(t, func(http.ResponseWriter, *http.Request) { t.Error("asked about nothing") })
	for _, tt := range []struct{ cluster, service, problem string }{
		{"prod", "", "the event names no service"},
		{"", "web", "the event names no cluster"},
	} {
		if got := l.service(context.Background(), "eu-west-1", tt.cluster, tt.service); got.Known || got.Problem != tt.problem {
			t.Errorf("%+v: got %+v", tt, got)
		}
	}
}

// TestServiceThatIsDown shows that no running tasks are not taken for an unknown number.
func TestServiceThatIsDown(t *testing.T) {
	for counts, want := range map[string]int{`"desiredCount":4,"runningCount":0`: 4, `"desiredCount":4`: 0, `"desiredCount":4,"runningCount":-1`: 0} {
		l, _ := lookups(t, answer(200, `{"services":[{"serviceName":"web",`+counts+`}]}`))
		if got := l.service(context.Background(), "eu-west-1", "prod", "web"); got.Value.Desired != want || got.Value.Running != 0 {
			t.Errorf("%s: %+v, want %d desired", counts, got.Value, want)
		}
	}
}
