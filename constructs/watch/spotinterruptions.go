package watch

import (
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// SpotInterruptions sees Spot instances that EC2 is about to take back.
//
// EC2 sends these events on a best-effort basis:
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
type SpotInterruptions struct {
	// Groups are the names of the Auto Scaling groups whose instances are told. The
	// events do not name the group, so the notifier looks it up; an instance whose
	// group could not be looked up is told.
	//
	// Default: all Spot instances of the account and region.
	Groups []string

	// Recommendations tells instances, too, that are at a higher risk of being taken
	// back.
	//
	// Default: only instances that are taken back.
	Recommendations bool
}

var _ Watch = SpotInterruptions{}

// Bind implements [Watch].
func (s SpotInterruptions) Bind(constructs.Construct) binding.Watch {
	b := binding.Watch{
		Name:        "SpotInterruptions",
		Wire:        wire.Watch{SpotInterruptions: &wire.SpotInterruptions{Groups: s.Groups}},
		Source:      "aws.ec2",
		DetailTypes: []string{"EC2 Spot Instance Interruption Warning"},
		Grants:      []binding.Grant{describeInstances()},
	}
	b.CheckOptionalNames("SpotInterruptions.Groups", autoScalingGroup, s.Groups)
	if s.Recommendations {
		b.DetailTypes = append(b.DetailTypes, "EC2 Instance Rebalance Recommendation")
	}
	return b
}
