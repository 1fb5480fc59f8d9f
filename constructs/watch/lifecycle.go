package watch

import (
	"cmp"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Lifecycle sees instances that wait for a lifecycle hook to be completed, and still
// wait after a while. A state machine waits that long and hands the event to the
// notifier, which looks up whether the instance is still waiting, or is retained.
//
// For every event the state machine takes three steps. 4,000 steps a month are free; 1,000
// more cost about $0.03:
// https://aws.amazon.com/step-functions/pricing/
//
// A sink that the rule itself delivers to (Queue, Bus, LogGroup) gets the raw event of
// every hook, and gets it at once. It needs no state machine.
//
// Auto Scaling sends these events on a best-effort basis:
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/automating-ec2-auto-scaling-with-eventbridge.html
type Lifecycle struct {
	// AutoScalingGroupNames are the names of the Auto Scaling groups.
	//
	// Default: none; then set AutoScalingGroupRefs.
	AutoScalingGroupNames []string

	// AutoScalingGroupRefs are Auto Scaling groups of the app, or imported into it.
	//
	// Default: none; then set AutoScalingGroupNames.
	AutoScalingGroupRefs []awsautoscaling.IAutoScalingGroup

	// After is how long an instance may wait before it is reported: whole seconds, up to
	// 48 hours. It should be less than the hook's own timeout, after which no instance
	// waits.
	//
	// Default: 10 minutes.
	After time.Duration
}

var _ Watch = Lifecycle{}

// How long an instance can wait for its hooks.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html
const (
	defaultWait = 10 * time.Minute
	longestWait = 48 * time.Hour
)

// Bind implements [Watch].
func (l Lifecycle) Bind(scope constructs.Construct) binding.Watch {
	b := onGroups("Lifecycle", scope, l.AutoScalingGroupNames, l.AutoScalingGroupRefs, "EC2 Instance-launch Lifecycle Action", "EC2 Instance-terminate Lifecycle Action")
	after := cmp.Or(l.After, defaultWait)
	if after < 0 || after > longestWait || after%time.Second != 0 {
		b.Problemf(binding.BadSetting, "Lifecycle.After is %s; it must be whole seconds, and at most %s, which is as long as an instance can wait", after, longestWait)
	}
	b.Waits = true
	b.Wire = wire.Watch{Lifecycle: &wire.Lifecycle{AfterSeconds: int(after / time.Second)}}
	b.Grants = []binding.Grant{
		unscoped("autoscaling:DescribeAutoScalingInstances", "which finds whether an instance still waits", "list_amazonec2autoscaling"),
		unscoped("autoscaling:DescribeLifecycleHooks", "which finds what happens when nobody completes the hook", "list_amazonec2autoscaling"),
		describeInstances(),
	}
	return b
}
