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

// SpotInterruption is a Spot instance that EC2 takes back, or may soon.
type SpotInterruption struct {
	InstanceID string
	// Action is what EC2 does to it: terminate, stop or hibernate.
	Action string
	// Rebalance is true for a recommendation to replace it, which may come without an
	// interruption.
	Rebalance bool

	// Instance is what EC2 knows of it.
	Instance event.Finding[Instance]
}

// decodeSpotInterruption reads "EC2 Spot Instance Interruption Warning" and "EC2 Instance
// Rebalance Recommendation".
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html
func decodeSpotInterruption(e *event.Event, detail event.Fields) event.Subject {
	return &SpotInterruption{
		InstanceID: cmp.Or(detail.Text("instance-id"), e.Resource(":instance/")),
		Action:     strings.ToLower(detail.Text("instance-action")),
		Rebalance:  e.DetailType == "EC2 Instance Rebalance Recommendation",
	}
}

// SkipReason leaves out instances of groups that the watch does not name. One whose group is
// not known is reported.
func (s *SpotInterruption) SkipReason(w wire.Watch) string {
	group := s.Instance.Value.Group
	switch {
	case w.SpotInterruptions == nil, len(w.SpotInterruptions.Groups) == 0, !s.Instance.Known,
		slices.Contains(w.SpotInterruptions.Groups, group):
		return ""
	case group == "":
		return "the instance is of no group, and the watch names groups"
	default:
		return "the instance is of group " + group + ", which the watch does not name"
	}
}

// interruptionNotice is how long before an interruption EC2 warns of it. Hibernation begins
// with the warning.
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
const interruptionNotice = 2 * time.Minute

// actions says what EC2 does to an instance.
var actions = map[string]string{"terminate": "terminates", "stop": "stops", "hibernate": "hibernates"}

// Describe implements [event.Subject].
func (s *SpotInterruption) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	record := s.Instance.Value
	name, instance := Names(s.InstanceID, record.Name, record.Group)

	n.Kind = notice.KindSpot
	n.Key = e.Key("ec2", s.InstanceID)
	until := ""
	if s.Rebalance {
		n.Severity, n.Status = notice.Info, notice.Marker
		n.Title = "EC2 may soon take back Spot instance " + name
		n.Summary = "Spot instance " + instance + " is at an elevated risk of interruption; EC2 recommends replacing it."
	} else {
		n.Severity, n.Status = notice.Warning, notice.Open
		n.Title = "EC2 takes back Spot instance " + name
		n.Summary = "EC2 " + cmp.Or(actions[s.Action], "takes back") + " Spot instance " + instance
		if until = when(s.until(e), now); until != "" {
			n.Summary += " at " + until
		}
		n.Summary += "."
	}

	console := e.Console()
	n.Add("Instance", s.InstanceID, console.Instance(s.InstanceID))
	n.Add("Name", record.Name, "")
	n.Add("Group", record.Group, console.AutoScalingGroup(record.Group))
	n.Add("Action", s.Action, "")
	n.Add("Until", until, "")
	record.AddFacts(n, "", now)
	n.Add("Warned", notice.Moment(e.Time, now), "")
	var missing event.Gaps
	missing.Add("Instance", s.Instance.Problem)
	missing.AddTo(n)
	n.Link("Instance", console.Instance(s.InstanceID))
	n.Link("Group activity", console.GroupActivity(record.Group))
}

// until is when EC2 takes the instance back, the zero time if that is not known.
func (s *SpotInterruption) until(e *event.Event) time.Time {
	if s.Action == "hibernate" || e.Time.IsZero() {
		return e.Time
	}
	return e.Time.Add(interruptionNotice)
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
