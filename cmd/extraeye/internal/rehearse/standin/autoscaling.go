package standin

import (
	"fmt"
	"strings"
	"time"
)

// autoScaling is the namespace of Auto Scaling's answers.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Operations.html
const autoScaling = "http://autoscaling.amazonaws.com/doc/2011-01-01/"

// describeAutoScalingGroups says that each group that is asked for lacks an instance.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html
func (s Scene) describeAutoScalingGroups(r request) answer {
	event := s.subject()
	groups := el("AutoScalingGroups")
	for _, name := range r.list("AutoScalingGroupNames.member.") {
		instances := el("Instances")
		for n, state := range []string{"InService", "InService", "InService", "Pending"} {
			instances.Children = append(instances.Children, el("member",
				el("InstanceId", instanceID(name, fmt.Sprint(n))), el("AvailabilityZone", event.Region+string(rune('a'+n%3))),
				el("LifecycleState", state), el("HealthStatus", "Healthy"), el("ProtectedFromScaleIn", "false")))
		}
		groups.Children = append(groups.Children, el("member",
			el("AutoScalingGroupName", name), el("MinSize", 2), el("MaxSize", 8), el("DesiredCapacity", 4),
			el("HealthCheckType", "ELB"), instances))
	}
	return queryAnswer(autoScaling, "DescribeAutoScalingGroups", groups)
}

// describeAutoScalingInstances says that an instance waits for its lifecycle hook,
// or that it does no more.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingInstances.html
func (s Scene) describeAutoScalingInstances(r request) answer {
	event := s.subject()
	state := "InService"
	switch {
	case s.Continued:
	case strings.HasSuffix(event.Detail.LifecycleTransition, "_LAUNCHING"):
		state = "Pending:Wait"
	case strings.HasSuffix(event.Detail.LifecycleTransition, "_TERMINATING"):
		state = "Terminating:Wait"
	}
	all := el("AutoScalingInstances")
	for _, id := range r.list("InstanceIds.member.") {
		all.Children = append(all.Children, el("member",
			el("InstanceId", id), el("InstanceType", "m7g.large"), el("AutoScalingGroupName", s.scalingGroup()),
			el("AvailabilityZone", event.Region+"a"), el("LifecycleState", state), el("HealthStatus", "HEALTHY"), el("ProtectedFromScaleIn", "false")))
	}
	return queryAnswer(autoScaling, "DescribeAutoScalingInstances", all)
}

// describeLifecycleHooks tells of the hooks that are asked for.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeLifecycleHooks.html
func (s Scene) describeLifecycleHooks(r request) answer {
	hooks := el("LifecycleHooks")
	for _, name := range r.list("LifecycleHookNames.member.") {
		hooks.Children = append(hooks.Children, el("member",
			el("LifecycleHookName", name), el("AutoScalingGroupName", r.form.Get("AutoScalingGroupName")),
			el("LifecycleTransition", s.subject().Detail.LifecycleTransition), el("HeartbeatTimeout", 3600), el("GlobalTimeout", 172800),
			el("DefaultResult", "ABANDON")))
	}
	return queryAnswer(autoScaling, "DescribeLifecycleHooks", hooks)
}

// refreshes are what became of an instance refresh, by the end of the detail-type:
// status, percentage, instances to update, and the reason.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html
var refreshes = []struct {
	ending, status     string
	percent, remaining int
	reason             string
}{
	{"Rollback Started", "RollbackInProgress", 0, 2, ""},
	{"Rollback Succeeded", "RollbackSuccessful", 100, 0, ""},
	{"Rollback Failed", "RollbackFailed", 50, 1, "The rollback failed: an instance could not be launched from the earlier launch template version."},
	{"Refresh Started", "InProgress", 0, 4, ""},
	{"Checkpoint Reached", "InProgress", 50, 2, "The refresh waits at a checkpoint before it goes on."},
	{"Started Baking", "Baking", 100, 0, ""},
	{"Succeeded", "Successful", 100, 0, ""},
	{"Cancelled", "Cancelled", 25, 3, "Cancelled by a user."},
	{"Failed", "Failed", 50, 2, "An instance failed its health checks after it was launched and could not be replaced in time."},
}

// describeInstanceRefreshes tells of the refreshes that are asked for.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeInstanceRefreshes.html
func (s Scene) describeInstanceRefreshes(r request) answer {
	event := s.subject()
	all := el("InstanceRefreshes")
	for _, id := range r.list("InstanceRefreshIds.member.") {
		refresh := el("member", el("InstanceRefreshId", id), el("AutoScalingGroupName", r.form.Get("AutoScalingGroupName")))
		add := func(e element) { refresh.Children = append(refresh.Children, e) }
		for _, known := range refreshes {
			if !strings.HasSuffix(event.DetailType, known.ending) {
				continue
			}
			add(el("Status", known.status))
			add(el("PercentageComplete", known.percent))
			add(el("InstancesToUpdate", known.remaining))
			add(el("StartTime", event.Time.Add(-23*time.Minute)))
			if known.reason != "" {
				add(el("StatusReason", known.reason))
			}
			if strings.HasPrefix(known.status, "Rollback") {
				add(el("RollbackDetails",
					el("RollbackReason", "An alarm of the refresh is in the ALARM state."), el("RollbackStartTime", event.Time.Add(-4*time.Minute)),
					el("PercentageCompleteOnRollback", 50), el("InstancesToUpdateOnRollback", 2)))
			}
			if known.status != "InProgress" && known.status != "Baking" && known.status != "RollbackInProgress" {
				add(el("EndTime", event.Time))
			}
			break
		}
		all.Children = append(all.Children, refresh)
	}
	return queryAnswer(autoScaling, "DescribeInstanceRefreshes", all)
}

// scalingGroup is the Auto Scaling group that the event is about, or that the watch
// of Spot instances names.
func (s Scene) scalingGroup() string {
	if spot := s.Watch.SpotInterruptions; spot != nil && len(spot.Groups) > 0 {
		return spot.Groups[0]
	}
	return s.subject().Detail.AutoScalingGroupName
}
