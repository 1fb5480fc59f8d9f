// The notifier is the Lambda function that notifies people of events: one invocation, one
// event, all sinks. What a sink does not take it hands to its state machine. It keeps nothing but
// answers of AWS, for seconds, and which Slack channels it may not read, and needs no configuration;
// everything is in the delivery that it is invoked with.
package main

import (
	"cmp"
	"io"
	"log"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/rehearsal"
)

func main() {
	// The heap is a few megabytes. At the default of 100 its first collections fall into the first
	// delivery. Measured in docs/performance.md.
	debug.SetGCPercent(200)
	// aws-lambda-go prints every error that the handler returns and has logged.
	log.SetOutput(io.Discard)

	logger := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	hc, fake := awsapi.NewHTTPClient(), os.Getenv(wire.RehearsalVariable)
	if fake != "" {
		hc.Transport = rehearsal.Mark(hc.Transport)
	}
	api := awsapi.New(hc, os.Getenv("AWS_REGION"))
	fleet := openFleet(cmp.Or(os.Getenv(wire.TableVariable), wire.TableFile), logger)
	memory, _ := strconv.Atoi(os.Getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")) // in MB; zero: unknown
	if 0 < memory && memory < enoughMemory {
		prepare(api)
		runtime.GC()      // while there is a full CPU, so that the heap can stay small
		if fleet == nil { // a table takes up so much of the heap that it would be collected in the first delivery
			debug.SetGCPercent(90)
		}
	}
	if 0 < memory && memory < wholeCPU {
		// Threads that take turns at a part of a CPU wake each other for nothing.
		runtime.GOMAXPROCS(1)
	}
	lambda.Start(&handler{
		clients:   newClients(api, fake),
		lookups:   &evidence.Lookups{API: api, Log: logger, Unshared: fake != "", Roles: fleet.lookUps},
		fleet:     fleet,
		log:       logger,
		rehearsal: fake != "",
	})
}

const (
	// enoughMemory is where a function's share of a CPU makes preparing not worth
	// its time, in MB. Measured in docs/performance.md.
	enoughMemory = 512
	// wholeCPU is where a function has one CPU, in MB.
	//
	// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
	wholeCPU = 1769
)
