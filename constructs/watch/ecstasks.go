package watch

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// ECSTasks sees ECS tasks that stopped, once for each stop.
//
// ECS sends these events durably, that is, at least once:
// https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ecs.html
type ECSTasks struct {
	// Clusters are the names or the ARNs of the clusters. What is known only at
	// deployment is taken for a name, unless it is an attribute of a cluster, such as
	// *cluster.ClusterArn(): import a name, not an ARN.
	//
	// Required.
	Clusters []string

	// Services are the names of the services whose tasks are told.
	//
	// Default: all tasks of the clusters, those of no service included.
	Services []string

	// Reasons are the reasons of a stop that are told. Name StopUnknown among them, or a
	// stop that AWS words in a new way is not told.
	//
	// Default: all but scaling, deployments, maintenance, requests of users, and the
	// end of a task that was made to end.
	Reasons []StopReason
}

var _ Watch = ECSTasks{}

// StopReason says why a task stopped. AWS tells it in prose, which the notifier
// sorts; what it cannot place is [StopUnknown].
type StopReason = wire.StopReason

// The reasons of a stop.
const (
	StopOutOfMemory          = wire.StopOutOfMemory
	StopELBHealthCheck       = wire.StopELBHealthCheck
	StopContainerHealthCheck = wire.StopContainerHealthCheck
	StopContainerExited      = wire.StopContainerExited // an essential container, with an error or in a service
	StopCompleted            = wire.StopCompleted       // a task of no service, without an error
	StopFailedToStart        = wire.StopFailedToStart
	StopSpot                 = wire.StopSpot
	StopInstance             = wire.StopInstance    // what it ran on went away
	StopMaintenance          = wire.StopMaintenance // AWS replaces what it runs on
	StopScaling              = wire.StopScaling
	StopDeployment           = wire.StopDeployment
	StopUserRequest          = wire.StopUserRequest
	StopUnknown              = wire.StopUnknown
)

// AllStopReasons are all reasons of a stop, scaling and deployments included.
var AllStopReasons = wire.AllStopReasons

// ecsGroup is what the tasks of a service belong to, as the task's event has it.
var ecsGroup = binding.Kind{What: "task group", MaxLength: len("service:") + maxECSName}

// Bind implements [Watch].
func (t ECSTasks) Bind(scope constructs.Construct) binding.Watch {
	names := ecsIn(scope, t.Clusters, t.Services)
	b := binding.Watch{
		Name:        "ECSTasks",
		Wire:        wire.Watch{ECSTasks: &wire.ECSTasks{Reasons: t.Reasons}},
		Source:      "aws.ecs",
		DetailTypes: []string{"ECS Task State Change"},
	}
	names.check(&b)
	binding.CheckChoices(&b.Problems, "ECSTasks.Reasons", t.Reasons, AllStopReasons)
	if len(b.Problems) > 0 {
		return b
	}
	b.Fields = []binding.Field{{Path: "detail.clusterArn", Values: names.clusterARNs()}}
	if len(t.Services) > 0 {
		var groups []string
		for _, s := range t.Services {
			groups = append(groups, "service:"+s)
		}
		b.Fields = append(b.Fields, binding.Field{Path: "detail.group", Values: ecsGroup.Values(groups)})
	}
	// A stop is told by several events, of which this is the last one.
	b.Fields = append(b.Fields, binding.Field{Path: "detail.lastStatus", Values: binding.Choices([]string{"STOPPED"})})
	b.Grants = []binding.Grant{names.lookup()}
	return b
}
