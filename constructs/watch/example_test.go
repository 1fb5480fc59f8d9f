package watch_test

import (
	"fmt"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscodedeploy"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// newEye is an Eye that examples give watches to.
func newEye() *extraeye.Eye {
	app := awscdk.NewApp(&awscdk.AppProps{Context: &map[string]any{"aws:cdk:bundling-stacks": []string{}}})
	stack := awscdk.NewStack(app, jsii.String("some-service"), nil)
	return extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
		Sinks: []sink.Sink{sink.Email{From: "ops@example.com", To: []string{"team@example.com"}}},
	})
}

// Instances that a health check killed, with the release that they came after, since the
// same Eye watches deployments.
func ExampleTerminations() {
	eye := newEye()
	eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"some-service-production"}})
	eye.Watch(watch.Deployments{CodeDeployApplications: []string{"some-service"}})

	fmt.Println(len(eye.Rules()), "rules")
	// Output: 2 rules
}

// What an app creates goes in as it is, here imported ones.
func ExampleTerminations_refs() {
	app := awscdk.NewApp(&awscdk.AppProps{Context: &map[string]any{"aws:cdk:bundling-stacks": []string{}}})
	stack := awscdk.NewStack(app, jsii.String("some-service"), nil)
	group := awsautoscaling.AutoScalingGroup_FromAutoScalingGroupName(stack, jsii.String("Group"), jsii.String("some-service-production"))
	application := awscodedeploy.ServerApplication_FromServerApplicationName(stack, jsii.String("Application"), jsii.String("some-service"))

	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
		Sinks: []sink.Sink{sink.Email{From: "ops@example.com", To: []string{"team@example.com"}}},
	})
	eye.Watch(watch.Terminations{AutoScalingGroupRefs: []awsautoscaling.IAutoScalingGroup{group}})
	eye.Watch(watch.Deployments{CodeDeployApplicationRefs: []watch.CodeDeployApplication{application}})

	fmt.Println(len(eye.Rules()), "rules")
	// Output: 2 rules
}

// Failed deployments, the success that ends them, and who made each.
func ExampleDeployments() {
	eye := newEye()
	eye.Watch(watch.Deployments{CodeDeployApplications: []string{"some-service"}, Changes: true, Who: true})

	fmt.Println(len(eye.Rules()), "rule")
	// Output: 1 rule
}

// An instance that waits for its lifecycle hook for more than five minutes.
func ExampleLifecycle() {
	eye := newEye()
	eye.Watch(watch.Lifecycle{AutoScalingGroupNames: []string{"some-service-production"}, After: 5 * time.Minute})

	fmt.Println(len(eye.Rules()), "rule")
	// Output: 1 rule
}

// A service on ECS: its tasks, its deployments and what ECS says of it.
func ExampleECSTasks() {
	clusters, services := []string{"production"}, []string{"some-service"}

	eye := newEye()
	eye.Watch(watch.ECSTasks{ClusterNames: clusters, ServiceNames: services})
	eye.Watch(watch.ECSDeployments{ClusterNames: clusters, ServiceNames: services})
	eye.Watch(watch.ECSServices{ClusterNames: clusters, ServiceNames: services})

	fmt.Println(len(eye.Rules()), "rules")
	// Output: 3 rules
}

// All alarms whose names begin with the name of the service.
func ExampleAlarms() {
	eye := newEye()
	eye.Watch(watch.Alarms{AlarmNamePrefixes: []string{"some-service-"}})

	fmt.Println(len(eye.Rules()), "rule")
	// Output: 1 rule
}

// Any event that AWS or a team's own program sends.
func ExamplePattern() {
	eye := newEye()
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
		Severity: watch.SeverityWarning,
		Facts:    []watch.Fact{{Label: "Phase", Path: "$.detail.current-phase"}},
	})

	fmt.Println(len(eye.Rules()), "rule")
	// Output: 1 rule
}
