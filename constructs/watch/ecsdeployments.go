package watch

import (
	"slices"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// ECSDeployments sees the deployments that ECS itself makes of services, and lifecycle
// hooks at which one waits for approval. ECS reports that one failed only of services
// with a deployment circuit breaker or alarms.
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

	// States are the states that are reported. An event that extraeye does not know is
	// reported, whatever they are.
	//
	// Default: all but ECSDeploymentInProgress.
	States []ECSDeploymentState

	// Verdict is how long after a success it is reported how the release did, in the thread of
	// its notice: whole minutes, from 5 minutes to 6 hours. Metrics of the half hours before
	// and after it are compared, and deaths and alarms counted, as docs/releases.md describes;
	// metrics count from about 20 minutes on. It is reported only if something got worse: a
	// pager opens an alert, which the next success resolves.
	//
	// Default: none; it is not reported.
	Verdict time.Duration

	// VerdictAlways reports it even if nothing got worse.
	//
	// Default: only if something got worse.
	VerdictAlways bool
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
	ECSDeploymentWaiting     ECSDeploymentState = ECSDeploymentState(wire.ECSDeploymentWaiting) // for approval at a lifecycle hook, and whether it got it
)

// AllECSDeploymentStates returns all states of an ECS deployment.
func AllECSDeploymentStates() []ECSDeploymentState {
	return convert[ECSDeploymentState](wire.AllECSDeploymentStates())
}

// Bind implements [Watch].
func (d ECSDeployments) Bind(scope constructs.Construct) binding.Watch {
	b := binding.Watch{
		Name:        "ECSDeployments",
		Wire:        wire.Watch{ECSDeployments: &wire.ECSDeployments{States: convert[wire.ECSDeploymentState](d.States)}},
		Source:      "aws.ecs",
		DetailTypes: []string{"ECS Deployment State Change", "ECS Hook State Change"},
	}
	names := bindECS(&b, scope, ecsProps{d.ClusterNames, d.ClusterRefs, d.ServiceNames, d.ServiceRefs})
	binding.CheckChoices(&b.Problems, "ECSDeployments.States", d.States, AllECSDeploymentStates())
	b.Wire.ECSDeployments.Verdict = verdict(&b, d.Verdict, d.VerdictAlways, len(d.States) == 0 || slices.Contains(d.States, ECSDeploymentCompleted))
	if len(b.Problems) > 0 {
		return b
	}
	// The state is the notifier's to decide: AWS reports a rollback as a deployment in
	// progress, and an event that is new should not go unnoticed.
	b.Fields = []binding.Field{{Path: "resources", Values: append(names.serviceARNs(), names.deploymentARNs()...)}}
	b.Grants = []binding.Grant{names.lookup(), names.listDeployments(), names.describeDeployments()}
	if d.Verdict > 0 {
		b.Grants = append(b.Grants, names.verdictGrants()...)
	}
	return b
}
