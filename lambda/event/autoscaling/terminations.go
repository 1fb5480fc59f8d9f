package autoscaling

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Termination is an instance that an Auto Scaling group terminated, or could not
// terminate.
type Termination struct {
	GroupName  string
	InstanceID string
	Zone       string
	// Cause is why, as far as AWS's text says it, and CauseName what a notice calls it.
	Cause     wire.Cause
	CauseName string
	// CauseText is AWS's text.
	CauseText string
	// Gone is true if AWS says only that the instance was found terminated or stopped.
	Gone    bool
	Started time.Time
	Ended   time.Time

	// Failed is true if it could not be terminated, and StatusText says why.
	Failed     bool
	StatusText string

	// Instance is EC2's record of the instance.
	Instance event.Finding[ec2.Instance]
	// Console is what its console says about a crash.
	Console event.Finding[Console]
	// Crashes are the crashes of instances of the group that were terminated shortly before.
	// They are looked up if Console says that this one crashed.
	Crashes []Crash
	// Application are the application status checks that fail. They are looked up if such a
	// check is the cause.
	Application event.Finding[[]ApplicationCheck]
	// Request is the call that terminated or stopped the instance before Auto Scaling found
	// out. It is looked up if there was one, and CloudTrail may be asked.
	Request event.Finding[Request]
	// Group is Auto Scaling's record of the group.
	Group event.Finding[Group]
	// Activities are what the group did recently.
	Activities event.Finding[ScalingActivities]
	// Releases are the deployments to the group in the last 24 hours, the newest first.
	Releases event.Finding[[]codedeploy.DeploymentInfo]
}

// decodeTermination reads "EC2 Instance Terminate Successful" and "Unsuccessful". Both
// may have any StatusCode: that of a success is mostly "InProgress".
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
func decodeTermination(e *event.Event, detail event.Fields) event.Subject {
	t := &Termination{
		GroupName:  groupName(e, detail),
		InstanceID: cmp.Or(detail.Text("EC2InstanceId"), e.Resource(":instance/")),
		Zone:       detail.Object("Details").Text("Availability Zone"),
		CauseText:  detail.Text("Cause"),
		Started:    detail.Time("StartTime"),
		Ended:      detail.Time("EndTime"),

		Failed:     strings.HasSuffix(e.DetailType, "Unsuccessful"),
		StatusText: detail.Text("StatusMessage"),
	}
	r := readReason(t.CauseText)
	t.Cause, t.CauseName, t.Gone = r.cause, r.name, r.gone
	return t
}

// Decided is when the group decided to terminate the instance. The event comes minutes later.
func (t *Termination) Decided(e *event.Event) time.Time { return event.FirstKnown(t.Started, e.Time) }

// SkipReason implements [event.Subject]. A failure is always reported: the instance is still
// there, whatever the cause.
func (t *Termination) SkipReason(w wire.Watch) string {
	if t.Failed || w.Terminations == nil || slices.ContainsFunc(t.possibleCauses(), w.Terminations.Wants) {
		return ""
	}
	return fmt.Sprintf("the cause is %s, which the watch does not report", t.causeName())
}

// Describe implements [event.Subject].
func (t *Termination) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	at := t.Decided(e)
	var before []codedeploy.Earlier
	if t.suspect() {
		before = codedeploy.EarlierThan(at, t.Releases.Value)
	}
	similar, crashes := t.howOften(at), t.sameCrashes(at)

	n.Kind = notice.KindTermination
	n.Key = e.Key("autoscaling", t.GroupName, t.InstanceID)
	if t.GroupName != "" && !t.Failed { // an instance that is still there needs somebody of its own
		n.GroupKey = groupKey(e, t.GroupName)
	}
	missing := t.setSeverity(n, similar.many() || crashes.many(), before)
	n.Title, n.Summary = t.title(), t.beginning()
	if len(before) > 0 {
		n.Summary += ", " + before[0].Phrase("")
	}
	n.Summary = event.Sentences(n.Summary, t.more(n, similar, crashes)...)
	t.addFacts(n, e, now, before, similar, crashes)
	missing.AddTo(n)
	console := e.Console()
	n.Link("Group activity", console.GroupActivity(t.GroupName))
	n.Link("Instance", console.Instance(t.InstanceID))
}

