package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

// prepare does what the first delivery would else do, while Lambda still gives the function a full CPU.
func prepare(api *awsapi.Client) {
	var connected sync.WaitGroup
	connected.Go(func() { prewarm(api) })
	practice(context.Background())
	connected.Wait()
}

// prewarmTime bounds what a network that swallows packets costs.
const prewarmTime = time.Second

// prewarm opens connections: as many as a termination needs at the same time, one to CodeDeploy, and those to
// where secrets are.
func prewarm(api *awsapi.Client) {
	if slices.ContainsFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_ENDPOINT_URL") }) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), prewarmTime)
	defer cancel()
	ec2, autoscaling := awsapi.Call{Service: "ec2"}, awsapi.Call{Service: "autoscaling"}
	api.Prewarm(ctx, ec2, ec2, autoscaling, autoscaling, awsapi.Call{Service: "codedeploy"}, awsapi.Call{Service: "iam"},
		awsapi.Call{Service: "ses", Host: "email"}, awsapi.Call{Service: "ssm"}, awsapi.Call{Service: "secretsmanager"})
}

// practiced are deliveries of a death and of a release that never were.
var practiced = []string{
	`{"watch": {"terminations": {}}, "sinks": [{"email": {"from": "from@example.com", "to": ["to@example.com"]}}], "event": {
		"source": "aws.autoscaling", "detail-type": "EC2 Instance Terminate Successful",
		"account": "123456789012", "region": "us-east-1", "time": "2026-01-01T00:00:00Z", "detail": {
			"AutoScalingGroupName": "practice", "EC2InstanceId": "i-0123456789abcdef0", "StatusCode": "InProgress",
			"StartTime": "2026-01-01T00:00:00Z", "EndTime": "2026-01-01T00:00:00Z", "Details": {"Availability Zone": "us-east-1a"},
			"Cause": "At 2026-01-01T00:00:00Z an instance was taken out of service in response to an ELB system health check failure."}}}`,
	`{"watch": {"deployments": {}}, "sinks": [{"email": {"from": "from@example.com", "to": ["to@example.com"]}}], "event": {
		"source": "aws.codedeploy", "detail-type": "CodeDeploy Deployment State-change Notification",
		"account": "123456789012", "region": "us-east-1", "time": "2026-01-01T00:00:00Z", "detail": {
			"application": "practice", "deploymentGroup": "practice", "deploymentId": "d-123456789", "state": "SUCCESS"}}}`,
}

// practice handles deliveries of what never was, for what is done once in a process: the types of JSON are
// read, stacks grow, pages of the program are loaded. Nothing leaves the process.
func practice(ctx context.Context) {
	h := practicing()
	for _, delivery := range practiced {
		_, _ = h.Invoke(ctx, []byte(delivery)) // a test sees that they are sent
	}
}

// practicing is a handler that reaches nobody.
func practicing() *handler {
	hc := &http.Client{Transport: nobody{}}
	api, log := awsapi.New(hc, "us-east-1"), slog.New(slog.DiscardHandler)
	return &handler{
		clients: &clients{api, secret.New(api), post.New(hc), post.New(hc)},
		lookups: &evidence.Lookups{API: api, Log: log}, log: log,
	}
}

// nobody answers every request at once: a look-up finds nothing, and a mail is sent.
type nobody struct{}

func (nobody) RoundTrip(r *http.Request) (*http.Response, error) {
	asked, err := io.ReadAll(r.Body)
	answer := `{"MessageId":"practice"}`
	if query, _ := url.ParseQuery(string(asked)); query.Has("Action") {
		answer = "<" + query.Get("Action") + "Response/>"
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, err
}
