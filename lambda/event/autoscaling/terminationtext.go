package autoscaling

import (
	"cmp"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/notice"
)

// title says what happened to which instance, the strongest evidence first.
func (t *Termination) title() string {
	text := textOf(t.cause())
	name, _ := ec2.Names(t.InstanceID, t.Instance.Value.Name, "")
	named := func(in string) string {
		group := cmp.Or(t.GroupName, "an unnamed group")
		if strings.Contains(name, group) { // many names contain the group's
			return name
		}
		return name + " " + in + " " + group
	}
	switch crashed := t.crashed(); {
	case t.Failed:
		return "Auto Scaling could not terminate " + named("in")
	case t.Gone && text.cause != wire.CauseSpot:
		return t.goneTitle(named("in"))
	case crashed != "":
		return named("in") + " " + crashed + "; " + t.fate()
	default:
		return event.Capital(t.causeName()) + " " + text.verb + " " + named(text.in)
	}
}

// fate says what happened to an instance that crashed.
func (t *Termination) fate() string {
	switch {
	case t.Cause != wire.CauseUnknown:
		return "killed by its " + t.causeName()
	case t.causeName() == newCheck.name:
		return "killed by a health check"
	default:
		return "terminated for an unknown cause"
	}
}

// beginning is the first sentence of the summary, without its end.
func (t *Termination) beginning() string {
	_, instance := ec2.Names(t.InstanceID, t.Instance.Value.Name, cmp.Or(t.GroupName, "without a name"))
	switch crashed := t.crashed(); {
	case t.Failed:
		return "Auto Scaling could not terminate instance " + instance + ": " + cmp.Or(event.Quoted(t.StatusText), "AWS does not say why")
	case t.Gone:
		return "Auto Scaling found instance " + instance + " " + t.goneState() + ": " + t.goneWhy()
	case crashed != "":
		return "Instance " + instance + " " + crashed + " and was " + t.fate()
	case t.causeName() == unknownReason.name:
		return "Auto Scaling terminated instance " + instance + " for a reason that extraeye could not classify"
	default:
		return "Auto Scaling terminated instance " + instance + "; cause: " + t.causeName()
	}
}

// more are the parts of the second sentence. Of something wrong it says how often it happens,
// and how the group is.
func (t *Termination) more(n *notice.Notice, similar frequency, crashes crashCount) []string {
	if n.Status != notice.Open {
		return nil
	}
	more := []string{t.failedService(), crashes.text()}
	if similar.many() {
		more = append(more, t.alike()+": "+similar.text())
	}
	return append(more, event.Labeled("the group has ", capacityOf(t.Group)))
}

// alike says which terminations are counted with this one. Unknown causes need not be the
// same.
func (t *Termination) alike() string {
	switch {
	case t.Gone:
		return "found terminated or stopped"
	case t.Cause == wire.CauseUnknown:
		return "unknown causes"
	default:
		return "same cause"
	}
}

// pattern says how often it happens: that instances crash in the same way, and that they are
// terminated for the same cause.
func (t *Termination) pattern(similar frequency, crashes crashCount) string {
	if crashes.text() == "" && !t.Gone {
		return similar.text()
	}
	return event.Joined("\n", crashes.text(), event.Labeled(t.alike()+": ", similar.text()))
}
