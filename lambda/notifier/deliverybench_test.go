package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

// canned is a transport that answers with what is in its map, by operation, and else as SES does.
type canned map[string]string

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	text := `{"MessageId":"m-1"}`
	if _, operation, ok := strings.Cut(string(body), "Action="); ok {
		operation, _, _ = strings.Cut(operation, "&")
		text = c[operation]
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), Request: r}, err
}

// benchmarked is a handler whose AWS answers to all look-ups of a termination, with a full console
// and a full page of activities, and without a network.
func benchmarked(b *testing.B) *handler {
	b.Helper()
	b.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	b.Setenv("AWS_SECRET_ACCESS_KEY", "verysecret")
	b.Setenv("AWS_ENDPOINT_URL", "")
	const group = "staging" // of the recorded event
	var activities strings.Builder
	for i := range 100 {
		fmt.Fprintf(&activities, "<member><ActivityId>a-%d</ActivityId><Description>Launching a new EC2 instance: %s</Description><StatusCode>Successful</StatusCode><StartTime>2022-12-23T12:00:11Z</StartTime></member>", i, floodInstance(i))
	}
	output := strings.Repeat("[    1.234567] systemd[1]: Started what a booting system starts.\n", 900) + "[ 5678.901234] Out of memory: Killed process 1234 (java) total-vm:1024kB\n"
	answers := canned{
		"DescribeAutoScalingGroups": inResult("DescribeAutoScalingGroups", "<AutoScalingGroups><member><AutoScalingGroupName>"+group+"</AutoScalingGroupName></member></AutoScalingGroups>"),
		"DescribeScalingActivities": inResult("DescribeScalingActivities", "<Activities>"+activities.String()+"</Activities>"),
		"DescribeInstances":         strings.Replace(named, "%ID%", "i-016dea8095930f564", 1),
		"GetConsoleOutput":          "<GetConsoleOutputResponse><output>" + base64.StdEncoding.EncodeToString([]byte(output)) + "</output></GetConsoleOutputResponse>",
		"ListAccountAliases":        inResult("ListAccountAliases", "<AccountAliases><member>acme</member></AccountAliases>"),
		"Publish":                   published,
	}
	client := &http.Client{Transport: answers}
	api, log := awsapi.New(client, "eu-west-1"), slog.New(slog.DiscardHandler)
	return &handler{
		clients: &clients{api, secret.New(api), post.New(client), post.New(client)},
		lookups: &evidence.Lookups{API: api, Log: log}, log: log,
	}
}

// invoked is the context of an invocation of the account that the recorded event is of.
func invoked(b *testing.B) (context.Context, context.CancelFunc) {
	lambda := &lambdacontext.LambdaContext{InvokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:f"}
	return context.WithTimeout(lambdacontext.NewContext(b.Context(), lambda), 30*time.Second)
}

// BenchmarkDelivery handles a termination: by mail, five sinks one by one, and five sinks at once.
func BenchmarkDelivery(b *testing.B) {
	h := benchmarked(b)
	five := []string{byMail, byTopic, byMail, byTopic, byMail}
	deliveries := map[string][]string{"mail": {byMail}, "five, one by one": five, "five": {strings.Join(five, ",")}}
	for _, name := range []string{"mail", "five, one by one", "five"} {
		var payloads [][]byte
		for _, sinks := range deliveries[name] {
			payload := `{"watch":{"terminations":{}},"sinks":[` + sinks + `],"event":` + readRecorded(b, killed) + `}`
			payloads = append(payloads, []byte(payload))
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, payload := range payloads {
					ctx, cancel := invoked(b)
					if answer, err := h.Invoke(ctx, payload); err != nil || !strings.Contains(string(answer), `"sent"`) {
						b.Fatalf("%s, %v", answer, err)
					}
					cancel()
				}
			}
		})
	}
}
