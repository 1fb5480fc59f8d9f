package watch

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// SpotInterruptions sees instances that EC2 is about to take back: Spot Instances, and
// instances in a Capacity Block or an interruptible Capacity Reservation that ends.
//
// EC2 sends these events on a best-effort basis:
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-monitor.html
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitor-interruptible-cr.html
type SpotInterruptions struct {
	// AutoScalingGroupNames are the names of the Auto Scaling groups whose instances are
	// reported. The events do not name the group, so the notifier looks it up; an instance
	// whose group could not be looked up is reported.
	//
	// Default: none; without AutoScalingGroupRefs, all instances of the account and region.
	AutoScalingGroupNames []string

	// AutoScalingGroupRefs are such Auto Scaling groups of the app, or imported into it.
	//
	// Default: none; without AutoScalingGroupNames, all instances of the account and region.
	AutoScalingGroupRefs []awsautoscaling.IAutoScalingGroup

	// Recommendations reports Spot Instances, too, that are at a higher risk of being taken
	// back.
	//
	// Default: only instances that are taken back.
	Recommendations bool
}

var _ Watch = SpotInterruptions{}

// Bind implements [Watch].
func (s SpotInterruptions) Bind(scope constructs.Construct) binding.Watch {
	b := binding.Watch{
		Name:   "SpotInterruptions",
		Source: "aws.ec2",
		DetailTypes: []string{
			"EC2 Spot Instance Interruption Warning",
			"EC2 Capacity Reservation Instance Interruption Warning",
			"Capacity Block Expiration Warning",
			"Capacity Block Reservation Expiration Warning", // an earlier name in AWS's documentation
		},
		Grants: []binding.Grant{describeInstances()},
	}
	groups := optional(&b, scope, autoScalingGroup, s.AutoScalingGroupNames, s.AutoScalingGroupRefs, awsautoscaling.IAutoScalingGroup.AutoScalingGroupName)
	if len(groups) > 0 {
		b.Recorded = recordedGroups(scope, groups)
	}
	b.Wire = wire.Watch{SpotInterruptions: &wire.SpotInterruptions{Groups: groups}}
	if s.Recommendations {
		b.DetailTypes = append(b.DetailTypes, "EC2 Instance Rebalance Recommendation")
	}
	return b
}
