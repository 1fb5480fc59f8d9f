// Package awsapi calls the few AWS operations that the notifier needs, signed
// with the SDK's own v4 signer and sent with one HTTP client.
//
// The SDK's service clients are left out on purpose: their package initialization
// and size are most of a cold start. Tests compare every request made here with
// what the SDK's own serializers make.
package awsapi

// Call names an API operation.
type Call struct {
	// Service is the name that requests are signed for, such as "ses".
	Service string
	// Host is the first label of the endpoint's host name, such as "email".
	// Empty: the same as Service.
	Host string
	// Operation is the operation's name, such as "SendEmail".
	Operation string
	// Region is where to call. Empty or malformed: the function's own region.
	Region string
	// Persistent calls are sent again until the context's deadline, not [retry.Attempts] times,
	// as long as an answer may still come. Without a deadline it has no effect.
	Persistent bool
	// Answer is how many bytes an answer may well have, so that the buffer for it need not grow step
	// by step. Zero: few.
	Answer int
}

func (c Call) host() string {
	if c.Host != "" {
		return c.Host
	}
	return c.Service
}

// Action names the call as a permission for it does: "cloudwatch:GetMetricData".
func (c Call) Action() string {
	if c.Service == "monitoring" {
		return "cloudwatch:" + c.Operation
	}
	return c.Service + ":" + c.Operation
}

// jsonVersion is the version of AWS JSON that the service speaks.
//
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
func (c Call) jsonVersion() string {
	if c.Service == "states" || c.Service == "sqs" {
		return "1.0"
	}
	return "1.1"
}

// String names the call as an error message does: "ses SendEmail in eu-west-1".
func (c Call) String() string {
	if c.Region == "" {
		return c.Service + " " + c.Operation
	}
	return c.Service + " " + c.Operation + " in " + c.Region
}