// suspect reports whether the instance may have crashed, or a release may have broken it.
// Nothing did that to one that someone or something took away.
func (t *Termination) suspect() bool {
	return !t.Failed && !t.Gone && textOf(t.cause()).suspect
}

// setSeverity fills in the severity, and returns what could not be looked up. What is unknown because
// AWS did not answer never makes the severity lower than it might be.
func (t *Termination) setSeverity(n *notice.Notice, many bool, before []codedeploy.Earlier) event.Gaps {
	known, _ := t.severity(many)
	n.Severity, n.Status = t.severity(many || unanswered(t.Activities))
	mayBeMany := n.Severity
	group, howOften := escalate(n, t.Group), t.Activities.Problem
	if n.Severity != known && n.Severity == mayBeMany {
		howOften = raised(howOften, "how often that happens")
	}
	return t.missing(before, group, howOften)
}

// severity says how bad it is, before the state of the group is looked at. It is worse if
// many instances died in the same way.
func (t *Termination) severity(many bool) (notice.Severity, notice.Status) {
	switch {
	case t.Failed:
		return notice.Error, notice.Open
	case !textOf(t.cause()).wrong:
		return notice.Info, notice.Marker
	case many:
		return escalated(notice.Warning), notice.Open
	default:
		return notice.Warning, notice.Open
	}
}

func (t *Termination) addFacts(n *notice.Notice, e *event.Event, now time.Time, before []codedeploy.Earlier, similar frequency, crashes crashCount) {
	console := e.Console()
	n.Add("Instance", t.InstanceID, console.Instance(t.InstanceID))
	n.Add("Name", t.Instance.Value.Name, "")
	n.Add("Group", t.GroupName, console.AutoScalingGroup(t.GroupName))
	if t.Failed {
		n.Add("Not terminated", cmp.Or(t.StatusText, "AWS does not say why"), "")
	}
	n.Add("Cause", t.causeName(), "")
	n.Add("Requested by", t.Request.Value.text(), "")
	n.Add("Application status checks", checksText(t.Application.Value), "")
	n.Add("Capacity", capacityOf(t.Group), "")
	if len(before) > 0 || t.suspect() && t.Releases.Known && t.Releases.Problem == "" {
		codedeploy.AddEarlier(n, before, console)
	}
	n.Add(notice.HowOften, t.pattern(similar, crashes), "")
	n.Add(notice.LastWords, strings.Join(t.Console.Value.Lines, "\n"), "")
	n.Add("Console output", t.silence(), "")
	t.record().AddFacts(n, t.Zone, now)
	e.AddTimes(n, t.Started, t.Ended, now)
	n.Add("AWS says", cmp.Or(t.CauseText, "nothing"), "")
}

// record is EC2's record of the instance, without what the event says already: that it is
// terminated, and that Auto Scaling, which EC2 calls the user, asked for it.
func (t *Termination) record() ec2.Instance {
	record := t.Instance.Value
	if !t.Failed {
		record.State = ""
	}
	if ec2.ReasonOf(record.StateReason).By == ec2.ByUser && (!t.Gone || t.replaced()) {
		record.StateReason = ""
	}
	return record
}

// missing is what could not be looked up, with what is said of the group and of how often it
// happens.
func (t *Termination) missing(before []codedeploy.Earlier, group, howOften string) event.Gaps {
	var missing event.Gaps
	missing.Add("Instance", t.Instance.Problem)
	missing.Add("Requested by", t.Request.Problem)
	missing.Add("Application status checks", t.Application.Problem)
	missing.Add("Group", group)
	if t.suspect() {
		missing.Add(notice.After, t.Releases.Problem)
	}
	if len(before) > 0 {
		missing.Add("Who made it", before[0].By.Problem)
	}
	missing.Add(notice.HowOften, howOften)
	missing.Add(notice.LastWords, t.Console.Problem)
	return missing
}
