package watch

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

const (
	// maxECSName is the longest name of a cluster or a service, in characters.
	//
	// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
	maxECSName = 255
	// maxECSPrefix is longer than
	// "arn:aws-us-gov:ecs:us-gov-west-1:123456789012:service-deployment/" can be for any
	// partition and region.
	maxECSPrefix = 70
	// serviceDeployment is the type of a service deployment in its ARN.
	serviceDeployment = "service-deployment"
)

var (
	cluster    = binding.Kind{What: "cluster", Names: "ClusterNames", Refs: "ClusterRefs", MaxLength: maxECSPrefix + maxECSName, ARN: ":cluster/"}
	ecsService = binding.Kind{What: "service", Names: "ServiceNames", Refs: "ServiceRefs", MaxLength: maxECSName}
)

// ecsProps are what three watches have in common.
type ecsProps struct {
	clusters    []string
	clusterRefs []awsecs.ICluster
	services    []string
	serviceRefs []awsecs.IService
}

// ecsNames are clusters and, if any are named, services of theirs.
type ecsNames struct {
	scope              constructs.Construct
	arn                string // how the ARNs of ECS begin here
	clusters, services []string
}

// bindECS checks what a watch names.
func bindECS(b *binding.Watch, scope constructs.Construct, props ecsProps) ecsNames {
	n := ecsNames{
		scope:    scope,
		arn:      binding.ARNsOf(scope, "ecs"),
		clusters: required(b, scope, cluster, props.clusters, props.clusterRefs, awsecs.ICluster.ClusterName),
		services: optional(b, scope, ecsService, props.services, props.serviceRefs, awsecs.IService.ServiceName),
	}
	b.Recorded = n.recorded()
	for _, name := range slices.Concat(props.clusters, props.services) {
		if !strings.HasPrefix(name, "arn:") && strings.Contains(name, "/") {
			b.Problemf(binding.BadName, "%s: %q has a slash; write clusters in ClusterNames and services in ServiceNames, each by its name alone", b.Name, name)
		}
	}
	return n
}

// clusterARNs match the clusters.
func (n ecsNames) clusterARNs() []binding.Value {
	var values []binding.Value
	for _, c := range n.clusters {
		values = append(values, n.value(n.clusterARN(c), c))
	}
	return values
}

// serviceARNs match the services, or all services of the clusters.
func (n ecsNames) serviceARNs() []binding.Value {
	var values []binding.Value
	for _, c := range n.clusters {
		for _, s := range n.services {
			values = append(values, n.value(n.within("service", c, s), c, s))
		}
		if len(n.services) == 0 {
			values = append(values, n.prefix(n.within("service", c, ""), c))
		}
	}
	return values
}

// deploymentARNs match the service deployments of the services, or of all services of the
// clusters. The ARN of one is that of its service with another type and an id.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
func (n ecsNames) deploymentARNs() []binding.Value {
	var values []binding.Value
	for _, c := range n.clusters {
		for _, s := range n.services {
			values = append(values, n.prefix(n.within(serviceDeployment, c, s)+"/", c, s))
		}
		if len(n.services) == 0 {
			values = append(values, n.prefix(n.within(serviceDeployment, c, ""), c))
		}
	}
	return values
}

// lookup lets the notifier look up the services.
func (n ecsNames) lookup() binding.Grant { return n.grant("ecs:DescribeServices", "service", "") }

// listDeployments lets the notifier find a service deployment of a service.
func (n ecsNames) listDeployments() binding.Grant {
	return n.grant("ecs:ListServiceDeployments", "service", "")
}

// describeDeployments lets the notifier look up why a deployment was rolled back, and how
// long it waits for approval.
func (n ecsNames) describeDeployments() binding.Grant {
	grant := n.grant("ecs:DescribeServiceDeployments", serviceDeployment, "/*")
	grant.Broad = "ecs:DescribeServiceDeployments is granted for the deployments of the watched services, whose ids are made by ECS"
	return grant
}

// grant allows an action on the services, or all services of the clusters, or on what they
// have.
// Which resources an action takes is in
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
func (n ecsNames) grant(action, resourceType, suffix string) binding.Grant {
	grant := binding.Grant{
		Actions: []string{action},
		Wide:    n.arn + resourceType + "/*",
		Broad:   action + " is granted for the services of the watched clusters, whose names are theirs to choose",
	}
	services := n.services
	if len(services) == 0 || len(n.clusters)*len(services) > binding.MaxGranted {
		services = []string{"*"}
	}
	for _, c := range n.clusters {
		for _, s := range services {
			grant.Resources = append(grant.Resources, n.within(resourceType, c, s)+suffix)
		}
	}
	return grant
}

// prefix matches all ARNs that begin with one that is made of these names.
func (n ecsNames) prefix(arn string, names ...string) binding.Value {
	v := n.value(arn, names...)
	v.Prefix = true
	return v
}

// value is an ARN made of these names. Its beginning is known only at deployment;
// the names are counted as they are if they are known.
func (n ecsNames) value(arn string, names ...string) binding.Value {
	v := binding.Value{Text: arn}
	if binding.IsToken(arn) {
		v.Longest = maxECSPrefix
		for _, name := range names {
			if binding.IsToken(name) {
				v.Longest += maxECSName
			} else {
				v.Longest += len([]rune(name))
			}
		}
	}
	return v
}

func (n ecsNames) clusterARN(cluster string) string {
	if n.isARN(cluster) {
		return cluster
	}
	return n.arn + "cluster/" + cluster
}

// within is the ARN of something of a type in a service; of "", how the ARNs in all services
// of the cluster begin.
func (n ecsNames) within(resourceType, cluster, service string) string {
	switch {
	case !n.isARN(cluster):
		return n.arn + resourceType + "/" + cluster + "/" + service
	case binding.IsToken(cluster):
		parts := awscdk.Fn_Split(jsii.String(":cluster/"), jsii.String(cluster), jsii.Number(2))
		return *awscdk.Fn_Join(jsii.String(":"+resourceType+"/"), parts) + "/" + service
	default:
		return strings.Replace(cluster, ":cluster/", ":"+resourceType+"/", 1) + "/" + service
	}
}

// isARN reports whether a text is an ARN, which one that is known only at deployment
// shows by what it refers to.
func (n ecsNames) isARN(text string) bool { return binding.ARN(n.scope, text) != "" }
