package autoscaling

import (
	"cmp"
	"fmt"
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
	Cause      wire.Cause
	// CauseText is the cause in AWS's words.
	CauseText string
	Started   time.Time
	Ended     time.Time

	// Failed is true if it could not be terminated, and StatusText says why.
	Failed     bool
	StatusText string

	// Instance is what EC2 knows of the instance.
	Instance event.Finding[ec2.Instance]
	// LastWords are the lines of its console output that say why it crashed.
	LastWords event.Finding[[]string]
	// Group is what Auto Scaling knows of the group.
	Group event.Finding[Group]
	// Activities are what the group did recently.
	Activities event.Finding[ScalingActivities]
	// Releases are the deployments of the last 24 hours that may have gone to the group, the
	// newest first.
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
	t.Cause = classifyCause(t.CauseText)
	return t
}

// SkipReason implements [event.Subject]. A failure is always reported: the instance is still
// there, whatever the cause.
func (t *Termination) SkipReason(w wire.Watch) string {
	if t.Failed || w.Terminations == nil || w.Terminations.Wants(t.Cause) {
		return ""
	}
	return fmt.Sprintf("the cause is %s, which the watch does not report", causes[t.Cause].name)
}

// causeText says a cause.
type causeText struct {
	name     string
	lead, in string // the title is "lead INSTANCE in GROUP"
	wrong    bool   // something is wrong
}

var causes = map[wire.Cause]causeText{
	wire.CauseELBHealthCheck:    {"ELB health check", "ELB health check killed", "in", true},
	wire.CauseEC2StatusCheck:    {"EC2 health check", "EC2 health check killed", "in", true},
	wire.CauseEBSHealthCheck:    {"EBS health check", "EBS health check killed", "in", true},
	wire.CauseCustomHealthCheck: {"custom health check", "Custom health check killed", "in", true},
	wire.CauseScaleIn:           {"scale-in", "Scale-in removed", "from", false},
	wire.CauseUserRequest:       {"user request", "User request removed", "from", false},
	wire.CauseInstanceRefresh:   {"instance refresh", "Instance refresh removed", "from", false},
	wire.CauseRebalance:         {"rebalance", "Rebalancing removed", "from", false},
	wire.CauseSpot:              {"spot", "Spot interruption took", "from", true},
	wire.CauseLifetime:          {"lifetime", "Maximum lifetime removed", "from", false},
	wire.CauseUnknown:           {"unknown", "Unknown cause killed", "in", true},
}

// Describe implements [event.Subject].
func (t *Termination) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	at := t.Decided(e)
	before := codedeploy.EarlierThan(at, t.Releases.Value)
	similar := t.howOften(at)

	n.Kind = notice.KindTermination
	n.Key = e.Key("autoscaling", t.GroupName, t.InstanceID)
	n.Severity, n.Status = t.severity(similar)
	t.Group.Value.escalate(n)
	t.headline(n)
	t.summarize(n, before, similar)
	t.addFacts(n, e, now, before, similar)
	console := e.Console()
	n.Link("Group activity", console.GroupActivity(t.GroupName))
	n.Link("Instance", console.Instance(t.InstanceID))
}

// severity says how bad it is, before the state of the group is looked at.
func (t *Termination) severity(similar frequency) (notice.Severity, notice.Status) {
	switch {
	case t.Failed:
		return notice.Error, notice.Open
	case !causes[t.Cause].wrong:
		return notice.Info, notice.Marker
	case similar.many():
		return escalated(notice.Warning), notice.Open
	default:
		return notice.Warning, notice.Open
	}
}

