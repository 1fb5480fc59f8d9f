package watch

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// InstanceRefreshes sees what becomes of the instance refreshes of Auto Scaling
// groups.
//
// Auto Scaling sends these events on a best-effort basis:
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/automating-ec2-auto-scaling-with-eventbridge.html
type InstanceRefreshes struct {
	// AutoScalingGroupNames are the names of the Auto Scaling groups.
	//
	// Default: none; then set AutoScalingGroupRefs.
	AutoScalingGroupNames []string

	// AutoScalingGroupRefs are Auto Scaling groups of the app, or imported into it.
	//
	// Default: none; then set AutoScalingGroupNames.
	AutoScalingGroupRefs []awsautoscaling.IAutoScalingGroup

	// States are the states that are reported.
	//
	// Default: RefreshSucceeded, RefreshFailed, RefreshCancelled, and those of a
	// rollback.
	States []RefreshState
}

var _ Watch = InstanceRefreshes{}

// RefreshState is what happened to an instance refresh, as the name of its event says it.
type RefreshState string

// The states of an instance refresh.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
const (
	RefreshStarted           RefreshState = "Started"
	RefreshCheckpointReached RefreshState = "Checkpoint Reached"
	RefreshStartedBaking     RefreshState = "Started Baking"
	RefreshSucceeded         RefreshState = "Succeeded"
	RefreshFailed            RefreshState = "Failed"
	RefreshCancelled         RefreshState = "Cancelled" //nolint:misspell // as AWS spells it
	RefreshRollbackStarted   RefreshState = "Rollback Started"
	RefreshRollbackSucceeded RefreshState = "Rollback Succeeded"
	RefreshRollbackFailed    RefreshState = "Rollback Failed"
)

// AllRefreshStates returns all states of an instance refresh.
func AllRefreshStates() []RefreshState {
	return append([]RefreshState{RefreshStarted, RefreshCheckpointReached, RefreshStartedBaking}, refreshEnds()...)
}

// refreshEnds are what is reported by default: an end, or a rollback.
func refreshEnds() []RefreshState {
	return []RefreshState{
		RefreshSucceeded, RefreshFailed, RefreshCancelled,
		RefreshRollbackStarted, RefreshRollbackSucceeded, RefreshRollbackFailed,
	}
}

// Bind implements [Watch].
func (r InstanceRefreshes) Bind(scope constructs.Construct) binding.Watch {
	b := onGroups("InstanceRefreshes", scope, r.AutoScalingGroupNames, r.AutoScalingGroupRefs)
	for _, s := range orDefault(r.States, refreshEnds()) {
		b.DetailTypes = append(b.DetailTypes, "EC2 Auto Scaling Instance Refresh "+string(s))
	}
	b.Wire = wire.Watch{InstanceRefreshes: &wire.InstanceRefreshes{}}
	b.Grants = []binding.Grant{
		unscoped("autoscaling:DescribeInstanceRefreshes", "which finds why a refresh ended", "list_amazonec2autoscaling"),
		describeGroups(),
	}
	binding.CheckChoices(&b.Problems, "InstanceRefreshes.States", r.States, AllRefreshStates())
	return b
}
