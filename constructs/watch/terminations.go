package watch

import (
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
	// Groups are the names of the Auto Scaling groups.
	//
	// Required.
	Groups []string

	// Causes are the causes of a termination that are told. Name Unknown among them, or
	// a termination that AWS words in a new way is not told. One that failed always is.
	//
	// Default: failed health checks of every sort, and causes that could not be placed.
	Causes []Cause
}

var _ Watch = Terminations{}

// Cause says why a group terminated an instance. AWS tells it in prose, which the
// notifier sorts; what it cannot place is [Unknown].
type Cause = wire.Cause

// The causes of a termination.
const (
	ELBHealthCheck    = wire.CauseELBHealthCheck
	EC2StatusCheck    = wire.CauseEC2StatusCheck
	EBSHealthCheck    = wire.CauseEBSHealthCheck
	CustomHealthCheck = wire.CauseCustomHealthCheck
	ScaleIn           = wire.CauseScaleIn
	UserRequest       = wire.CauseUserRequest
	InstanceRefresh   = wire.CauseInstanceRefresh
	Rebalance         = wire.CauseRebalance
	Spot              = wire.CauseSpot
	Lifetime          = wire.CauseLifetime
	Unknown           = wire.CauseUnknown
)

// AllCauses are all causes of a termination, scale-in included.
var AllCauses = wire.AllCauses

// Bind implements [Watch].
func (t Terminations) Bind(scope constructs.Construct) binding.Watch {
	b := onGroups("Terminations", t.Groups, "EC2 Instance Terminate Successful", "EC2 Instance Terminate Unsuccessful")
	b.WithReleases = func(r wire.Releases) wire.Watch {
		return wire.Watch{Terminations: &wire.Terminations{Causes: t.Causes, Releases: &r}}
	}
	b.Wire = wire.Watch{Terminations: &wire.Terminations{Causes: t.Causes}}
	b.Grants = []binding.Grant{
		describeInstances(),
		getConsoleOutput(scope),
		describeGroups(),
		unscoped("autoscaling:DescribeScalingActivities", "which finds how often instances of a group died", "list_amazonec2autoscaling"),
	}
	binding.CheckChoices(&b.Problems, "Terminations.Causes", t.Causes, AllCauses)
	return b
}

// getConsoleOutput lets the notifier read the console of a terminated instance.
func getConsoleOutput(scope constructs.Construct) binding.Grant {
	return binding.Grant{
		Actions:   []string{"ec2:GetConsoleOutput"},
		Resources: []string{arnsOf(scope, "ec2") + "instance/*"},
		Broad:     "ec2:GetConsoleOutput, which finds the last words of a terminated instance, is granted for all instances: their ids are not known beforehand, and the tag that names their group may be gone with them",
	}
}
