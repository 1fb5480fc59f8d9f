// Command many is an app of 300 services, for emulators of AWS: as a Fleet of 30 teams, and as an
// Eye that names them all.
package main

import (
	"fmt"
	"runtime"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

const teams, servicesEach = 30, 10

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	fleet(app)
	names(app)
	app.Synth(nil)
}

func fleet(app awscdk.App) {
	stack := awscdk.NewStack(app, jsii.String("many-teams"), nil)
	token := sink.FromSecretsManager(awssecretsmanager.Secret_FromSecretNameV2(stack, jsii.String("Slack"), jsii.String("slack")), "")
	props := &extraeye.FleetProps{
		TeamTag: "team", Notifier: notifier(stack), Others: []sink.Sink{mail("others")},
		Watches: []watch.Watch{watch.Terminations{}, watch.Launches{}, watch.Deployments{}, watch.ECSTasks{}, watch.ECSDeployments{}, watch.Alarms{}},
	}
	for i := range teams {
		team := extraeye.Team{Name: fmt.Sprintf("team-%02d", i)}
		team.Sinks = []sink.Sink{mail(team.Name), sink.Slack{Token: token, Channel: fmt.Sprintf("C%09d", i)}}
		for j := range servicesEach {
			name := service(i*servicesEach + j)
			team.Services = append(team.Services, extraeye.Service{
				Name: name, AutoScalingGroupNames: []string{name + "-production", name + "-canary"}, CodeDeployApplications: []string{name},
			})
		}
		props.Teams = append(props.Teams, team)
	}
	extraeye.NewFleet(stack, "Fleet", props)
}

func names(app awscdk.App) {
	stack := awscdk.NewStack(app, jsii.String("many-names"), nil)
	props := &extraeye.EyeProps{Notifier: notifier(stack), Sinks: []sink.Sink{mail("names")}}
	for i := range teams * servicesEach {
		props.AutoScalingGroupNames = append(props.AutoScalingGroupNames, service(i)+"-production")
		props.CodeDeployApplications = append(props.CodeDeployApplications, service(i))
	}
	extraeye.NewEye(stack, "Eye", props)
}

func service(i int) string { return fmt.Sprintf("some-service-%03d", i) }

func mail(to string) sink.Sink {
	return sink.Email{From: "ops@example.com", To: []string{to + "@example.com"}}
}

// notifier is a notifier for the processor of this machine.
func notifier(stack awscdk.Stack) *extraeye.Notifier {
	architecture := awslambda.Architecture_X86_64()
	if runtime.GOARCH == "arm64" {
		architecture = awslambda.Architecture_ARM_64()
	}
	return extraeye.NewNotifier(stack, "Notifier", &extraeye.NotifierProps{Architecture: architecture})
}