// headline fills in the title and begins the summary.
func (t *Termination) headline(n *notice.Notice) {
	cause := causes[t.Cause]
	lead, in, did := cause.lead, cause.in, "terminated"
	if t.Failed {
		lead, in, did = "Auto Scaling could not terminate", "in", "could not terminate"
	}
	name, instance := ec2.Names(t.InstanceID, t.Instance.Value.Name, cmp.Or(t.GroupName, "without a name"))
	n.Title = lead + " " + name
	if group := cmp.Or(t.GroupName, "an unnamed group"); !strings.Contains(name, group) { // many names contain the group's
		n.Title += " " + in + " " + group
	}
	n.Summary = "Auto Scaling " + did + " instance " + instance
	switch {
	case t.Failed:
		n.Summary += ": " + cmp.Or(event.Quoted(t.StatusText), "AWS does not say why")
	case t.Cause == wire.CauseUnknown:
		n.Summary += " for a reason that extraeye could not place"
	default:
		n.Summary += "; cause: " + cause.name
	}
}

// summarize ends the summary: of something wrong it says what came before, how often it
// happens, and how the group is.
func (t *Termination) summarize(n *notice.Notice, before []codedeploy.Earlier, similar frequency) {
	var more []string
	if n.Status == notice.Open {
		if len(before) > 0 && !t.Failed {
			n.Summary += ", " + before[0].Phrase("")
		}
		if similar.many() {
			more = append(more, t.alike()+": "+similar.text())
		}
		more = append(more, event.Labeled("the group has ", capacityOf(t.Group)))
	}
	n.Summary = event.Sentences(n.Summary, more...)
}

// alike says which terminations are counted with this one. Unknown causes need not be the
// same.
func (t *Termination) alike() string {
	if t.Cause == wire.CauseUnknown {
		return "by unknown causes"
	}
	return "by the same cause"
}

func (t *Termination) addFacts(n *notice.Notice, e *event.Event, now time.Time, before []codedeploy.Earlier, similar frequency) {
	console := e.Console()
	n.Add("Instance", t.InstanceID, console.Instance(t.InstanceID))
	n.Add("Name", t.Instance.Value.Name, "")
	n.Add("Group", t.GroupName, console.AutoScalingGroup(t.GroupName))
	if t.Failed {
		n.Add("Not terminated", cmp.Or(t.StatusText, "AWS does not say why"), "")
	}
	n.Add("Cause", causes[t.Cause].name, "")
	n.Add("Capacity", capacityOf(t.Group), "")
	if len(before) > 0 || t.Releases.Known && t.Releases.Problem == "" {
		codedeploy.AddEarlier(n, before, console)
	}
	n.Add(notice.HowOften, similar.text(), "")
	n.Add(notice.LastWords, strings.Join(t.LastWords.Value, "\n"), "")
	if t.LastWords.Known && len(t.LastWords.Value) == 0 {
		n.Add("Console output", "nothing that looks like a crash", "")
	}
	t.record().AddFacts(n, t.Zone, now)
	e.AddTimes(n, t.Started, t.Ended, now)
	n.Add("AWS says", cmp.Or(t.CauseText, "nothing"), "")
	t.missing(before).AddTo(n)
}

// record is what EC2 knows of the instance, without what the event says already: that it is
// terminated, and that Auto Scaling, whom EC2 calls the user, asked for it.
func (t *Termination) record() ec2.Instance {
	record := t.Instance.Value
	if !t.Failed {
		record.State = ""
	}
	if strings.HasPrefix(record.StateReason, "Client.UserInitiated") {
		record.StateReason = ""
	}
	return record
}

// missing is what could not be looked up.
func (t *Termination) missing(before []codedeploy.Earlier) event.Gaps {
	var missing event.Gaps
	missing.Add("Instance", t.Instance.Problem)
	missing.Add("Group", t.Group.Problem)
	missing.Add(notice.After, t.Releases.Problem)
	if len(before) > 0 {
		missing.Add("Who made it", before[0].By.Problem)
	}
	missing.Add(notice.HowOften, t.Activities.Problem)
	missing.Add(notice.LastWords, t.LastWords.Problem)
	return missing
}

// Decided is when the group decided to terminate the instance. The event comes minutes later.
func (t *Termination) Decided(e *event.Event) time.Time { return event.FirstKnown(t.Started, e.Time) }
