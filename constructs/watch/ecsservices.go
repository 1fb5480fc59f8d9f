package watch

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// ECSServices sees what ECS reports of services: tasks that cannot be placed, or that
// repeatedly fail to start.
//
// ECS sends these events durably, that is, at least once:
// https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ecs.html
type ECSServices struct {
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

	// ServiceNames are the names of the services. Services whose ARN is of the old
	// format, without the cluster's name, cannot be named.
	//
	// Default: none; without ServiceRefs, all services of the clusters.
	ServiceNames []string

	// ServiceRefs are services of the app, or imported into it, that run on the clusters.
	//
	// Default: none; without ServiceNames, all services of the clusters.
	ServiceRefs []awsecs.IService

	// SteadyStates reports routine events, too, such as a steady state. ECS repeats that a
	// service is steady; it resolves a pager's alert of the service.
	//
	// Default: only errors, warnings and events that extraeye does not know.
	SteadyStates bool
}

var _ Watch = ECSServices{}

// Bind implements [Watch].
func (s ECSServices) Bind(scope constructs.Construct) binding.Watch {
	b := binding.Watch{
		Name:        "ECSServices",
		Wire:        wire.Watch{ECSServices: &wire.ECSServices{SteadyStates: s.SteadyStates}},
		Source:      "aws.ecs",
		DetailTypes: []string{"ECS Service Action"},
	}
	names := bindECS(&b, scope, ecsProps{s.ClusterNames, s.ClusterRefs, s.ServiceNames, s.ServiceRefs})
	if len(b.Problems) > 0 {
		return b
	}
	if len(names.services) > 0 {
		b.Fields = []binding.Field{{Path: "resources", Values: names.serviceARNs()}}
	} else {
		b.Fields = []binding.Field{{Path: "detail.clusterArn", Values: names.clusterARNs()}}
	}
	b.Grants = []binding.Grant{names.lookup()}
	return b
}
