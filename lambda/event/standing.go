package event

import (
	"fmt"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// autoScalingGroup reads the group's name, from the detail or else from the resources.
func autoScalingGroup(e *Event, detail fields) string {
	return or(detail.text("AutoScalingGroupName"), e.resource(":autoScalingGroupName/"))
}

// words say how a group stands: "2 of 4 healthy, 4 desired (1 to 8)".
func (f Fleet) words() string {
	healthy := "no instances"
	if f.Total > 0 {
		healthy = fmt.Sprintf("%d of %d healthy", f.Healthy, f.Total)
	}
	return fmt.Sprintf("%s, %d desired (%d to %d)", healthy, f.Desired, f.Min, f.Max)
}

// standing says how a group stands, or "" if that is not known.
func standing(f Finding[Fleet]) string {
	if !f.Known {
		return ""
	}
	return f.Value.words()
}

// worsen makes a notice of something wrong critical if a group that should have healthy
// instances has none.
func (f Fleet) worsen(n *notice.Notice) {
	if n.Status == notice.Open && f.Desired > 0 && f.Healthy == 0 {
		n.Severity = notice.Critical
	}
}

// tell adds what an instance was, in the zone that the event names if it does. Its
// name and its group stand further up.
func (m Machine) tell(n *notice.Notice, zone string, now time.Time) {
	n.Add("Zone", or(zone, m.Zone), "")
	n.Add("Type", m.Type, "")
	n.Add("Image", m.Image, "")
	n.Add("Launched", notice.Moment(m.Launched, now), "")
	n.Add("EC2 state", m.State, "")
	n.Add("EC2 says", m.StateReason, "")
}
