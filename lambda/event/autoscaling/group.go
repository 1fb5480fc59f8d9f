package autoscaling

import (
	"cmp"
	"fmt"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Group is Auto Scaling's record of a group.
type Group struct {
	Min, Max, Desired int
	// Healthy counts the instances that are in service and healthy, Total all but the retained
	// ones.
	Healthy, Total int
	// Retained counts the instances that were replaced but not terminated.
	Retained int
}

// groupName reads the name of the group, from the detail or else from the resources.
func groupName(e *event.Event, detail event.Fields) string {
	return cmp.Or(detail.Text("AutoScalingGroupName"), e.Resource(":autoScalingGroupName/"))
}

// groupKey identifies a group for [notice.Notice.Key].
func groupKey(e *event.Event, group string) string { return e.Key("autoscaling", group) }

// capacity says how many instances a group has: "2 of 4 healthy, 4 desired (1 to 8)". A
// retained instance costs money until someone terminates it.
func (g Group) capacity() string {
	text := fmt.Sprintf("%s, %d desired (%d to %d)", g.health(), g.Desired, g.Min, g.Max)
	if g.Retained > 0 {
		text += fmt.Sprintf("; %d retained and still billed", g.Retained)
	}
	return text
}

// health says how many instances are healthy: "2 of 4 healthy".
func (g Group) health() string {
	if g.Total == 0 {
		return "no instances"
	}
	return fmt.Sprintf("%d of %d healthy", g.Healthy, g.Total)
}

// capacityOf says how many instances a group has, "" if that is not known.
func capacityOf(g event.Finding[Group]) string {
	if !g.Known {
		return ""
	}
	return g.Value.capacity()
}

// escalate makes a notice of something wrong critical if the group should have healthy
// instances and has none, or may have none because AWS did not answer. It returns what the notice
// says if the group could not be looked up.
func escalate(n *notice.Notice, g event.Finding[Group]) (problem string) {
	before := n.Severity
	if n.Status == notice.Open && (g.Value.Desired > 0 && g.Value.Healthy == 0 || unanswered(g)) {
		n.Severity = notice.Critical
	}
	if unanswered(g) && n.Severity != before {
		return raised(g.Problem, "how many instances are healthy")
	}
	return g.Problem
}

// unanswered reports whether AWS did not answer what a severity depends on. What it refuses to
// say, or no longer knows, changes no severity: that would stay so for every notice.
func unanswered[T any](f event.Finding[T]) bool { return !f.Known && f.Temporary }

// raised says in a problem that the severity is higher for it.
func raised(problem, what string) string {
	return problem + "; severity raised because " + what + " is unknown"
}
