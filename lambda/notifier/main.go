// The notifier is the Lambda function that notifies people of events: one invocation, one
// event, all sinks. What a sink does not take it hands to its state machine. It keeps nothing but
// answers of AWS, for seconds, and which Slack channels it may not read, and needs no configuration;
// everything is in the delivery that it is invoked with.
package main

import (
	"cmp"
	"context"
	"io"
	"log"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/rehearsal"
)

func main() {
	// The heap is a few megabytes, and a small share of a CPU makes its collections
	// long: at the default of 100 the slowest deliveries take a third longer.
	// Measured in docs/performance.md.
	debug.SetGCPercent(200)
	// aws-lambda-go prints every error that the handler returns and has logged.
	log.SetOutput(io.Discard)

	logger := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	hc, fake := awsapi.NewHTTPClient(), os.Getenv(wire.RehearsalVariable)
	if fake != "" {
		hc.Transport = rehearsal.Mark(hc.Transport)
	}
	api := awsapi.New(hc, os.Getenv("AWS_REGION"))
	prewarm(api)
	fleet := openFleet(cmp.Or(os.Getenv(wire.TableVariable), wire.TableFile), logger)
	lambda.Start(&handler{
		clients:   newClients(api, fake),
		lookups:   &evidence.Lookups{API: api, Log: logger, Unshared: fake != "", Roles: fleet.lookUps},
		fleet:     fleet,
		log:       logger,
		rehearsal: fake != "",
	})
}

const (
	// enoughMemory is where a function's share of a CPU makes prewarming not worth
	// its time, in MB. Measured in docs/performance.md.
	enoughMemory = 512
	// prewarmTime bounds what a network that swallows packets costs.
	prewarmTime = time.Second
)

// prewarm opens connections while Lambda still gives the function a full CPU.
func prewarm(api *awsapi.Client) {
	memory, err := strconv.Atoi(os.Getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"))
	overridden := slices.ContainsFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_ENDPOINT_URL") })
	if err != nil || memory >= enoughMemory || overridden {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), prewarmTime)
	defer cancel()
	api.Prewarm(ctx, awsapi.Call{Service: "ses", Host: "email"}, awsapi.Call{Service: "ec2"}, awsapi.Call{Service: "codedeploy"},
		awsapi.Call{Service: "autoscaling"}, awsapi.Call{Service: "iam"})
}
