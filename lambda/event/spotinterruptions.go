package event

import (
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Spot is a Spot instance that EC2 takes back or is likely to.
type Spot struct {
	Instance string
	// Action is what EC2 does to it: terminate, stop or hibernate.
	Action string
	// Likely says that EC2 only recommends to replace it.
	Likely bool

	// Machine is what EC2 knows of the instance. Evidence.
	Machine Finding[Machine]
}

// decodeSpot reads "EC2 Spot Instance Interruption Warning" and "EC2 Instance
// Rebalance Recommendation".
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html
func decodeSpot(e *Event, detail fields) Subject {
	return &Spot{
		Instance: or(detail.text("instance-id"), e.resource(":instance/")),
		Action:   strings.ToLower(detail.text("instance-action")),
		Likely:   e.DetailType == "EC2 Instance Rebalance Recommendation",
	}
}

func (s *Spot) unwanted(w wire.Watch) string {
	group := s.Machine.Value.Group
	switch {
	case w.SpotInterruptions == nil, len(w.SpotInterruptions.Groups) == 0, !s.Machine.Known,
		slices.Contains(w.SpotInterruptions.Groups, group):
		return ""
	case group == "":
		return "the instance is of no group, and the watch names groups"
	default:
		return "the instance is of group " + group + ", which the watch does not name"
	}
}

// spotNotice is how long before an interruption EC2 warns of it. A hibernation begins
// with the warning.
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
const spotNotice = 2 * time.Minute

// spotActions say what EC2 does to an instance.
var spotActions = map[string]string{"terminate": "terminates", "stop": "stops", "hibernate": "hibernates"}

func (s *Spot) tell(n *notice.Notice, e *Event, now time.Time) {
	m := s.Machine.Value
	name, instance := named(s.Instance, m.Name, m.Group)

	n.Kind = notice.KindSpot
	n.Key = e.key("ec2", s.Instance)
	until := ""
	if s.Likely {
		n.Severity, n.Status = notice.Info, notice.Marker
		n.Title = "EC2 may soon take back Spot instance " + name
		n.Summary = "Spot instance " + instance + " is at an elevated risk of interruption; EC2 recommends replacing it."
	} else {
		n.Severity, n.Status = notice.Warning, notice.Open
		n.Title = "EC2 takes back Spot instance " + name
		n.Summary = "EC2 " + or(spotActions[s.Action], "takes back") + " Spot instance " + instance
		if until = when(s.until(e), now); until != "" {
			n.Summary += " at " + until
		}
		n.Summary += "."
	}

	console := consoleFor(e.Region)
	n.Add("Instance", s.Instance, console.instance(s.Instance))
	n.Add("Name", m.Name, "")
	n.Add("Group", m.Group, console.group(m.Group))
	n.Add("Action", s.Action, "")
	n.Add("Until", until, "")
	m.tell(n, "", now)
	n.Add("Warned", notice.Moment(e.Time, now), "")
	var missing gaps
	missing.add("Instance", s.Machine.Problem)
	missing.tell(n)
	n.Link("Instance", console.instance(s.Instance))
	n.Link("Group activity", console.groupActivity(m.Group))
}

// until is when EC2 takes the instance back, or the zero time if that is not known.
func (s *Spot) until(e *Event) time.Time {
	if s.Action == "hibernate" || e.Time.IsZero() {
		return e.Time
	}
	return e.Time.Add(spotNotice)
}

// when says a moment to the second: "12:34:56 UTC, in 1 minute 40 seconds". It returns
// "" for the zero time.
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
