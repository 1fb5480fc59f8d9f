// Command service is a CDK app for one service: its team gets a mail and a chat
// message when an instance was killed by a failed health check and when a
// deployment ended, and is paged for what is wrong.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("some-service"), nil)

	// One secret with two fields, created in advance: the template has its name only.
	secret := awssecretsmanager.Secret_FromSecretNameV2(stack, jsii.String("Secret"), jsii.String("some-service/extraeye"))

	extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
		AutoScalingGroupNames:  []string{"some-service-production", "some-service-canary"},
		CodeDeployApplications: []string{"some-service"},
		Sinks: []sink.Sink{
			sink.Email{From: "ops@example.com", To: []string{"team@example.com"}},
			sink.Slack{Token: sink.FromSecretsManager(secret, "slack"), Channel: "#some-service", Mention: "<!here>"},
			sink.PagerDuty{RoutingKey: sink.FromSecretsManager(secret, "pagerduty")},
		},
	})

	app.Synth(nil)
}
