package event

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Refresh is an instance refresh of an Auto Scaling group.
type Refresh struct {
	ID, Group string
	// State is how the detail-type ends: "Started", "Rollback Failed".
	State string
	// Percent is the checkpoint that was reached, and Pause how long the refresh
	// waits there.
	Percent string
	Pause   time.Duration

	// Info is what Auto Scaling knows of the refresh. Evidence.
	Info Finding[RefreshInfo]
	// Fleet is how the group stands. Evidence.
	Fleet Finding[Fleet]
}

// decodeRefresh reads "EC2 Auto Scaling Instance Refresh …".
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-eventbridge-events.html
func decodeRefresh(e *Event, detail fields) Subject {
	r := &Refresh{
		ID:      detail.text("InstanceRefreshId"),
		Group:   autoScalingGroup(e, detail),
		State:   strings.TrimPrefix(e.DetailType, "EC2 Auto Scaling Instance Refresh "),
		Percent: detail.text("CheckpointPercentage"),
	}
	if seconds, err := strconv.Atoi(detail.text("CheckpointDelay")); err == nil {
		r.Pause = time.Duration(min(max(seconds, 0), maxPause)) * time.Second
	}
	return r
}

// maxPause is the longest that a refresh waits at a checkpoint, in seconds.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html
const maxPause = 172800

// unwanted is always "": the rule matches the states that the watch tells.
func (r *Refresh) unwanted(wire.Watch) string { return "" }

// refreshWords say a state: in the title before the group, and in a sentence after it.
type refreshWords struct {
	title, summary string
	severity       notice.Severity
	status         notice.Status
}

// refreshes are the states of a refresh. A rollback may be the first sign that one
// went wrong, so it opens what a success, of either, resolves.
var refreshes = map[string]refreshWords{
	"Started":            {"Instance refresh started", "started", notice.Info, notice.Marker},
	"Succeeded":          {"Instance refresh succeeded", "succeeded", notice.Info, notice.Resolved},
	"Failed":             {"Instance refresh failed", "failed", notice.Error, notice.Open},
	"Cancelled":          {"Instance refresh cancelled", "was cancelled; what it replaced stays replaced", notice.Warning, notice.Open},
	"Checkpoint Reached": {"Instance refresh reached a checkpoint", "reached a checkpoint", notice.Info, notice.Marker},
	"Started Baking":     {"Instance refresh is baking", "replaced its instances and waits for its bake time", notice.Info, notice.Marker},
	"Rollback Started":   {"Rolling back instance refresh", "is being rolled back", notice.Warning, notice.Open},
	"Rollback Succeeded": {"Instance refresh was rolled back", "was rolled back", notice.Warning, notice.Resolved},
	"Rollback Failed":    {"Rollback of instance refresh failed", "could not be rolled back", notice.Critical, notice.Open},
}

func (r *Refresh) tell(n *notice.Notice, e *Event, now time.Time) {
	words, info := refreshes[r.State], r.Info.Value
	group := or(r.Group, "an unnamed group")
	n.Kind = notice.KindInstanceRefresh
	n.Severity, n.Status = words.severity, words.status
	r.Fleet.Value.worsen(n)
	n.Key = e.key("autoscaling", r.Group) + ":refresh"
	at := ""
	if r.Percent != "" {
		at = " at " + r.Percent + "%"
	}
	n.Title = words.title + at + ": " + group
	n.Summary = "The instance refresh of group " + group + " " + words.summary + at
	if r.Pause > 0 {
		n.Summary += ", and goes on after " + notice.Duration(r.Pause)
	}
	if n.Severity == notice.Info {
		n.Summary += "."
	} else {
		n.Summary += labelled(": ", quoted(or(info.RollbackReason, info.Reason)))
		n.Summary = sentences(n.Summary, labelled("the group has ", standing(r.Fleet)))
	}

	console := consoleFor(e.Region)
	n.Add("Group", r.Group, console.group(r.Group))
	n.Add("State", r.State, "")
	if !strings.HasPrefix(r.State, "Rollback") { // it runs backwards then, down to nothing
		n.Add("Progress", info.progress(), "")
	}
	n.Add("Capacity", standing(r.Fleet), "")
	e.tellTimes(n, info.Started, info.Ended, now)
	n.Add("Refresh", r.ID, "")
	n.Add("AWS says", joined("\n", info.RollbackReason, info.Reason), "")
	var missing gaps
	missing.add("Details", r.Info.Problem)
	missing.add("Group", r.Fleet.Problem)
	missing.tell(n)
	n.Link("Instance refreshes", console.groupRefreshes(r.Group))
	n.Link("Group activity", console.groupActivity(r.Group))
}

// progress says how far a refresh came, or "" if nothing was done or is known.
func (i RefreshInfo) progress() string {
	if i.Percent == 0 && i.Remaining == 0 {
		return ""
	}
	done := fmt.Sprintf("%d%% complete", i.Percent)
	if i.Remaining > 0 {
		done += ", " + notice.Count(i.Remaining, "instance") + " to update"
	}
	return done
}
