// The services app has as many services as its second argument says, each with two Auto Scaling
// groups and a CodeDeploy application: in one Eye or, if the first argument is "fleet", in a Fleet of
// up to 50 teams.
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
	n, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	var all []extraeye.Service
	for i := range n {
		name := fmt.Sprintf("some-service-%03d", i)
		all = append(all, extraeye.Service{
			Name: name, AutoScalingGroupNames: []string{name + "-production", name + "-canary"}, CodeDeployApplications: []string{name},
		})
	}
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("services"), nil)
	if os.Args[1] == "fleet" {
		extraeye.NewFleet(stack, "Fleet", &extraeye.FleetProps{TeamTag: "team", Teams: teams(all)})
	} else {
		extraeye.NewEye(stack, "Eye", eye(all))
	}
	app.Synth(nil)
}

func mail(team string) []sink.Sink {
	return []sink.Sink{sink.Email{From: "ops@example.com", To: []string{team + "@example.com"}}}
}

func eye(all []extraeye.Service) *extraeye.EyeProps {
	props := &extraeye.EyeProps{Sinks: mail("team")}
	for _, s := range all {
		props.AutoScalingGroupNames = append(props.AutoScalingGroupNames, s.AutoScalingGroupNames...)
		props.CodeDeployApplications = append(props.CodeDeployApplications, s.CodeDeployApplications...)
	}
	return props
}

func teams(all []extraeye.Service) []extraeye.Team {
	teams := make([]extraeye.Team, min(50, len(all)))
	for i := range teams {
		teams[i].Name = fmt.Sprintf("team-%02d", i)
		teams[i].Sinks = mail(teams[i].Name)
	}
	for i, s := range all {
		team := &teams[i%len(teams)]
		team.Services = append(team.Services, s)
	}
	return teams
}
