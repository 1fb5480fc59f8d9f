package extraeye

import (
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/internal/services"
)

// Team is who is notified about some services.
type Team struct {
	// Name is the team's name, at most 128 characters. Whatever is tagged with it, under
	// [FleetProps].TeamTag, is the team's.
	//
	// Required.
	Name string

	// Sinks are where the team is notified. Those that rules deliver to by themselves,
	// sink.Queue, sink.Bus and sink.LogGroup, are not possible.
	//
	// Required.
	Sinks []sink.Sink

	// Accounts are ids of AWS accounts of which everything is the team's that neither the
	// table nor a tag gives to another one, for events that are forwarded here.
	//
	// Default: none.
	Accounts []string

	// Services are what the team runs, as far as it is named: whatever has the team's tag need
	// not be.
	//
	// Default: none.
	Services []Service
}

// Service is what goes by a team's own name for it, and what it consists of. No name may be
// in two services.
type Service struct {
	// Name is the team's own name for the service. Notices have it.
	//
	// Required.
	Name string

	// AutoScalingGroupNames are its Auto Scaling groups.
	//
	// Default: none.
	AutoScalingGroupNames []string

	// CodeDeployApplications are its CodeDeploy applications.
	//
	// Default: none.
	CodeDeployApplications []string

	// ClusterNames are ECS clusters of which everything is its own that is not in the
	// ECSServices of another service.
	//
	// Default: none.
	ClusterNames []string

	// ECSServices are its ECS services, each as "cluster/service".
	//
	// Default: none.
	ECSServices []string

	// AlarmNames are its CloudWatch alarms.
	//
	// Default: none.
	AlarmNames []string
}

// named are the teams as a file has them, without their sinks.
func named(teams []Team) []services.Team {
	var all []services.Team
	for _, t := range teams {
		team := services.Team{Name: t.Name, Accounts: t.Accounts}
		for _, s := range t.Services {
			team.Services = append(team.Services, services.Service(s))
		}
		all = append(all, team)
	}
	return all
}
