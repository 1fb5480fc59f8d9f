package watch

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// ECSTasks sees ECS tasks that stopped, once for each stop.
//
// ECS sends these events durably, that is, at least once:
// https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ecs.html
type ECSTasks struct {
	// ClusterNames are the names or the ARNs of the clusters. What is known only at
	// deployment is taken for a name, unless it is an attribute of a cluster, such as
	// *cluster.ClusterArn(): import a name, not an ARN.
	//
	// Default: none; then set ClusterRefs.
	ClusterNames []string

	// ClusterRefs are clusters of the app, or imported into it.
	//
	// Default: none; then set ClusterNames.
	ClusterRefs []awsecs.ICluster

	// ServiceNames are the names of the services whose tasks are reported.
	//
	// Default: none; without ServiceRefs, all tasks of the clusters,
	// those of no service included.
	ServiceNames []string

	// ServiceRefs are services of the app, or imported into it, that run on the clusters.
	//
	// Default: none; without ServiceNames, all tasks of the clusters,
	// those of no service included.
	ServiceRefs []awsecs.IService

	// Reasons are the reasons of a stop that are reported. Name StopUnknown among them, or
	// a stop that AWS describes in a new way is not reported.
	//
	// Default: all but scaling, rebalancing, deployments, maintenance, requests of users,
	// and the end of a task that was made to end.
	Reasons []StopReason
}

var _ Watch = ECSTasks{}

// StopReason says why a task stopped. AWS describes it in prose, which the notifier
// classifies; what it cannot classify is [StopUnknown].
type StopReason string

// The reasons of a stop.
const (
	StopOutOfMemory          StopReason = StopReason(wire.StopOutOfMemory)
	StopELBHealthCheck       StopReason = StopReason(wire.StopELBHealthCheck)
	StopContainerHealthCheck StopReason = StopReason(wire.StopContainerHealthCheck)
	StopContainerExited      StopReason = StopReason(wire.StopContainerExited) // an essential container, with an error or in a service
	StopCompleted            StopReason = StopReason(wire.StopCompleted)       // a task of no service, without an error
	StopFailedToStart        StopReason = StopReason(wire.StopFailedToStart)
	StopSpot                 StopReason = StopReason(wire.StopSpot)
	StopInstance             StopReason = StopReason(wire.StopInstance)    // what it ran on went away
	StopMaintenance          StopReason = StopReason(wire.StopMaintenance) // AWS replaces what it runs on
	StopScaling              StopReason = StopReason(wire.StopScaling)
	StopRebalancing          StopReason = StopReason(wire.StopRebalancing) // of the Availability Zones
	StopDeployment           StopReason = StopReason(wire.StopDeployment)
	StopUserRequest          StopReason = StopReason(wire.StopUserRequest)
	StopUnknown              StopReason = StopReason(wire.StopUnknown)
)

// AllStopReasons returns all reasons of a stop, scaling and deployments included.
func AllStopReasons() []StopReason { return convert[StopReason](wire.AllStopReasons()) }

// ecsGroup is what the tasks of a service belong to, as the task's event has it.
var ecsGroup = binding.Kind{MaxLength: len("service:") + maxECSName}

// Bind implements [Watch].
func (t ECSTasks) Bind(scope constructs.Construct) binding.Watch {
	b := binding.Watch{
		Name:        "ECSTasks",
		Wire:        wire.Watch{ECSTasks: &wire.ECSTasks{Reasons: convert[wire.StopReason](t.Reasons)}},
		Source:      "aws.ecs",
		DetailTypes: []string{"ECS Task State Change"},
	}
	names := bindECS(&b, scope, ecsProps{t.ClusterNames, t.ClusterRefs, t.ServiceNames, t.ServiceRefs})
	binding.CheckChoices(&b.Problems, "ECSTasks.Reasons", t.Reasons, AllStopReasons())
	if len(b.Problems) > 0 {
		return b
	}
	b.Fields = []binding.Field{{Path: "detail.clusterArn", Values: names.clusterARNs()}}
	if len(names.services) > 0 {
		var groups []string
		for _, s := range names.services {
			groups = append(groups, "service:"+s)
		}
		b.Fields = append(b.Fields, binding.Field{Path: "detail.group", Values: ecsGroup.Values(groups)})
	}
	// A stop is reported by several events, of which this is the last one.
	b.Fields = append(b.Fields, binding.Field{Path: "detail.lastStatus", Values: binding.Choices([]string{"STOPPED"}), Always: true})
	b.Grants = []binding.Grant{names.lookup()}
	return b
}
