package ec2

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Interruption is an instance that EC2 takes back, or may soon.
type Interruption struct {
	InstanceID string
	// Action is what EC2 does to it: terminate, stop or hibernate.
	Action string
	// At is when EC2 does it, the zero time if the event does not say.
	At time.Time
	// Reserved is true for an instance in a Capacity Reservation, false for a Spot Instance.
	Reserved bool
	// Lifecycle is the instance's purchasing option as in the event, such as
	// capacity-block.
	Lifecycle string
	// Rebalance is true for a recommendation to replace a Spot Instance, which may come
	// without an interruption.
	Rebalance bool

	// Instance is EC2's record of it.
	Instance event.Finding[Instance]
}

// decodeInterruption reads "EC2 Spot Instance Interruption Warning", "EC2 Instance Rebalance
// Recommendation" and "EC2 Capacity Reservation Instance Interruption Warning". The last is
// sent for Capacity Blocks and for interruptible Capacity Reservations.
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-monitor.html
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitor-interruptible-cr.html
func decodeInterruption(e *event.Event, detail event.Fields) event.Subject {
	return &Interruption{
		InstanceID: cmp.Or(detail.Text("instance-id"), e.Resource(":instance/")),
		Action:     strings.ToLower(detail.Text("instance-action")),
		At:         detail.Time("instance-termination-time"),
		Reserved:   strings.Contains(e.DetailType, "Capacity Reservation"),
		Lifecycle:  detail.Text("instance-lifecycle"),
		Rebalance:  e.DetailType == "EC2 Instance Rebalance Recommendation",
	}
}

// SkipReason leaves out instances of groups that the watch does not name. One whose group is
// not known is reported.
func (i *Interruption) SkipReason(w wire.Watch) string {
	group := i.Instance.Value.Group
	switch {
	case w.SpotInterruptions == nil, len(w.SpotInterruptions.Groups) == 0, !i.Instance.Known,
		slices.Contains(w.SpotInterruptions.Groups, group):
		return ""
	case group == "":
		return "the instance is in no Auto Scaling group, and the watch names groups"
	default:
		return "the instance is in group " + group + ", which the watch does not name"
	}
}

// spotNotice is how long before a Spot interruption EC2 warns of it. Hibernation begins with
// the warning.
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
const spotNotice = 2 * time.Minute

// actions are what EC2 does to an instance.
var actions = map[string]string{"terminate": "terminates", "stop": "stops", "hibernate": "hibernates"}

// Describe implements [event.Subject].
func (i *Interruption) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	record := i.Instance.Value
	name, instance := Names(i.InstanceID, record.Name, record.Group)
	until := when(i.end(e), now)

	n.Kind = notice.KindSpot
	n.Key = e.Key("ec2", i.InstanceID)
	if record.Group != "" {
		n.GroupKey = e.Key("autoscaling", record.Group) + ":spot"
	}
	switch does := cmp.Or(actions[i.Action], "takes back"); {
	case i.Rebalance:
		n.Severity, n.Status = notice.Info, notice.Marker
		n.Title = "EC2 may soon take back Spot Instance " + name
		n.Summary = "Spot Instance " + instance + " is at an elevated risk of interruption; EC2 recommends replacing it."
		until = ""
	case i.Reserved:
		n.Kind = notice.KindInstance
		n.Severity, n.Status = notice.Warning, notice.Open
		n.Title = "EC2 " + does + " " + name + event.Labeled(" at ", clock(i.At)) + ": its " + i.why()
		n.Summary = "EC2 " + does + " instance " + instance + event.Labeled(" at ", until) + ", because its " + i.why() + "."
	default:
		n.Severity, n.Status = notice.Warning, notice.Open
		n.Title = "EC2 takes back Spot Instance " + name
		n.Summary = "EC2 " + does + " Spot Instance " + instance + event.Labeled(" at ", until) + "."
	}

	console := e.Console()
	n.Add("Instance", i.InstanceID, console.Instance(i.InstanceID))
	n.Add("Name", record.Name, "")
	n.Add("Group", record.Group, console.AutoScalingGroup(record.Group))
	n.Add("Action", i.Action, "")
	n.Add("Until", until, "")
	n.Add("Purchasing option", i.Lifecycle, "")
	record.AddFacts(n, "", now)
	n.Add("Warned", notice.Moment(e.Time, now), "")
	var missing event.Gaps
	missing.Add("Instance", i.Instance.Problem)
	missing.AddTo(n)
	n.Link("Instance", console.Instance(i.InstanceID))
	n.Link("Group activity", console.GroupActivity(record.Group))
}

// why says why EC2 takes an instance of a reservation back.
func (i *Interruption) why() string {
	if i.Lifecycle == "capacity-block" {
		return "Capacity Block ends"
	}
	return "Capacity Reservation is taken back"
}

// end is when EC2 takes the instance back, the zero time if that is not known.
func (i *Interruption) end(e *event.Event) time.Time {
	switch {
	case i.Reserved || !i.At.IsZero():
		return i.At
	case i.Action == "hibernate" || e.Time.IsZero():
		return e.Time
	default:
		return e.Time.Add(spotNotice)
	}
}

// when writes a time to the second: "12:34:56 UTC, in 1 minute 40 seconds". It is "" for the
// zero time.
func when(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	at := t.UTC().Format("15:04:05 UTC")
	if left := t.Sub(now); left > 0 {
		return at + ", in " + notice.Duration(left)
	}
	if age := now.Sub(t); age > 0 {
		return at + ", " + notice.Duration(age) + " ago"
	}
	return at + ", now"
}

// clock writes a time to the minute, "" for the zero time.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("15:04 UTC")
}
