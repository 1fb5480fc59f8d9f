package watch

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Terminations sees instances that an Auto Scaling group terminated, and those that
// it could not terminate, whatever the cause.
//
// Auto Scaling sends these events on a best-effort basis:
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/automating-ec2-auto-scaling-with-eventbridge.html
type Terminations struct {
	// AutoScalingGroupNames are the names of the Auto Scaling groups.
	//
	// Default: none; then set AutoScalingGroupRefs.
	AutoScalingGroupNames []string

	// AutoScalingGroupRefs are Auto Scaling groups of the app, or imported into it.
	//
	// Default: none; then set AutoScalingGroupNames.
	AutoScalingGroupRefs []awsautoscaling.IAutoScalingGroup

	// Causes are the causes of a termination that are reported. Name CauseUnknown among
	// them, or a termination that AWS describes in new words is not reported. One that
	// failed always is.
	//
	// Default: failed health checks of every kind, instances that shut themselves down, and
	// causes that could not be classified.
	Causes []Cause

	// Who looks up in CloudTrail who terminated or stopped an instance through EC2's API. It
	// may take 15 minutes until CloudTrail knows. The function then may read the account's
	// CloudTrail events of the region.
	//
	// Default: it is not looked up, unless a Deployments watch of the Eye sets its Who.
	Who bool
}

var _ Watch = Terminations{}

// Cause says why a group terminated an instance. AWS describes it in prose, which the
// notifier classifies; what it cannot classify is [CauseUnknown].
type Cause string

// The causes of a termination.
const (
	CauseELBHealthCheck    Cause = Cause(wire.CauseELBHealthCheck)
	CauseEC2StatusCheck    Cause = Cause(wire.CauseEC2StatusCheck)
	CauseApplicationCheck  Cause = Cause(wire.CauseApplicationCheck) // EC2's application status checks
	CauseEBSHealthCheck    Cause = Cause(wire.CauseEBSHealthCheck)
	CauseCustomHealthCheck Cause = Cause(wire.CauseCustomHealthCheck)
	CauseShutdown          Cause = Cause(wire.CauseShutdown) // by the instance's own operating system
	CauseScaleIn           Cause = Cause(wire.CauseScaleIn)
	CauseUserRequest       Cause = Cause(wire.CauseUserRequest)
	CauseInstanceRefresh   Cause = Cause(wire.CauseInstanceRefresh)
	CauseRebalance         Cause = Cause(wire.CauseRebalance)
	CauseSpot              Cause = Cause(wire.CauseSpot)
	CauseLifetime          Cause = Cause(wire.CauseLifetime) // the group's maximum instance lifetime
	CauseUnknown           Cause = Cause(wire.CauseUnknown)
)

// AllCauses returns all causes of a termination, scale-in included.
func AllCauses() []Cause { return convert[Cause](wire.AllCauses()) }

// Bind implements [Watch].
func (t Terminations) Bind(scope constructs.Construct) binding.Watch {
	b := onGroups("Terminations", scope, t.AutoScalingGroupNames, t.AutoScalingGroupRefs, "EC2 Instance Terminate Successful", "EC2 Instance Terminate Unsuccessful")
	binding.CheckChoices(&b.Problems, "Terminations.Causes", t.Causes, AllCauses())
	causes := convert[wire.Cause](t.Causes)
	b.Wire = wire.Watch{Terminations: &wire.Terminations{Causes: causes, Who: t.Who}}
	b.WithReleases = func(r wire.Releases) wire.Watch {
		return wire.Watch{Terminations: &wire.Terminations{Causes: causes, Who: t.Who, Releases: &r}}
	}
	b.Grants = []binding.Grant{
		describeInstances(),
		getConsoleOutput(scope),
		describeGroups(),
		scalingActivities(),
		unscoped("ec2:DescribeApplicationStatus", "which finds why an instance failed its application status check", "list_amazonec2"),
	}
	if t.Who {
		b.Grants = append(b.Grants, lookupEvents())
	}
	return b
}

// getConsoleOutput lets the notifier read the console of a terminated instance.
func getConsoleOutput(scope constructs.Construct) binding.Grant {
	return binding.Grant{
		Actions:   []string{"ec2:GetConsoleOutput"},
		Resources: []string{binding.ARNsOf(scope, "ec2") + "instance/*"},
		Broad:     "ec2:GetConsoleOutput, which finds why a terminated instance crashed, is granted for all instances: their ids are not known in advance, and the tag that names their group may be gone with them",
	}
}
