// Command service is a CDK app for one service: its team gets a mail when an
// instance was killed by a failed health check, and when a deployment ended.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("some-service"), nil)

	extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
		AutoScalingGroupNames:  []string{"some-service-production", "some-service-canary"},
		CodeDeployApplications: []string{"some-service"},
		Sinks: []sink.Sink{
			sink.Email{From: "ops@example.com", To: []string{"team@example.com"}},
		},
	})

	app.Synth(nil)
}
