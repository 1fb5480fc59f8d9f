package event

import (
	"fmt"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// words say how a group stands: "2 of 4 healthy, 4 desired (1 to 8)".
func (f Fleet) words() string {
	healthy := "no instances"
	if f.Total > 0 {
		healthy = fmt.Sprintf("%d of %d healthy", f.Healthy, f.Total)
	}
	return fmt.Sprintf("%s, %d desired (%d to %d)", healthy, f.Desired, f.Min, f.Max)
}

// tell adds what an instance was. An instance without a name is not worth a line.
func (m Machine) tell(n *notice.Notice, now time.Time) {
	n.Add("Type", m.Type, "")
	n.Add("Image", m.Image, "")
	n.Add("Launched", notice.Moment(m.Launched, now), "")
	n.Add("State", m.State, "")
	n.Add("EC2 says", m.StateReason, "")
}
