// The services app has one Eye for as many services as its argument says, each
// with two Auto Scaling groups and a CodeDeploy application.
package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
)

func main() {
	defer jsii.Close()
	services, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	props := &extraeye.EyeProps{Sinks: []sink.Sink{sink.Email{From: "ops@example.com", To: []string{"team@example.com"}}}}
	for i := range services {
		name := fmt.Sprintf("some-service-%03d", i)
		props.AutoScalingGroupNames = append(props.AutoScalingGroupNames, name+"-production", name+"-canary")
		props.CodeDeployApplications = append(props.CodeDeployApplications, name)
	}
	app := awscdk.NewApp(nil)
	extraeye.NewEye(awscdk.NewStack(app, jsii.String("services"), nil), "Eye", props)
	app.Synth(nil)
}
