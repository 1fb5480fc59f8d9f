package autoscaling

import (
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
)

func TestReadReason(t *testing.T) {
	const at = "At 2022-12-23T19:00:11Z "
	const taken = at + "an instance was taken out of service in response to "
	const alarm = at + "a monitor alarm low in state ALARM triggered policy shrink changing the desired capacity from 3 to 2."
	const difference = taken + "a difference between desired and actual capacity, shrinking the capacity from 3 to 2."
	const selected = "  " + at + "instance i-0 was selected for termination."
	const balance = at + "instances were launched to balance instances in zones us-east-1a us-east-1b with other zones resulting in more than desired number of instances in the group."
	gone := reason{wire.CauseEC2StatusCheck, "EC2 health check (terminated or stopped)", true}
	of := func(c wire.Cause, name string) reason { return reason{c, name, false} }
	tests := []struct {
		text string
		want reason
	}{
		// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-healthchecks.html
		// https://docs.aws.amazon.com/autoscaling/ec2/userguide/replace-unhealthy-instance.html
		{taken + "an ELB system health check failure.", elbCheck},
		{taken + "an EC2 health check that indicated it had been terminated or stopped.", gone},
		{taken + "an EC2 instance status check failure.", of(wire.CauseEC2StatusCheck, "EC2 instance status check")},
		{taken + "an EC2 scheduled reboot.", of(wire.CauseEC2StatusCheck, "EC2 scheduled reboot")},
		{taken + "a user health-check.", customCheck},
		{taken + "EBS volume health check failure.", of(wire.CauseEBSHealthCheck, "EBS health check")},
		// https://repost.aws/knowledge-center/auto-scaling-instance-how-terminated
		{taken + "an EC2 health check indicating it has been terminated or stopped.", gone},
		{taken + "an EC2 instance status checks failure.", of(wire.CauseEC2StatusCheck, "EC2 instance status check")},
		{"an instance was taken out of service in response to an ELB system health check failure", elbCheck},
		// A gist of 2015, watchamcb/fc686c70e8c2660ee7ef, and events of 2014
		{taken + "a EC2 health check indicating it has been terminated or stopped.", gone},
		// Notifications of 2013 and 2014, published in articles on Qiita
		{taken + "a system health-check.", someCheck},
		// Public runbooks of 2024 to 2026
		{taken + "a system health-check failure.", someCheck},
		{taken + "an ELB health check failure.", elbCheck},
		{taken + "an EC2 health check.", of(wire.CauseEC2StatusCheck, "EC2 health check")},
		// Relatives of these that no published text has
		{taken + "an instance health check failure.", someCheck},
		{taken + "a ELB system health check failure.", elbCheck},
		{taken + "an EC2 system status check failure.", of(wire.CauseEC2StatusCheck, "EC2 system status check")},
		{taken + "an EC2 status check failure.", of(wire.CauseEC2StatusCheck, "EC2 status check")},
		{taken + "an EC2 scheduled retirement.", of(wire.CauseEC2StatusCheck, "EC2 scheduled retirement")},
		{taken + "an EC2 scheduled maintenance.", of(wire.CauseEC2StatusCheck, "EC2 scheduled event")},
		// The names of the health checks in
		// https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html and
		// https://docs.aws.amazon.com/autoscaling/ec2/userguide/use-application-status-checks-auto-scaling-group.html
		{taken + "an EC2 application status check failure.", applicationCheck},
		{taken + "an application status checks failure.", applicationCheck},
		{taken + "an EC2 application health check failure.", applicationCheck},
		{taken + "a VPC Lattice health check failure.", of(wire.CauseELBHealthCheck, "VPC Lattice health check")},
		{taken + "a load balancer health check failure.", elbCheck},
		{taken + "an EBS volume health check failure.", of(wire.CauseEBSHealthCheck, "EBS health check")},
		{taken + "a custom health check failure.", customCheck},
		{taken + "an external health check failure.", customCheck},

		// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-verify-scaling-activity.html
		{difference, scaleIn},
		{alarm + "  " + difference + selected, scaleIn},
		{alarm, scaleIn},
		// https://repost.aws/knowledge-center/auto-scaling-scale-down
		{at + "a scheduled action update of AutoScalingGroup constraints to min: 1, max: 5, desired: 2 changing the desired capacity from 3 to 2.", scaleIn},
		{at + "the scheduled action night executed.  " + difference, scaleIn},
		{at + "a user request update of AutoScalingGroup constraints to min: 0, max: 4, desired: 0 changing the desired capacity from 1 to 0.  " + difference, scaleIn},
		{at + "a user request update of AutoScalingGroup constraints to min: 0, max: 4, desired: 0 changing the desired capacity from 1 to 0.", userRequest},
		{at + "a user request explicitly set group desired capacity changing the desired capacity from 3 to 2.  " + difference, scaleIn},
		// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TerminateInstanceInAutoScalingGroup.html
		{at + "instance i-0 was taken out of service in response to a user request, shrinking the capacity from 2 to 1.", userRequest},
		{at + "instance i-0 was taken out of service in response to a user request.", userRequest},
		// A warm pool's activity, captured in 2026
		{at + "a user request put a new WarmPool with MinSize: 0 and MaxGroupPreparedCapacity: null changing the capacity of WarmPool from 1 to 0.", userRequest},

		// https://github.com/spacelift-io/terraform-aws-spacelift-workerpool-on-ec2/pull/97
		{balance + "  " + difference + selected, zones},
		{balance, zones},
		// A published log of 2023, without the zones
		{at + "instances were launched to balance instances in zones null with other zones resulting in more than desired number of instances in the group.  " + difference, zones},
		{at + "availability zones us-east-1a us-east-1b had 4 1 instances respectively. An instance was launched to aid in balancing the group's zones.  " + difference, zones},
		{taken + "a rebalancing of Availability Zones.", zones},
		{balance + "  " + alarm + "  " + difference, scaleIn},

		// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-capacity-rebalancing.html,
		// asg-max-instance-lifetime.html, ec2-auto-scaling-zonal-shift.html and
		// spot-instance-termination-notices.html name these; no text of an activity is published
		{taken + "an EC2 instance rebalance recommendation.", replacingSpots},
		{taken + "a capacity rebalancing.", replacingSpots},
		{taken + "a zonal shift.", of(wire.CauseRebalance, "zonal shift")},
		{taken + "an EC2 Spot interruption notice.", of(wire.CauseSpot, "Spot interruption")},
		{taken + "the maximum instance lifetime having been reached.", of(wire.CauseLifetime, "maximum instance lifetime")},
		{taken + "an instance exceeding its max instance lifetime.", of(wire.CauseLifetime, "maximum instance lifetime")},
		// https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html, an event of 2022
		{taken + "an instance refresh.  " + at + "instance i-0 was selected for termination.", of(wire.CauseInstanceRefresh, "instance refresh")},

		// Names are the user's own and must not be taken for AWS's text.
		{at + "a monitor alarm elb health check in state ALARM triggered policy spot lifetime changing the desired capacity from 3 to 2.", scaleIn},
		{at + "a monitor alarm an instance refresh. in state ALARM triggered policy p changing the desired capacity from 3 to 2.  " + difference, scaleIn},
		{taken + "an ELB system health check failure.  " + at + "instance spot-lifetime was selected for termination.", elbCheck},

		// A health check that AWS may add is called one.
		{taken + "a GPU health check failure.", newCheck},
		{taken + "a GPU health-check.", newCheck},

		{"", unknownReason},
		{"description-text", unknownReason},
		{taken, unknownReason},
		{taken + "something AWS has not said before.", unknownReason},
		{taken + "something AWS has not said before.  " + alarm, scaleIn},
		{"At ", unknownReason},
		{"the elb health check was fine", unknownReason},
	}
	read := map[string]bool{}
	for _, tt := range tests {
		got := readReason(tt.text)
		if got != tt.want {
			t.Errorf("readReason(%q) = %+v, want %+v", tt.text, got, tt.want)
		}
		read[got.name] = true
	}
	for _, p := range outOfServicePhrases {
		if !read[p.name] {
			t.Errorf("no text here means %s", p.name)
		}
	}
	for _, p := range changePhrases {
		if !read[p.name] {
			t.Errorf("no text here means %s", p.name)
		}
	}
}

// TestEveryCauseHasText walks the causes, so that none is reported without a title.
func TestEveryCauseHasText(t *testing.T) {
	for _, c := range wire.AllCauses() {
		if text := textOf(c); text.name == "" || text.verb == "" || text.in == "" {
			t.Errorf("cause %q has no text: add it to causeTexts", c)
		}
	}
}
