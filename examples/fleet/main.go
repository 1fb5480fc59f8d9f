// Command fleet is a CDK app that watches everything in an account and Region, and notifies the team
// whose it is: services.yaml has the teams, and a tag names the team of what is not listed.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("fleet"), nil)
	extraeye.NewFleet(stack, "Fleet", extraeye.LoadFleet("examples/fleet/services.yaml")) // it runs in the folder of cdk.json
	app.Synth(nil)
}
