package autoscaling

import (
	"cmp"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/notice"
)

// When Auto Scaling finds an instance terminated or stopped, it says so and no more. EC2's
// state reason says who took it down, as long as EC2 remembers the instance.

// goneCauses are the causes of an instance that was found terminated or stopped.
var goneCauses = []wire.Cause{wire.CauseEC2StatusCheck, wire.CauseSpot, wire.CauseShutdown, wire.CauseUserRequest}

// possibleCauses are what the cause may be, as far as it is known by now.
func (t *Termination) possibleCauses() []wire.Cause {
	if t.Gone && !t.Instance.Known {
		return goneCauses
	}
	return []wire.Cause{t.cause()}
}

// cause is the cause of the termination: that of AWS's text, or what EC2 says if the text
// says only that the instance was found terminated or stopped.
func (t *Termination) cause() wire.Cause {
	if t.Gone {
		switch t.goneReason().By {
		case ec2.BySpot:
			return wire.CauseSpot
		case ec2.ByItself:
			return wire.CauseShutdown
		case ec2.ByUser:
			return wire.CauseUserRequest
		}
	}
	return t.Cause
}

// causeName is what a notice calls the cause.
func (t *Termination) causeName() string {
	if c := t.cause(); t.CauseName == "" || c != t.Cause {
		return textOf(c).name
	}
	return t.CauseName
}

// goneReason is EC2's reason of an instance that was found terminated or stopped. It is zero
// if EC2 does not say: Auto Scaling terminates an instance that it found stopped, and that
// replaces the reason.
func (t *Termination) goneReason() ec2.StateReason {
	reason := ec2.ReasonOf(t.Instance.Value.StateReason)
	if reason.By != ec2.ByUser || t.Request.Value.Call != "" || !t.replaced() {
		return reason
	}
	return ec2.StateReason{}
}

// replaced reports whether EC2's state reason is no older than Auto Scaling's decision, and
// so that of its own call.
func (t *Termination) replaced() bool {
	since := t.Instance.Value.StateSince
	return !since.IsZero() && !t.Started.IsZero() && !since.Before(t.Started.Truncate(time.Second))
}

// ByCall reports whether a call of EC2's API took the instance down before Auto Scaling found
// out, or may have.
func (t *Termination) ByCall() bool {
	return t.Gone && ec2.ReasonOf(t.Instance.Value.StateReason).By == ec2.ByUser
}

// Request is a call of EC2's API.
type Request struct {
	Call string // StopInstances or TerminateInstances
	By   string // the name of the user, role or service that made it; may be empty
	At   time.Time
}

func (r Request) text() string {
	if r.Call == "" {
		return ""
	}
	return event.Joined(" at ", cmp.Or(r.By, "someone")+" ("+r.Call+")", notice.Stamp(r.At))
}

// goneState is the state in which Auto Scaling found the instance.
func (t *Termination) goneState() string {
	switch t.Request.Value.Call {
	case "StopInstances":
		return "stopped"
	case "TerminateInstances":
		return "terminated"
	}
	switch t.Instance.Value.State {
	case "stopped", "stopping":
		return "stopped"
	}
	if t.goneReason().By == ec2.ByUser || t.cause() == wire.CauseSpot {
		return "terminated"
	}
	return "terminated or stopped"
}

// goneWhy says why the instance was terminated or stopped.
func (t *Termination) goneWhy() string {
	if r := t.Request.Value; r.Call != "" {
		return cmp.Or(r.By, "someone") + " called " + r.Call
	}
	return cmp.Or(t.goneReason().Text, "EC2 does not say by whom")
}

// goneTitle is the title of an instance, named with its group, that was found terminated or
// stopped.
func (t *Termination) goneTitle(instance string) string {
	switch reason := t.goneReason(); {
	case t.cause() == wire.CauseShutdown:
		return instance + " shut itself down"
	case t.cause() == wire.CauseUserRequest:
		return cmp.Or(t.Request.Value.By, "Someone") + " " + t.goneState() + " " + instance + " through EC2's API"
	case reason.Text != "":
		return instance + " was terminated or stopped: " + reason.Text
	default:
		return instance + " was found terminated or stopped"
	}
}
