package watch

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Terminations sees instances that an Auto Scaling group terminated.
//
// Auto Scaling sends these events on a best-effort basis:
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/automating-ec2-auto-scaling-with-eventbridge.html
type Terminations struct {
	// Groups are the names of the Auto Scaling groups.
	//
	// Required.
	Groups []string

	// Causes are the causes of a termination that are told.
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

// maxGroupName is the longest name of an Auto Scaling group, in characters.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
const maxGroupName = 255

// Bind implements [Watch].
func (t Terminations) Bind(constructs.Construct) binding.Watch {
	return binding.Watch{
		Name:        "Terminations",
		Wire:        wire.Watch{Terminations: &wire.Terminations{Causes: t.Causes}},
		Source:      "aws.autoscaling",
		DetailTypes: []string{"EC2 Instance Terminate Successful"},
		Detail:      []binding.Field{{Key: "AutoScalingGroupName", Values: t.Groups, MaxLength: maxGroupName}},
		Grants: []binding.Grant{{
			Actions:   []string{"ec2:DescribeInstances"},
			Resources: []string{"*"},
			Broad:     "ec2:DescribeInstances, which finds the Name tag of a terminated instance, knows no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html",
		}},
		Problems: append(
			binding.CheckNames("Terminations.Groups", "Auto Scaling group", t.Groups, maxGroupName),
			binding.CheckChoices("Terminations.Causes", t.Causes, AllCauses)...,
		),
	}
}
