package watch

import (
	"slices"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// ECSDeployments sees the deployments that ECS itself makes of services. That one
// failed is told only of services with a deployment circuit breaker or alarms.
//
// ECS sends these events durably, that is, at least once:
// https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ecs.html
type ECSDeployments struct {
	// Clusters are the names or the ARNs of the clusters. What is known only at
	// deployment is taken for a name, unless it is an attribute of a cluster, such as
	// *cluster.ClusterArn(): import a name, not an ARN. Services whose ARN is of the old
	// format, without the cluster's name, are not seen.
	//
	// Required.
	Clusters []string

	// Services are the names of the services.
	//
	// Default: all services of the clusters.
	Services []string

	// States are the states that are told.
	//
	// Default: ECSRollingBack, ECSCompleted and ECSFailed.
	States []ECSState
}

var _ Watch = ECSDeployments{}

// ECSState is the state of an ECS deployment.
type ECSState = wire.ECSState

// The states of an ECS deployment.
const (
	ECSInProgress  = wire.ECSInProgress
	ECSRollingBack = wire.ECSRollingBack
	ECSCompleted   = wire.ECSCompleted
	ECSFailed      = wire.ECSFailed
)

// AllECSStates are all states of an ECS deployment.
var AllECSStates = wire.AllECSStates

// ecsEvents are the names of the events that tell a state. A rollback is told as a
// deployment in progress, which the notifier tells from others.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
var ecsEvents = map[ECSState]string{
	ECSInProgress:  "SERVICE_DEPLOYMENT_IN_PROGRESS",
	ECSRollingBack: "SERVICE_DEPLOYMENT_IN_PROGRESS",
	ECSCompleted:   "SERVICE_DEPLOYMENT_COMPLETED",
	ECSFailed:      "SERVICE_DEPLOYMENT_FAILED",
}

// Bind implements [Watch].
func (d ECSDeployments) Bind(scope constructs.Construct) binding.Watch {
	names := ecsIn(scope, d.Clusters, d.Services)
	b := binding.Watch{
		Name:        "ECSDeployments",
		Wire:        wire.Watch{ECSDeployments: &wire.ECSDeployments{States: d.States}},
		Source:      "aws.ecs",
		DetailTypes: []string{"ECS Deployment State Change"},
	}
	names.check(&b)
	binding.CheckChoices(&b.Problems, "ECSDeployments.States", d.States, AllECSStates)
	if len(b.Problems) > 0 {
		return b
	}
	var events []string
	for _, s := range orDefault(d.States, wire.DefaultECSStates) {
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
