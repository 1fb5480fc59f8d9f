package fakeaws

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
)

func init() {
	operations["autoscaling.DescribeAutoScalingGroups"] = Account.describeAutoScalingGroups
	operations["autoscaling.DescribeAutoScalingInstances"] = Account.describeAutoScalingInstances
	operations["autoscaling.DescribeInstanceRefreshes"] = Account.describeInstanceRefreshes
	operations["autoscaling.DescribeLifecycleHooks"] = Account.describeLifecycleHooks
	operations["autoscaling.DescribeScalingActivities"] = Account.describeScalingActivities
}

// autoScaling is the namespace of Auto Scaling's answers.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Operations.html
const autoScaling = "http://autoscaling.amazonaws.com/doc/2011-01-01/"

// describeAutoScalingGroups says that each group that is asked for lacks an instance.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html
func (a Account) describeAutoScalingGroups(r Request) answer.Answer {
	groups := el("AutoScalingGroups")
	for _, name := range r.list("AutoScalingGroupNames.member.") {
		instances := el("Instances")
		for n, state := range []string{"InService", "InService", "InService", "Pending"} {
			instances.Children = append(instances.Children, el("member",
				el("InstanceId", instanceID(name, fmt.Sprint(n))), el("AvailabilityZone", a.event.Region+string(rune('a'+n%3))),
				el("LifecycleState", state), el("HealthStatus", "Healthy"), el("ProtectedFromScaleIn", "false")))
		}
		groups.Children = append(groups.Children, el("member",
			el("AutoScalingGroupName", name), el("MinSize", 2), el("MaxSize", 8), el("DesiredCapacity", 4),
			el("HealthCheckType", "ELB"), instances))
	}
	return queryAnswer(autoScaling, "DescribeAutoScalingGroups", groups)
}

// describeAutoScalingInstances says that an instance waits for its lifecycle hook,
// or that it no longer does.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingInstances.html
func (a Account) describeAutoScalingInstances(r Request) answer.Answer {
	state := "InService"
	switch {
	case a.hints.Continued:
	case strings.HasSuffix(a.event.Detail.LifecycleTransition, "_LAUNCHING"):
		state = "Pending:Wait"
	case strings.HasSuffix(a.event.Detail.LifecycleTransition, "_TERMINATING"):
		state = "Terminating:Wait"
	}
	all := el("AutoScalingInstances")
	for _, id := range r.list("InstanceIds.member.") {
		all.Children = append(all.Children, el("member",
			el("InstanceId", id), el("InstanceType", "m7g.large"), el("AutoScalingGroupName", a.scalingGroup()),
			el("AvailabilityZone", a.event.Region+"a"), el("LifecycleState", state), el("HealthStatus", "HEALTHY"), el("ProtectedFromScaleIn", "false")))
	}
	return queryAnswer(autoScaling, "DescribeAutoScalingInstances", all)
}

// describeLifecycleHooks describes the hooks that are asked for by name. Otherwise it says that
// the group has the hook of CodeDeploy.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeLifecycleHooks.html
func (a Account) describeLifecycleHooks(r Request) answer.Answer {
	names := r.list("LifecycleHookNames.member.")
	if all := a.applications(); len(names) == 0 && len(all) > 0 {
		names = []string{"CodeDeploy-managed-automatic-launch-deployment-hook-" + a.groupOf(all[0]) + "-" + RequestID}
	}
	hooks := el("LifecycleHooks")
	for _, name := range names {
		hooks.Children = append(hooks.Children, el("member",
			el("LifecycleHookName", name), el("AutoScalingGroupName", r.form.Get("AutoScalingGroupName")),
			el("LifecycleTransition", cmp.Or(a.event.Detail.LifecycleTransition, "autoscaling:EC2_INSTANCE_LAUNCHING")),
			el("HeartbeatTimeout", 3600), el("GlobalTimeout", 172800), el("DefaultResult", "ABANDON")))
	}
	return queryAnswer(autoScaling, "DescribeLifecycleHooks", hooks)
}

// refresh is a state of an instance refresh.
type refresh struct {
	ending, status     string
	percent, remaining int // complete, and instances to update
	reason             string
}

// refreshes are the states of an instance refresh, by the end of the detail-type.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRefresh.html
var refreshes = []refresh{
	{"Rollback Started", "RollbackInProgress", 0, 2, ""},
	{"Rollback Succeeded", "RollbackSuccessful", 100, 0, ""},
	{"Rollback Failed", "RollbackFailed", 50, 1, "The rollback failed: an instance could not be launched from the earlier launch template version."},
	{"Refresh Started", "InProgress", 0, 4, ""},
	{"Checkpoint Reached", "InProgress", 50, 2, "The refresh waits at a checkpoint before it goes on."},
	{"Started Baking", "Baking", 100, 0, ""},
	{"Succeeded", "Successful", 100, 0, ""},
	{"Cancelled", "Cancelled", 25, 3, "Cancelled by a user."}, //nolint:misspell // as AWS spells it
	{"Failed", "Failed", 50, 2, "An instance failed its health checks after it was launched and could not be replaced in time."},
}

// describeInstanceRefreshes describes the refreshes that are asked for.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeInstanceRefreshes.html
func (a Account) describeInstanceRefreshes(r Request) answer.Answer {
	all := el("InstanceRefreshes")
	for _, id := range r.list("InstanceRefreshIds.member.") {
		all.Children = append(all.Children, el("member",
			el("InstanceRefreshId", id), el("AutoScalingGroupName", r.form.Get("AutoScalingGroupName")), a.event.refresh()))
	}
	return queryAnswer(autoScaling, "DescribeInstanceRefreshes", all)
}

// refresh is how far a refresh is by the time of the event.
func (e event) refresh() []element {
	i := slices.IndexFunc(refreshes, func(r refresh) bool { return strings.HasSuffix(e.DetailType, r.ending) })
	if i < 0 {
		return nil
	}
	r := refreshes[i]
	found := []element{
		el("Status", r.status), el("PercentageComplete", r.percent), el("InstancesToUpdate", r.remaining),
		el("StartTime", e.Time.Add(-23*time.Minute)),
	}
	if r.reason != "" {
		found = append(found, el("StatusReason", r.reason))
	}
	if strings.HasPrefix(r.status, "Rollback") {
		found = append(found, el("RollbackDetails",
			el("RollbackReason", "An alarm of the refresh is in the ALARM state."), el("RollbackStartTime", e.Time.Add(-4*time.Minute)),
			el("PercentageCompleteOnRollback", 50), el("InstancesToUpdateOnRollback", 2)))
	}
	if !slices.Contains([]string{"InProgress", "Baking", "RollbackInProgress"}, r.status) {
		found = append(found, el("EndTime", e.Time))
	}
	return found
}

// scalingGroup is the Auto Scaling group that the event is about, or that the watch
// of Spot instances names.
func (a Account) scalingGroup() string {
	if spot := a.watch.SpotInterruptions; spot != nil && len(spot.Groups) > 0 {
		return spot.Groups[0]
	}
	return a.event.Detail.AutoScalingGroupName
}
