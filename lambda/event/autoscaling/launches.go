package autoscaling

import (
	"cmp"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Launch is an instance that an Auto Scaling group launched, or could not launch.
type Launch struct {
	GroupName  string
	InstanceID string // "" for many launches that failed
	Zone       string
	// CauseText is AWS's text about what the instance was for.
	CauseText      string
	Started, Ended time.Time

	// Failed is true if it could not be launched. Failure says why, and StatusText is AWS's
	// text about it.
	Failed     bool
	Failure    launchFailure
	StatusText string

	// Instance is EC2's record of the instance.
	Instance event.Finding[ec2.Instance]
	// Group is Auto Scaling's record of the group.
	Group event.Finding[Group]
}

// decodeLaunch reads "EC2 Instance Launch Successful" and "… Unsuccessful". The
// detail-type says whether it failed: the StatusCode of a success is "InProgress".
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
func decodeLaunch(e *event.Event, detail event.Fields) event.Subject {
	l := &Launch{
		GroupName:  groupName(e, detail),
		InstanceID: cmp.Or(detail.Text("EC2InstanceId"), e.Resource(":instance/")),
		Zone:       detail.Object("Details").Text("Availability Zone"),
		CauseText:  detail.Text("Cause"),
		Started:    detail.Time("StartTime"),
		Ended:      detail.Time("EndTime"),
		Failed:     strings.HasSuffix(e.DetailType, " Unsuccessful"),
		StatusText: detail.Text("StatusMessage"),
	}
	if l.StatusText == "" {
		_, l.StatusText, _ = strings.Cut(detail.Text("Description"), "Status Reason: ")
	}
	if l.Failed {
		l.Failure = classifyFailure(l.StatusText)
	}
	return l
}

// SkipReason is always "": the rule matches the outcomes that the watch reports.
func (l *Launch) SkipReason(wire.Watch) string { return "" }

// Describe implements [event.Subject].
func (l *Launch) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	n.Kind = notice.KindLaunch
	// The key has the group and not what failed: the next launch that succeeds means that the
	// group can launch again.
	n.Key = groupKey(e, l.GroupName) + ":launch"
	groupProblem := l.Group.Problem
	if group := cmp.Or(l.GroupName, "an unnamed group"); l.Failed {
		n.Severity, n.Status = notice.Error, notice.Open
		groupProblem = escalate(n, l.Group)
		n.Title = "Launch failed in " + group + ": " + l.reason()
		n.Summary = event.Sentences("Auto Scaling could not launch an instance for group "+group+l.why(),
			event.Labeled("the group has ", capacityOf(l.Group)))
	} else {
		name, instance := ec2.Names(l.InstanceID, l.Instance.Value.Name, "")
		n.Severity, n.Status = notice.Info, notice.Resolved
		n.Title = "Launched " + name + " in " + group
		n.Summary = "Auto Scaling launched instance " + instance + " for group " + group + "."
	}

	console := e.Console()
	n.Add("Instance", l.InstanceID, console.Instance(l.InstanceID))
	n.Add("Name", l.Instance.Value.Name, "")
	n.Add("Group", l.GroupName, console.AutoScalingGroup(l.GroupName))
	n.Add("Reason", l.reason(), "")
	n.Add("Capacity", capacityOf(l.Group), "")
	l.Instance.Value.AddFacts(n, l.Zone, now)
	e.AddTimes(n, l.Started, l.Ended, now)
	n.Add("Launched for", l.CauseText, "")
	if l.Failed {
		n.Add("AWS says", cmp.Or(l.StatusText, "nothing"), "")
	}
	var missing event.Gaps
	missing.Add("Group", groupProblem)
	if l.InstanceID != "" {
		missing.Add("Instance", l.Instance.Problem)
	}
	missing.AddTo(n)
	n.Link("Group activity", console.GroupActivity(l.GroupName))
	n.Link("Instance", console.Instance(l.InstanceID))
}

// reason says in a few words why the launch failed, "" if it did not.
func (l *Launch) reason() string { return l.Failure.detailed(l.StatusText, l.Zone) }

// why says in the summary why the launch failed, as AWS says it.
func (l *Launch) why() string {
	if text := event.Quoted(sentence(l.StatusText)); text != "" {
		return ": " + text
	}
	return "; AWS does not say why"
}
