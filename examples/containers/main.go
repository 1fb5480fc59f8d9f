// Command containers is a CDK app for one service that runs on ECS: its team reads
// in a chat which task died and why, and after which release; is paged for a
// deployment that failed and for an alarm, until they are over; and sees its
// releases as markers in New Relic.
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
	stack := awscdk.NewStack(app, jsii.String("some-service-containers"), nil)

	// One secret with three fields, created in advance: the template has its name only.
	secret := awssecretsmanager.Secret_FromSecretNameV2(stack, jsii.String("Secret"), jsii.String("some-service/extraeye"))
	chat := sink.Slack{Token: sink.FromSecretsManager(secret, "slack"), Channel: "#some-service"}
	pager := sink.PagerDuty{RoutingKey: sink.FromSecretsManager(secret, "pagerduty")}
	marker := sink.NewRelic{APIKey: sink.FromSecretsManager(secret, "newrelic"), EntitySearch: "name = 'some-service' AND domain = 'APM'"}

	clusters, services := []string{"production"}, []string{"some-service"}
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Service: "some-service"})
	eye.Watch(watch.ECSTasks{ClusterNames: clusters, ServiceNames: services}, chat)
	eye.Watch(watch.ECSDeployments{ClusterNames: clusters, ServiceNames: services}, chat, pager, marker)
	eye.Watch(watch.ECSServices{ClusterNames: clusters, ServiceNames: services}, chat)
	alarms := []string{"some-service-"}
	eye.Watch(watch.Alarms{AlarmNamePrefixes: alarms}, chat)
	eye.Watch(watch.Alarms{AlarmNamePrefixes: alarms, States: []watch.AlarmState{watch.AlarmInAlarm, watch.AlarmOK}}, pager) // every OK resolves

	app.Synth(nil)
}
