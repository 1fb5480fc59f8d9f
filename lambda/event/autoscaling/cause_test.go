package autoscaling

import (
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
)

func TestClassifyCause(t *testing.T) {
	const at = "At 2022-12-23T19:00:11Z "
	const taken = at + "an instance was taken out of service in response to "
	const alarm = at + "a monitor alarm low in state ALARM triggered policy shrink changing the desired capacity from 3 to 2."
	const difference = taken + "a difference between desired and actual capacity, shrinking the capacity from 3 to 2."
	tests := []struct {
		text string
		want wire.Cause
	}{
		{taken + "an ELB system health check failure.", wire.CauseELBHealthCheck},
		{taken + "a ELB system health check failure.", wire.CauseELBHealthCheck},
		{taken + "an ELB health check failure.", wire.CauseELBHealthCheck},
		{"an instance was taken out of service in response to an ELB system health check failure", wire.CauseELBHealthCheck},
		{taken + "a VPC Lattice health check failure.", wire.CauseELBHealthCheck},
		{taken + "an EC2 health check indicating it has been terminated or stopped.", wire.CauseEC2StatusCheck},
		{taken + "a EC2 health check indicating it has been terminated or stopped.", wire.CauseEC2StatusCheck},
		{taken + "an EC2 instance status check failure.", wire.CauseEC2StatusCheck},
		{taken + "an EC2 instance status checks failure.", wire.CauseEC2StatusCheck},
		{taken + "an EC2 system status check failure.", wire.CauseEC2StatusCheck},
		{taken + "an EC2 scheduled reboot.", wire.CauseEC2StatusCheck},
		{taken + "an EC2 scheduled retirement.", wire.CauseEC2StatusCheck},
		{taken + "an EBS volume health check failure.", wire.CauseEBSHealthCheck},
		{taken + "a user health-check.", wire.CauseCustomHealthCheck},
		{taken + "a custom health check failure.", wire.CauseCustomHealthCheck},
		{difference, wire.CauseScaleIn},
		{alarm + "  " + difference + "  " + at + "instance i-0 was selected for termination.", wire.CauseScaleIn},
		{alarm, wire.CauseScaleIn},
		{at + "a scheduled action update of AutoScalingGroup constraints to min: 1, max: 5, desired: 2 changing the desired capacity from 3 to 2.", wire.CauseScaleIn},
		{at + "a user request update of AutoScalingGroup constraints to min: 0, max: 4, desired: 0 changing the desired capacity from 1 to 0.  " + difference, wire.CauseScaleIn},
		{at + "a user request update of AutoScalingGroup constraints to min: 0, max: 4, desired: 0 changing the desired capacity from 1 to 0.", wire.CauseUserRequest},
		{at + "instance i-0 was taken out of service in response to a user request, shrinking the capacity from 2 to 1.", wire.CauseUserRequest},
		{at + "instance i-0 was taken out of service in response to a user request.", wire.CauseUserRequest},
		{taken + "an instance refresh.  " + at + "instance i-0 was selected for termination.", wire.CauseInstanceRefresh},
		{taken + "an EC2 instance rebalance recommendation.", wire.CauseRebalance},
		{taken + "a capacity rebalancing.", wire.CauseRebalance},
		{taken + "an EC2 Spot interruption notice.", wire.CauseSpot},
		{taken + "the maximum instance lifetime having been reached.", wire.CauseLifetime},

		// Names are the user's own and must not be taken for AWS's words.
		{at + "a monitor alarm elb health check in state ALARM triggered policy spot lifetime changing the desired capacity from 3 to 2.", wire.CauseScaleIn},
		{at + "a monitor alarm an instance refresh. in state ALARM triggered policy p changing the desired capacity from 3 to 2.  " + difference, wire.CauseScaleIn},
		{taken + "an ELB system health check failure.  " + at + "instance spot-lifetime was selected for termination.", wire.CauseELBHealthCheck},

		{"", wire.CauseUnknown},
		{"description-text", wire.CauseUnknown},
		{taken, wire.CauseUnknown},
		{taken + "something AWS has not said before.", wire.CauseUnknown},
		{taken + "something AWS has not said before.  " + alarm, wire.CauseScaleIn},
		{"At ", wire.CauseUnknown},
		{"the elb health check was fine", wire.CauseUnknown},
	}
	for _, tt := range tests {
		if got := classifyCause(tt.text); got != tt.want {
			t.Errorf("classifyCause(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestEveryCauseHasText walks the causes, so that none is reported without a title.
func TestEveryCauseHasText(t *testing.T) {
	for _, c := range wire.AllCauses() {
		if causes[c].name == "" || causes[c].lead == "" || causes[c].in == "" {
			t.Errorf("cause %q has no text: add it to causes", c)
		}
	}
}
