// Command oncall is a CDK app for a team on call: what fails goes to a pager at once, and by mail
// to everybody, where a flood is one message; everything goes to a chat, and releases become
// markers on the charts.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("oncall"), nil)
	secret := func(name string) sink.Secret {
		return sink.FromSecretsManager(awssecretsmanager.Secret_FromSecretNameV2(stack, jsii.String(name), jsii.String("oncall/"+name)), "")
	}
	chat := sink.Slack{Token: secret("slack"), Channel: "#oncall"}
	pager := sink.PagerDuty{RoutingKey: secret("pagerduty")}
	all := sink.Grouped{Sink: sink.Email{From: "ops@example.com", To: []string{"developers@example.com"}}}
	marker := sink.NewRelic{APIKey: secret("newrelic"), EntitySearch: "name = 'some-service' AND domain = 'APM'"}
	services := []string{"some-service", "other-service"}

	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Service: "shop", Sinks: []sink.Sink{chat}})
	eye.Watch(watch.Terminations{AutoScalingGroupNames: services, Causes: watch.AllCauses()})
	eye.Watch(watch.Terminations{AutoScalingGroupNames: services}, pager, all)
	eye.Watch(watch.Deployments{CodeDeployApplications: services, States: watch.AllDeploymentStates()})
	eye.Watch(watch.Deployments{CodeDeployApplications: services, States: []watch.DeploymentState{watch.DeploymentFailed, watch.DeploymentSucceeded}}, pager) // a success resolves
	eye.Watch(watch.Deployments{CodeDeployApplications: services, States: []watch.DeploymentState{watch.DeploymentSucceeded}}, marker)
	app.Synth(nil)
}
