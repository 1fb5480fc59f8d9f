package event

import (
	"fmt"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Termination is an instance that an Auto Scaling group terminated, or could not
// terminate.
type Termination struct {
	Group    string
	Instance string
	Zone     string
	Cause    wire.Cause
	// CauseText is the cause in AWS's words.
	CauseText string
	Started   time.Time
	Ended     time.Time

	// Failed says that it could not be terminated, and StatusText why.
	Failed     bool
	StatusText string

	// Machine is what EC2 knows of the instance. Evidence.
	Machine Finding[Machine]
	// LastWords are the lines of the console output that say why it died. Evidence.
	LastWords Finding[[]string]
	// Fleet is how the group stands. Evidence.
	Fleet Finding[Fleet]
	// History is what the group did lately. Evidence.
	History Finding[History]
	// Releases are the deployments of the last 24 hours that may have gone to the
	// group, the newest first. Evidence.
	Releases Finding[[]DeploymentInfo]
}

// decodeTermination reads "EC2 Instance Terminate Successful" and "Unsuccessful". Both
// may have any StatusCode: that of a success is mostly "InProgress".
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
func decodeTermination(e *Event, detail fields) Subject {
	t := &Termination{
		Group:     autoScalingGroup(e, detail),
		Instance:  or(detail.text("EC2InstanceId"), e.resource(":instance/")),
		Zone:      detail.object("Details").text("Availability Zone"),
		CauseText: detail.text("Cause"),
		Started:   detail.time("StartTime"),
		Ended:     detail.time("EndTime"),

		Failed:     strings.HasSuffix(e.DetailType, "Unsuccessful"),
		StatusText: detail.text("StatusMessage"),
	}
	t.Cause = sortCause(t.CauseText)
	return t
}

// unwanted never leaves out a failure: whatever the cause, the instance is still there.
func (t *Termination) unwanted(w wire.Watch) string {
	if t.Failed || w.Terminations == nil || w.Terminations.Wants(t.Cause) {
		return ""
	}
	return fmt.Sprintf("the cause is %s, which the watch does not tell", causes[t.Cause].name)
}

// causeWords say a cause: its name, the title around the instance and its group,
// and whether something is wrong.
type causeWords struct {
	name     string
	lead, in string // lead INSTANCE in GROUP
	wrong    bool
}

var causes = map[wire.Cause]causeWords{
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

func (t *Termination) tell(n *notice.Notice, e *Event, now time.Time) {
	cause := causes[t.Cause]
	at := t.Decided(e)
	releases := before(at, t.Releases.Value)
	var deaths often
	if t.History.Known && !t.Failed {
		deaths = t.howOften(at)
	}

	n.Kind = notice.KindTermination
	n.Key = e.key("autoscaling", t.Group, t.Instance)
	n.Severity, n.Status = notice.Info, notice.Marker
	switch {
	case t.Failed:
		n.Severity, n.Status = notice.Error, notice.Open
	case cause.wrong:
		n.Severity, n.Status = notice.Warning, notice.Open
		if deaths.many() {
			n.Severity = worse(n.Severity)
		}
	}
	t.Fleet.Value.worsen(n)
	t.headline(n)
	var more []string
	if n.Status == notice.Open {
		if len(releases) > 0 && !t.Failed {
			n.Summary += ", " + releases[0].words("")
		}
		if deaths.many() {
			more = append(more, t.alike()+": "+deaths.words())
		}
		more = append(more, labelled("the group has ", standing(t.Fleet)))
	}
	n.Summary = sentences(n.Summary, more...)

	console := consoleFor(e.Region)
	n.Add("Instance", t.Instance, console.instance(t.Instance))
	n.Add("Name", t.Machine.Value.Name, "")
	n.Add("Group", t.Group, console.group(t.Group))
	if t.Failed {
		n.Add("Not terminated", or(t.StatusText, "AWS does not say why"), "")
	}
	n.Add("Cause", cause.name, "")
	n.Add("Capacity", standing(t.Fleet), "")
	if len(releases) > 0 || t.Releases.Known && t.Releases.Problem == "" {
		tellBefore(n, releases, console)
	}
	n.Add(notice.HowOften, deaths.words(), "")
	n.Add(notice.LastWords, strings.Join(t.LastWords.Value, "\n"), "")
	if t.LastWords.Known && len(t.LastWords.Value) == 0 {
		n.Add("Console output", "nothing that looks like a crash", "")
	}
	machine := t.Machine.Value
	if !t.Failed {
		machine.State = "" // which is what the event says
	}
	if strings.HasPrefix(machine.StateReason, "Client.UserInitiated") {
		machine.StateReason = "" // the user is Auto Scaling
	}
	machine.tell(n, t.Zone, now)
	e.tellTimes(n, t.Started, t.Ended, now)
	n.Add("AWS says", or(t.CauseText, "nothing"), "")
	t.missing(releases).tell(n)
	n.Link("Group activity", console.groupActivity(t.Group))
	n.Link("Instance", console.instance(t.Instance))
}

// headline writes the title and the summary's first sentence, up to its end.
func (t *Termination) headline(n *notice.Notice) {
	cause := causes[t.Cause]
	lead, in, did := cause.lead, cause.in, "terminated"
	if t.Failed {
		lead, in, did = "Auto Scaling could not terminate", "in", "could not terminate"
	}
	name, instance := named(t.Instance, t.Machine.Value.Name, or(t.Group, "without a name"))
	n.Title = lead + " " + name
	if group := or(t.Group, "an unnamed group"); !strings.Contains(name, group) { // many a name says its group
		n.Title += " " + in + " " + group
	}
	n.Summary = "Auto Scaling " + did + " instance " + instance
	switch {
	case t.Failed:
		n.Summary += ": " + or(quoted(t.StatusText), "AWS does not say why")
	case t.Cause == wire.CauseUnknown:
		n.Summary += " for a reason that extraeye could not place"
	default:
		n.Summary += "; cause: " + cause.name
	}
}

// alike says which terminations are counted with this one. Causes that are not known
// need not be the same.
func (t *Termination) alike() string {
	if t.Cause == wire.CauseUnknown {
		return "by unknown causes"
	}
	return "by the same cause"
}

// missing says what could not be looked up.
func (t *Termination) missing(releases []earlier) gaps {
	var missing gaps
	missing.add("Instance", t.Machine.Problem)
	missing.add("Group", t.Fleet.Problem)
	missing.add(notice.After, t.Releases.Problem)
	if len(releases) > 0 {
		missing.add("Who made it", releases[0].By.Problem)
	}
	missing.add(notice.HowOften, t.History.Problem)
	missing.add(notice.LastWords, t.LastWords.Problem)
	return missing
}

// Decided is when the group decided to terminate the instance; the event comes
// minutes later.
func (t *Termination) Decided(e *Event) time.Time { return firstKnown(t.Started, e.Time) }
