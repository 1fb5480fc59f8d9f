package awsapi

import (
	"context"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
)

// Own is the ARN of the function that is invoked, which says in which account and Region it runs.
func Own(ctx context.Context) (own arn.ARN, known bool) {
	lambda, ok := lambdacontext.FromContext(ctx)
	if !ok {
		return own, false
	}
	own, err := arn.Parse(lambda.InvokedFunctionArn)
	return own, err == nil
}
