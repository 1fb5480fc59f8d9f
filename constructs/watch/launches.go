package watch

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Launches sees instances that an Auto Scaling group could not launch: no capacity,
// a bad launch template, a key that it may not use. With Successful it sees those that it
// launched, too.
//
// Auto Scaling sends these events on a best-effort basis:
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/automating-ec2-auto-scaling-with-eventbridge.html
type Launches struct {
	// AutoScalingGroupNames are the names of the Auto Scaling groups.
	//
	// Default: none; then set AutoScalingGroupRefs.
	AutoScalingGroupNames []string

	// AutoScalingGroupRefs are Auto Scaling groups of the app, or imported into it.
	//
	// Default: none; then set AutoScalingGroupNames.
	AutoScalingGroupRefs []awsautoscaling.IAutoScalingGroup

	// Successful reports successful launches, too. A pager's alert of a failed launch is
	// resolved by the group's next launch, if that is reported.
	//
	// Default: only launches that failed.
	Successful bool
}

var _ Watch = Launches{}

// Bind implements [Watch].
func (l Launches) Bind(scope constructs.Construct) binding.Watch {
	b := onGroups("Launches", scope, l.AutoScalingGroupNames, l.AutoScalingGroupRefs, "EC2 Instance Launch Unsuccessful")
	if l.Successful {
		b.DetailTypes = append(b.DetailTypes, "EC2 Instance Launch Successful")
	}
	b.Wire = wire.Watch{Launches: &wire.Launches{}}
	b.Grants = []binding.Grant{describeInstances(), describeGroups()}
	return b
}
