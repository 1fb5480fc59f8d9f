// Command platform is a CDK app for the team that runs the platform of all services:
// it reads by mail what happens to the fleet below them, and keeps every event in a
// queue for its own tools.
package main

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("platform"), nil)

	queue := awssqs.NewQueue(stack, jsii.String("Events"), &awssqs.QueueProps{Encryption: awssqs.QueueEncryption_SQS_MANAGED, EnforceSSL: jsii.Bool(true)})
	queue.Node().DefaultChild().(awssqs.CfnQueue).AddMetadata(jsii.String("checkov"), map[string]any{"skip": []any{
		map[string]any{"id": "CKV_AWS_27", "comment": "SQS encrypts it with a key of its own (SqsManagedSseEnabled)."},
	}})
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
		Service: "platform",
		Journal: extraeye.NewJournal(stack, "Journal", nil), // what was reported, what was not, and why
		Sinks: []sink.Sink{
			sink.Email{From: "ops@example.com", To: []string{"platform@example.com"}},
			sink.Queue{Queue: queue},
		},
	})

	groups := []string{"search-production", "checkout-production", "basket-production"}
	applications := []string{"search", "checkout", "basket"}
	eye.Watch(watch.Terminations{AutoScalingGroupNames: groups})
	eye.Watch(watch.Launches{AutoScalingGroupNames: groups})
	eye.Watch(watch.InstanceRefreshes{AutoScalingGroupNames: groups})
	eye.Watch(watch.Lifecycle{AutoScalingGroupNames: groups, After: 20 * time.Minute})
	eye.Watch(watch.SpotInterruptions{AutoScalingGroupNames: groups})
	// The services' own teams hear of every release; here only of those that change
	// something for better or worse, and who made them.
	eye.Watch(watch.Deployments{CodeDeployApplications: applications, Changes: true, Who: true, Verdict: 30 * time.Minute})
	eye.Watch(watch.DeploymentInstances{CodeDeployApplications: applications})
	eye.Watch(watch.Instances{InstanceIDs: []string{"i-0123456789abcdef0"}}) // the bastion
	eye.Watch(watch.Health{})
	eye.Watch(watch.Pattern{
		Pattern: &awsevents.EventPattern{
			Source:     jsii.Strings("aws.acm"),
			DetailType: jsii.Strings("ACM Certificate Approaching Expiration"),
		},
		Title:    "A certificate expires in {$.detail.DaysToExpiry} days: {$.detail.CommonName}",
		Severity: watch.SeverityWarning,
		Facts: []watch.Fact{
			{Label: "Domain", Path: "$.detail.CommonName"},
			{Label: "Days left", Path: "$.detail.DaysToExpiry"},
			{Label: "Certificate", Path: "$.resources[0]"},
		},
	})

	// What happened to all of them, on a dashboard.
	extraeye.NewTimeline(stack, "Timeline", &extraeye.TimelineProps{Eyes: []*extraeye.Eye{eye}})

	app.Synth(nil)
}
