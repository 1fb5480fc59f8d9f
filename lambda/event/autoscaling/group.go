package autoscaling

import (
	"cmp"
	"fmt"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// groupName reads the group's name, from the detail or else from the resources.
func groupName(e *event.Event, detail event.Fields) string {
	return cmp.Or(detail.Text("AutoScalingGroupName"), e.Resource(":autoScalingGroupName/"))
}

// capacity say how a group stands: "2 of 4 healthy, 4 desired (1 to 8)".
func (f Group) capacity() string {
	healthy := "no instances"
	if f.Total > 0 {
		healthy = fmt.Sprintf("%d of %d healthy", f.Healthy, f.Total)
	}
	return fmt.Sprintf("%s, %d desired (%d to %d)", healthy, f.Desired, f.Min, f.Max)
}

// capacityOf says how a group stands, or "" if that is not known.
func capacityOf(f event.Finding[Group]) string {
	if !f.Known {
		return ""
	}
	return f.Value.capacity()
}

// escalate makes a notice of something wrong critical if a group that should have healthy
// instances has none.
func (f Group) escalate(n *notice.Notice) {
	if n.Status == notice.Open && f.Desired > 0 && f.Healthy == 0 {
		n.Severity = notice.Critical
	}
}
