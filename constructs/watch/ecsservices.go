package watch

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// ECSServices sees what ECS says of services: tasks that cannot be placed, or that
// do not start again and again.
//
// ECS sends these events durably, that is, at least once:
// https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ecs.html
type ECSServices struct {
	// Clusters are the names or the ARNs of the clusters. What is known only at
	// deployment is taken for a name, unless it is an attribute of a cluster, such as
	// *cluster.ClusterArn(): import a name, not an ARN.
	//
	// Required.
	Clusters []string

	// Services are the names of the services. Services whose ARN is of the old format,
	// without the cluster's name, cannot be named.
	//
	// Default: all services of the clusters.
	Services []string

	// SteadyStates tells whatever ECS says, too, when nothing is wrong. That a service
	// is steady it says again and again; it resolves a pager's alert of the service.
	//
	// Default: only errors and warnings.
	SteadyStates bool
}

var _ Watch = ECSServices{}

// Bind implements [Watch].
func (s ECSServices) Bind(scope constructs.Construct) binding.Watch {
	names := ecsIn(scope, s.Clusters, s.Services)
	b := binding.Watch{
		Name:        "ECSServices",
		Wire:        wire.Watch{ECSServices: &wire.ECSServices{}},
		Source:      "aws.ecs",
		DetailTypes: []string{"ECS Service Action"},
	}
	names.check(&b)
	if len(b.Problems) > 0 {
		return b
	}
	if len(s.Services) > 0 {
		b.Fields = []binding.Field{{Path: "resources", Values: names.serviceARNs()}}
	} else {
		b.Fields = []binding.Field{{Path: "detail.clusterArn", Values: names.clusterARNs()}}
	}
	if !s.SteadyStates {
		// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
		b.Fields = append(b.Fields, binding.Field{Path: "detail.eventType", Values: binding.Choices([]string{"ERROR", "WARN"})})
	}
	b.Grants = []binding.Grant{names.lookup()}
	return b
}
