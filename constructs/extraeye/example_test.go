package extraeye_test

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// exampleStack is the stack that examples define things in.
func exampleStack() awscdk.Stack {
	app := awscdk.NewApp(&awscdk.AppProps{Context: &map[string]any{"aws:cdk:bundling-stacks": []string{}}})
	return awscdk.NewStack(app, jsii.String("some-service"), nil)
}

func ExampleNewEye() {
	stack := exampleStack()

	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
		AutoScalingGroupNames:  []string{"some-service-production", "some-service-canary"},
		CodeDeployApplications: []string{"some-service"},
		Sinks: []sink.Sink{
			sink.Email{From: "ops@example.com", To: []string{"team@example.com"}},
		},
	})

	fmt.Println(len(eye.Rules()), "rules")
	// Output: 2 rules
}

// Each watch can have sinks of its own. The two of deployments share a rule.
func ExampleEye_Watch() {
	stack := exampleStack()
	mail := sink.Email{From: "ops@example.com", To: []string{"team@example.com"}}
	pager := sink.Topic{Topic: awssns.NewTopic(stack, jsii.String("Pager"), nil)}
	archive := sink.Queue{Queue: awssqs.NewQueue(stack, jsii.String("Archive"), nil)}

	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Service: "some-service"})
	terminations := eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"some-service-production"}}, mail, archive)
	eye.Watch(watch.Deployments{CodeDeployApplications: []string{"some-service"}, States: []watch.DeploymentState{watch.DeploymentFailed}}, pager)
	eye.Watch(watch.Deployments{CodeDeployApplications: []string{"some-service"}, States: []watch.DeploymentState{watch.DeploymentSucceeded}}, mail)

	fmt.Println(len(terminations.Rules()), "rule for terminations,", len(eye.Rules()), "in all")
	// Output: 1 rule for terminations, 2 in all
}

// A notifier of a team's own, with code that was compiled elsewhere.
func ExampleNewNotifier() {
	stack := exampleStack()

	notifier := extraeye.NewNotifier(stack, "Notifier", &extraeye.NotifierProps{
		Memory:     512,
		Code:       awslambda.Code_FromAsset(jsii.String("testdata"), nil),
		AlarmTopic: awssns.NewTopic(stack, jsii.String("Alarms"), nil),
	})
	extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
		AutoScalingGroupNames: []string{"some-service-production"},
		Sinks:                 []sink.Sink{sink.Email{From: "ops@example.com", To: []string{"team@example.com"}}},
		Notifier:              notifier,
	})
}
