package watch

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// ECSDeployments sees the deployments that ECS itself makes of services. ECS reports
// that one failed only of services with a deployment circuit breaker or alarms.
//
// ECS sends these events durably, that is, at least once:
// https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ecs.html
type ECSDeployments struct {
	// ClusterNames are the names or the ARNs of the clusters. What is known only at
	// deployment is taken for a name, unless it is an attribute of a cluster, such as
	// *cluster.ClusterArn(): import a name, not an ARN. Services whose ARN is of the old
	// format, without the cluster's name, are not seen.
	//
	// Default: none; then set ClusterRefs.
	ClusterNames []string

	// ClusterRefs are clusters of the app, or imported into it.
	//
	// Default: none; then set ClusterNames.
	ClusterRefs []awsecs.ICluster

	// ServiceNames are the names of the services.
	//
	// Default: none; without ServiceRefs, all services of the clusters.
	ServiceNames []string

	// ServiceRefs are services of the app, or imported into it, that run on the clusters.
	//
	// Default: none; without ServiceNames, all services of the clusters.
	ServiceRefs []awsecs.IService

	// States are the states that are reported.
	//
	// Default: ECSDeploymentRollingBack, ECSDeploymentCompleted and ECSDeploymentFailed.
	States []ECSDeploymentState
}

var _ Watch = ECSDeployments{}

// ECSDeploymentState is the state of an ECS deployment.
type ECSDeploymentState string

// The states of an ECS deployment.
const (
	ECSDeploymentInProgress  ECSDeploymentState = ECSDeploymentState(wire.ECSDeploymentInProgress)
	ECSDeploymentRollingBack ECSDeploymentState = ECSDeploymentState(wire.ECSDeploymentRollingBack)
	ECSDeploymentCompleted   ECSDeploymentState = ECSDeploymentState(wire.ECSDeploymentCompleted)
	ECSDeploymentFailed      ECSDeploymentState = ECSDeploymentState(wire.ECSDeploymentFailed)
)

// AllECSDeploymentStates returns all states of an ECS deployment.
func AllECSDeploymentStates() []ECSDeploymentState {
	return convert[ECSDeploymentState](wire.AllECSDeploymentStates())
}

// ecsEvents are the names of the events that report a state. A rollback is reported as
// a deployment in progress; the notifier tells it from others.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
var ecsEvents = map[ECSDeploymentState]string{
	ECSDeploymentInProgress:  "SERVICE_DEPLOYMENT_IN_PROGRESS",
	ECSDeploymentRollingBack: "SERVICE_DEPLOYMENT_IN_PROGRESS",
	ECSDeploymentCompleted:   "SERVICE_DEPLOYMENT_COMPLETED",
	ECSDeploymentFailed:      "SERVICE_DEPLOYMENT_FAILED",
}

// Bind implements [Watch].
func (d ECSDeployments) Bind(scope constructs.Construct) binding.Watch {
	b := binding.Watch{
		Name:        "ECSDeployments",
		Wire:        wire.Watch{ECSDeployments: &wire.ECSDeployments{States: convert[wire.ECSDeploymentState](d.States)}},
		Source:      "aws.ecs",
		DetailTypes: []string{"ECS Deployment State Change"},
	}
	names := bindECS(&b, scope, ecsProps{d.ClusterNames, d.ClusterRefs, d.ServiceNames, d.ServiceRefs})
	binding.CheckChoices(&b.Problems, "ECSDeployments.States", d.States, AllECSDeploymentStates())
	if len(b.Problems) > 0 {
		return b
	}
	var events []string
	for _, s := range orDefault(d.States, convert[ECSDeploymentState](wire.DefaultECSDeploymentStates())) {
		if !slices.Contains(events, ecsEvents[s]) {
			events = append(events, ecsEvents[s])
		}
	}
	b.Fields = []binding.Field{
		{Path: "resources", Values: names.serviceARNs()},
		{Path: "detail.eventName", Values: binding.Choices(events)},
	}
	b.Grants = []binding.Grant{names.lookup()}
	return b
}
