package event

import (
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Launch is an instance that an Auto Scaling group launched, or could not launch.
type Launch struct {
	Group, Instance string // a launch that failed may have no instance
	Zone            string
	// CauseText is why an instance was wanted, in AWS's words.
	CauseText      string
	Started, Ended time.Time

	// Failed says that it could not be launched, Failure why, and StatusText the
	// same in AWS's words.
	Failed     bool
	Failure    launchFailure
	StatusText string

	// Machine is what EC2 knows of the instance. Evidence.
	Machine Finding[Machine]
	// Fleet is how the group stands. Evidence.
	Fleet Finding[Fleet]
}

// decodeLaunch reads "EC2 Instance Launch Successful" and "… Unsuccessful". The
// detail-type says whether it failed: the StatusCode of a success is "InProgress".
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
func decodeLaunch(e *Event, detail fields) Subject {
	l := &Launch{
		Group:      autoScalingGroup(e, detail),
		Instance:   or(detail.text("EC2InstanceId"), e.resource(":instance/")),
		Zone:       detail.object("Details").text("Availability Zone"),
		CauseText:  detail.text("Cause"),
		Started:    detail.time("StartTime"),
		Ended:      detail.time("EndTime"),
		Failed:     strings.HasSuffix(e.DetailType, " Unsuccessful"),
		StatusText: detail.text("StatusMessage"),
	}
	if l.StatusText == "" {
		_, l.StatusText, _ = strings.Cut(detail.text("Description"), "Status Reason: ")
	}
	if l.Failed {
		l.Failure = sortFailure(l.StatusText)
	}
	return l
}

// unwanted is always "": the rule matches the outcomes that the watch tells.
func (l *Launch) unwanted(wire.Watch) string { return "" }

func (l *Launch) tell(n *notice.Notice, e *Event, now time.Time) {
	group := or(l.Group, "an unnamed group")
	n.Kind = notice.KindLaunch
	// The key names the group and not what failed: the next launch that succeeds says
	// that the group can launch again, whatever it was that kept it from doing so.
	n.Key = e.key("autoscaling", l.Group) + ":launch"
	console := consoleFor(e.Region)
	if l.Failed {
		n.Severity, n.Status = notice.Error, notice.Open
		l.Fleet.Value.worsen(n)
		n.Title = "Launch failed in " + group + ": " + string(l.Failure)
		n.Summary = "Auto Scaling could not launch an instance for group " + group
		switch {
		case l.Failure != failedUnknown:
			n.Summary += ": " + string(l.Failure)
		case l.StatusText != "":
			n.Summary += ": " + quoted(l.StatusText)
		default:
			n.Summary += "; AWS does not say why"
		}
		n.Summary = sentences(n.Summary, labelled("the group has ", standing(l.Fleet)))
	} else {
		name, instance := named(l.Instance, l.Machine.Value.Name, "")
		n.Severity, n.Status = notice.Info, notice.Resolved
		n.Title = "Launched " + name + " in " + group
		n.Summary = "Auto Scaling launched instance " + instance + " for group " + group + "."
	}

	n.Add("Instance", l.Instance, console.instance(l.Instance))
	n.Add("Name", l.Machine.Value.Name, "")
	n.Add("Group", l.Group, console.group(l.Group))
	n.Add("Reason", string(l.Failure), "")
	n.Add("Capacity", standing(l.Fleet), "")
	l.Machine.Value.tell(n, l.Zone, now)
	e.tellTimes(n, l.Started, l.Ended, now)
	n.Add("Launched for", l.CauseText, "")
	if l.Failed {
		n.Add("AWS says", or(l.StatusText, "nothing"), "")
	}
	var missing gaps
	missing.add("Group", l.Fleet.Problem)
	if l.Instance != "" {
		missing.add("Instance", l.Machine.Problem)
	}
	missing.tell(n)
	n.Link("Group activity", console.groupActivity(l.Group))
	n.Link("Instance", console.instance(l.Instance))
}
