package extraeye_test

import (
	"fmt"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
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

// Each watch can have sinks of its own.
func ExampleEye_Watch() {
	stack := exampleStack()
	mail := sink.Email{From: "ops@example.com", To: []string{"team@example.com"}}
	pager := sink.Topic{Topic: awssns.NewTopic(stack, jsii.String("Pager"), nil)}
	archive := sink.Queue{Queue: awssqs.NewQueue(stack, jsii.String("Archive"), nil)}

	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Service: "some-service"})
	eye.Watch(watch.Terminations{Groups: []string{"some-service-production"}}, mail, archive)
	eye.Watch(watch.Deployments{Applications: []string{"some-service"}, States: watch.Failed}, pager)
	eye.Watch(watch.Deployments{Applications: []string{"some-service"}, States: watch.Succeeded}, mail)

	fmt.Println(len(eye.Rules()), "rules")
	// Output: 3 rules
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

// Deaths are told with the release that they came after, and a success only if it
// ends a row of failures.
func ExampleEye_Watch_releases() {
	stack := exampleStack()

	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
		Sinks: []sink.Sink{sink.Email{From: "ops@example.com", To: []string{"team@example.com"}}},
	})
	eye.Watch(watch.Terminations{Groups: []string{"some-service-production"}})
	eye.Watch(watch.Deployments{Applications: []string{"some-service"}, Changes: true, Who: true})

	fmt.Println(len(eye.Rules()), "rules")
	// Output: 2 rules
}

// A service on ECS, and the alarms whose names begin with its name.
func ExampleEye_Watch_ecs() {
	stack := exampleStack()
	clusters, services := []string{"production"}, []string{"some-service"}

	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
		Sinks: []sink.Sink{sink.Email{From: "ops@example.com", To: []string{"team@example.com"}}},
	})
	eye.Watch(watch.ECSTasks{Clusters: clusters, Services: services})
	eye.Watch(watch.ECSDeployments{Clusters: clusters, Services: services})
	eye.Watch(watch.ECSServices{Clusters: clusters, Services: services})
	eye.Watch(watch.Alarms{Prefixes: []string{"some-service-"}})

	fmt.Println(len(eye.Rules()), "rules")
	// Output: 4 rules
}

// An instance that waits for its lifecycle hook for more than five minutes.
func ExampleEye_Watch_lifecycle() {
	stack := exampleStack()
	mail := sink.Email{From: "ops@example.com", To: []string{"team@example.com"}}

	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{})
	eye.Watch(watch.Lifecycle{Groups: []string{"some-service-production"}, After: 5 * time.Minute}, mail)

	fmt.Println(len(eye.Rules()), "rule")
	// Output: 1 rule
}

// Any event that AWS or a team's own program sends.
func ExampleEye_Watch_pattern() {
	stack := exampleStack()
	mail := sink.Email{From: "ops@example.com", To: []string{"team@example.com"}}

	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{})
	eye.Watch(watch.Pattern{
		Pattern: &awsevents.EventPattern{
			Source:     jsii.Strings("aws.codebuild"),
			DetailType: jsii.Strings("CodeBuild Build State Change"),
			Detail: &map[string]any{
				"build-status": []string{"FAILED"},
				"project-name": awsevents.Match_Prefix(jsii.String("some-service-")),
			},
		},
		Title:    "The build of {$.detail.project-name} failed",
		Severity: watch.Warning,
		Facts:    []watch.Fact{{Label: "Phase", Path: "$.detail.current-phase"}},
	}, mail)

	fmt.Println(len(eye.Rules()), "rule")
	// Output: 1 rule
}
