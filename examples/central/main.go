// Command central is a CDK app for one platform team and several accounts: the Fleet is in one
// account, and a Forwarder in each other account and Region.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
)

const (
	organization = "o-a1b2c3d4e5"
	teamTag      = "team"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)

	central := stack(app, "platform-central", "111122223333", "eu-west-1")
	fleet := extraeye.NewFleet(central, "Fleet", &extraeye.FleetProps{
		TeamTag: teamTag,
		Teams: []extraeye.Team{
			{Name: "checkout", Sinks: mail("checkout@example.com"), Accounts: []string{"444455556666"}},
			{Name: "search", Sinks: mail("search@example.com")},
		},
		Others: mail("platform@example.com"),
		Bus:    &extraeye.Bus{Organization: organization},
	})

	member := stack(app, "checkout-production", "444455556666", "eu-west-1")
	extraeye.NewForwarder(member, "Forwarder", &extraeye.ForwarderProps{
		// In an app of its own: "arn:aws:events:eu-west-1:111122223333:event-bus/extraeye".
		To:           *fleet.Bus().EventBusArn(),
		Organization: organization,
		TeamTag:      teamTag,
	})

	app.Synth(nil)
}

// stack is a stack in an account and Region.
func stack(app awscdk.App, name, account, region string) awscdk.Stack {
	return awscdk.NewStack(app, jsii.String(name), &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String(account), Region: jsii.String(region)}})
}

func mail(to string) []sink.Sink {
	return []sink.Sink{sink.Email{From: "ops@example.com", To: []string{to}}}
}
