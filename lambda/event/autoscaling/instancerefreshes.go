package autoscaling

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// InstanceRefresh is an instance refresh of an Auto Scaling group.
type InstanceRefresh struct {
	ID, GroupName string
	// State is how the detail-type ends: "Started", "Rollback Failed".
	State string
	// Percent is the checkpoint that was reached, and Pause how long the refresh waits there.
	Percent string
	Pause   time.Duration

	// Info is what Auto Scaling knows of the refresh.
	Info event.Finding[InstanceRefreshInfo]
	// Group is what Auto Scaling knows of the group.
	Group event.Finding[Group]
}

// decodeInstanceRefresh reads "EC2 Auto Scaling Instance Refresh …".
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-eventbridge-events.html
func decodeInstanceRefresh(e *event.Event, detail event.Fields) event.Subject {
	r := &InstanceRefresh{
		ID:        detail.Text("InstanceRefreshId"),
		GroupName: groupName(e, detail),
		State:     strings.TrimPrefix(e.DetailType, "EC2 Auto Scaling Instance Refresh "),
		Percent:   detail.Text("CheckpointPercentage"),
	}
	if seconds, err := strconv.Atoi(detail.Text("CheckpointDelay")); err == nil {
		r.Pause = time.Duration(min(max(seconds, 0), maxPause)) * time.Second
	}
	return r
}

// maxPause is the longest that a refresh waits at a checkpoint, in seconds.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html
const maxPause = 172800

// SkipReason is always "": the rule matches the states that the watch reports.
func (r *InstanceRefresh) SkipReason(wire.Watch) string { return "" }

// refreshText says a state: in the title before the group, and in the summary after it.
type refreshText struct {
	title, summary string
	severity       notice.Severity
	status         notice.Status
}

// refreshStates are the states of a refresh. A rollback may be the first sign that the refresh
// went wrong, so it opens what the success of either resolves.
var refreshStates = map[string]refreshText{
	"Started":            {"Instance refresh started", "started", notice.Info, notice.Marker},
	"Succeeded":          {"Instance refresh succeeded", "succeeded", notice.Info, notice.Resolved},
	"Failed":             {"Instance refresh failed", "failed", notice.Error, notice.Open},
	"Cancelled":          {"Instance refresh canceled", "was canceled; what it replaced stays replaced", notice.Warning, notice.Open}, //nolint:misspell // as AWS spells it
	"Checkpoint Reached": {"Instance refresh reached a checkpoint", "reached a checkpoint", notice.Info, notice.Marker},
	"Started Baking":     {"Instance refresh is baking", "replaced its instances and waits for its bake time", notice.Info, notice.Marker},
	"Rollback Started":   {"Rolling back instance refresh", "is being rolled back", notice.Warning, notice.Open},
	"Rollback Succeeded": {"Instance refresh was rolled back", "was rolled back", notice.Warning, notice.Resolved},
	"Rollback Failed":    {"Rollback of instance refresh failed", "could not be rolled back", notice.Critical, notice.Open},
}

// Describe implements [event.Subject].
func (r *InstanceRefresh) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	text, info := refreshStates[r.State], r.Info.Value
	group := cmp.Or(r.GroupName, "an unnamed group")
	n.Kind = notice.KindInstanceRefresh
	n.Severity, n.Status = text.severity, text.status
	groupProblem := escalate(n, r.Group)
	n.Key = groupKey(e, r.GroupName) + ":refresh"
	at := ""
	if r.Percent != "" {
		at = " at " + r.Percent + "%"
	}
	n.Title = text.title + at + ": " + group
	n.Summary = "The instance refresh of group " + group + " " + text.summary + at
	if r.Pause > 0 {
		n.Summary += ", and goes on after " + notice.Duration(r.Pause)
	}
	if n.Severity == notice.Info {
		n.Summary += "."
	} else {
		n.Summary += event.Labeled(": ", event.Quoted(cmp.Or(info.RollbackReason, info.Reason)))
		n.Summary = event.Sentences(n.Summary, event.Labeled("the group has ", capacityOf(r.Group)))
	}

	console := e.Console()
	n.Add("Group", r.GroupName, console.AutoScalingGroup(r.GroupName))
	n.Add("State", r.State, "")
	if !strings.HasPrefix(r.State, "Rollback") { // whose progress counts down to nothing
		n.Add("Progress", info.progress(), "")
	}
	n.Add("Capacity", capacityOf(r.Group), "")
	e.AddTimes(n, info.Started, info.Ended, now)
	n.Add("Refresh", r.ID, "")
	n.Add("AWS says", event.Joined("\n", info.RollbackReason, info.Reason), "")
	var missing event.Gaps
	missing.Add("Details", r.Info.Problem)
	missing.Add("Group", groupProblem)
	missing.AddTo(n)
	n.Link("Instance refreshes", console.GroupRefreshes(r.GroupName))
	n.Link("Group activity", console.GroupActivity(r.GroupName))
}

// progress says how much of a refresh is done, "" if nothing is or that is not known.
func (i InstanceRefreshInfo) progress() string {
	if i.Percent == 0 && i.Remaining == 0 {
		return ""
	}
	done := fmt.Sprintf("%d%% complete", i.Percent)
	if i.Remaining > 0 {
		done += ", " + notice.Count(i.Remaining, "instance") + " to update"
	}
	return done
}
