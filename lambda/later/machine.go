package later

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/extraeye/extraeye/internal/plainjson"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

// target names Step Functions' API.
//
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
const target = "AWSStepFunctions"

// HandOver starts the state machine with what is to be done later. Place tells apart what one
// invocation hands over. It is sent again and again until the context's deadline, and counts as
// handed over if an earlier run of the same invocation did it.
func HandOver(ctx context.Context, api *awsapi.Client, l wire.Later, place string) error {
	return start(ctx, api, kindOf(l), place, encode(l))
}

// startWith starts the state machine with what is no notice, and so cannot be made shorter.
func startWith(ctx context.Context, api *awsapi.Client, kind, place string, what any) error {
	input, err := plainjson.Marshal(what)
	if err != nil {
		return err
	}
	return start(ctx, api, kind, place, input)
}

// start starts the state machine, unless the input is too long for it.
func start(ctx context.Context, api *awsapi.Client, kind, place string, input []byte) error {
	if len(input) > maxInput {
		return fmt.Errorf("it has %d bytes, and the state machine takes at most %d", len(input), maxInput)
	}
	lambda, ok := lambdacontext.FromContext(ctx)
	if !ok {
		return errors.New("the function does not know its own ARN, and so not that of its state machine")
	}
	machine, region, err := machineOf(lambda.InvokedFunctionArn)
	if err != nil {
		return err
	}
	in := struct {
		Machine string `json:"stateMachineArn"`
		Name    string `json:"name"`
		Input   string `json:"input"`
	}{machine, executionName(lambda.AwsRequestID, kind, place), string(input)}
	call := awsapi.Call{Service: "states", Operation: "StartExecution", Region: region, Persistent: true}
	err = api.JSON(ctx, call, target, in, nil)
	var refused *awsapi.Error
	if errors.As(err, &refused) && refused.Code == "ExecutionAlreadyExists" {
		return nil
	}
	return err
}

// machineOf returns the ARN of a function's state machine, which has the function's name, and
// its Region.
func machineOf(function string) (machine, region string, err error) {
	a, err := arn.Parse(function)
	kind, name, _ := strings.Cut(a.Resource, ":")
	if err != nil || kind != "function" || name == "" {
		return "", "", fmt.Errorf("%q is not the ARN of a function", function)
	}
	name, _, _ = strings.Cut(name, ":") // without a version or an alias
	a.Service, a.Resource = "states", "stateMachine:"+name
	return a.String(), a.Region, nil
}

// executionName is the same for each run of one invocation: Lambda runs one that failed again
// with the same request ID, and Step Functions starts one execution of a name. What a person
// invokes again has another, so that it is not taken for done.
//
// https://repost.aws/knowledge-center/lambda-function-duplicate-invocations
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html#API_StartExecution_RequestSyntax
func executionName(request, kind, place string) string {
	return kind + "-" + notice.Hash(strings.Join([]string{request, place, kind}, "\n"), 16)
}

// kindOf says in a name what is to be done later.
func kindOf(l wire.Later) string {
	if l.DeadLetter != nil {
		return "dead-letter"
	}
	return fmt.Sprintf("retry-%d", l.Retry.Attempt)
}
