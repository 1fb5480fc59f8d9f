package sink_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// newStack is the stack that examples define things in.
func newStack() awscdk.Stack {
	app := awscdk.NewApp(&awscdk.AppProps{Context: &map[string]any{"aws:cdk:bundling-stacks": []string{}}})
	return awscdk.NewStack(app, jsii.String("some-service"), nil)
}

// notify is an Eye that sends to some sinks.
func notify(stack awscdk.Stack, sinks ...sink.Sink) {
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: []string{"some-service-production"}, Sinks: sinks})
	fmt.Println(len(eye.Rules()), "rule")
}

// A mail from a verified domain to a team and to the one on call.
func ExampleEmail() {
	notify(newStack(), sink.Email{
		From: "Ops <ops@example.com>",
		To:   []string{"team@example.com", "On call <oncall@example.com>"},
	})
	// Output: 1 rule
}

// A channel, by an app whose token is a field of a secret, and a mention from the
// severity on that wakes somebody up.
func ExampleSlack() {
	stack := newStack()
	secret := awssecretsmanager.Secret_FromSecretNameV2(stack, jsii.String("Secret"), jsii.String("some-service/extraeye"))

	notify(stack, sink.Slack{
		Token:       sink.FromSecretsManager(secret, "slack"),
		Channel:     "#some-service",
		Mention:     "@here",
		MentionFrom: watch.SeverityCritical,
	})
	// Output: 1 rule
}

// A webhook's URL that is kept as a SecureString parameter.
func ExampleTeams() {
	stack := newStack()
	url := awsssm.StringParameter_FromSecureStringParameterAttributes(stack, jsii.String("URL"), &awsssm.SecureStringParameterAttributes{
		ParameterName: jsii.String("/some-service/teams"),
	})

	notify(stack, sink.Teams{Webhook: sink.FromParameter(url, nil)})
	// Output: 1 rule
}

// The readable notice on a topic, and the raw event in a queue.
func ExampleTopic() {
	stack := newStack()

	notify(stack,
		sink.Topic{Topic: awssns.NewTopic(stack, jsii.String("Topic"), nil)},
		sink.Queue{Queue: awssqs.NewQueue(stack, jsii.String("Queue"), nil)},
	)
	// Output: 1 rule
}
