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

// capacity says how many instances a group has: "2 of 4 healthy, 4 desired (1 to 8)". A
// retained instance costs money until someone terminates it.
func (g Group) capacity() string {
	healthy := "no instances"
	if g.Total > 0 {
		healthy = fmt.Sprintf("%d of %d healthy", g.Healthy, g.Total)
	}
	text := fmt.Sprintf("%s, %d desired (%d to %d)", healthy, g.Desired, g.Min, g.Max)
	if g.Retained > 0 {
		text += fmt.Sprintf("; %d retained and still billed", g.Retained)
	}
	return text
}

// capacityOf says how many instances a group has, "" if that is not known.
func capacityOf(g event.Finding[Group]) string {
	if !g.Known {
		return ""
	}
	return g.Value.capacity()
}

// escalate makes a notice of something wrong critical if the group should have healthy
// instances and has none.
func (g Group) escalate(n *notice.Notice) {
	if n.Status == notice.Open && g.Desired > 0 && g.Healthy == 0 {
		n.Severity = notice.Critical
	}
}
