// Command app is an app with every watch and every sink, for emulators of AWS. Its names are
// those of the rehearsal's built-in events.
package main

import (
	"runtime"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("everything"), nil)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
		Service:  `my "shop" <a> \ & ünï <aws.events.event>`,
		Notifier: notifier(stack),
		Sinks:    sinks(stack),
	})
	for _, w := range watches() {
		eye.Watch(w)
	}
	app.Synth(nil)
}

// notifier is a notifier for the processor of this machine.
func notifier(stack awscdk.Stack) *extraeye.Notifier {
	architecture := awslambda.Architecture_X86_64()
	if runtime.GOARCH == "arm64" {
		architecture = awslambda.Architecture_ARM_64()
	}
	return extraeye.NewNotifier(stack, "Notifier", &extraeye.NotifierProps{
		Architecture: architecture,
		AlarmTopic:   awssns.NewTopic(stack, jsii.String("Alarms"), nil),
	})
}

// sinks are one of every sink. What a topic or a bus gets can be read from a queue.
func sinks(stack awscdk.Stack) []sink.Sink {
	id := jsii.String
	secret := func(name string) sink.Secret {
		return sink.FromSecretsManager(awssecretsmanager.Secret_FromSecretNameV2(stack, id("Secret-"+name), id(name)), "")
	}
	topic := func(name string) awssns.Topic {
		topic := awssns.NewTopic(stack, id(name), nil)
		topic.AddSubscription(awssnssubscriptions.NewSqsSubscription(awssqs.NewQueue(stack, id(name+"Queue"), nil),
			&awssnssubscriptions.SqsSubscriptionProps{RawMessageDelivery: jsii.Bool(true)}))
		return topic
	}
	bus := awsevents.NewEventBus(stack, id("Bus"), nil)
	awsevents.NewCfnRule(stack, id("FromBus"), &awsevents.CfnRuleProps{
		EventBusName: bus.EventBusName(),
		EventPattern: map[string]any{"account": []*string{stack.Account()}},
		Targets:      []any{&awsevents.CfnRule_TargetProperty{Id: id("Queue"), Arn: awssqs.NewQueue(stack, id("BusQueue"), nil).QueueArn()}},
	})
	return []sink.Sink{
		sink.Email{From: "ops@example.com", To: []string{"Team <team@example.com>"}},
		sink.Topic{Topic: topic("Topic")},
		sink.Slack{Token: secret("slack"), Channel: "C0123456789"},
		sink.SlackWebhook{Webhook: secret("slack-webhook")},
		sink.Teams{Webhook: secret("teams")},
		sink.PagerDuty{RoutingKey: secret("pagerduty")},
		sink.NewRelic{APIKey: secret("newrelic"), EntityGUID: "MXxBUE18QVBQTElDQVRJT058MTIzNDU2"},
		sink.Datadog{APIKey: secret("datadog")},
		sink.Grafana{URL: "https://grafana.example.com", Token: secret("grafana")},
		sink.Webhook{URL: "https://hook.example.com/events", SigningKey: secret("signing")},
		sink.AmazonQ{Topic: topic("Chat")},
		sink.Queue{Queue: awssqs.NewQueue(stack, id("Queue"), &awssqs.QueueProps{EnforceSSL: jsii.Bool(false)})},
		sink.LogGroup{LogGroup: awslogs.NewLogGroup(stack, id("LogGroup"), &awslogs.LogGroupProps{RemovalPolicy: awscdk.RemovalPolicy_DESTROY})},
		sink.Bus{Bus: bus},
	}
}

// watches are one of every watch, each of which takes all that it can.
func watches() []watch.Watch {
	groups, applications, clusters := []string{"sample-group"}, []string{"sample-application"}, []string{"sample-cluster"}
	return []watch.Watch{
		watch.Terminations{AutoScalingGroupNames: groups, Causes: watch.AllCauses(), Who: true},
		watch.Launches{AutoScalingGroupNames: groups, Successful: true},
		watch.InstanceRefreshes{AutoScalingGroupNames: groups, States: watch.AllRefreshStates()},
		watch.Lifecycle{AutoScalingGroupNames: groups, After: time.Minute},
		watch.Instances{InstanceIDs: []string{"i-0be17ae4b7a62e1b6"}, States: watch.AllInstanceStates()},
		watch.SpotInterruptions{Recommendations: true},
		watch.Deployments{CodeDeployApplications: applications, States: watch.AllDeploymentStates(), Creators: watch.AllCreators()},
		watch.DeploymentInstances{CodeDeployApplications: applications, States: watch.AllDeploymentStates()},
		watch.ECSTasks{ClusterNames: clusters, Reasons: watch.AllStopReasons()},
		watch.ECSDeployments{ClusterNames: clusters, States: watch.AllECSDeploymentStates()},
		watch.ECSServices{ClusterNames: clusters, SteadyStates: true},
		watch.Alarms{AlarmNames: []string{"sample-alarm"}, States: watch.AllAlarmStates()},
		watch.Health{Categories: watch.AllHealthCategories()},
		watch.Pattern{
			Pattern: &awsevents.EventPattern{Source: jsii.Strings("my.app"), Detail: &map[string]any{"state": jsii.Strings("FAILED")}},
			Title:   "Broke: {$.detail.what}",
		},
	}
}
