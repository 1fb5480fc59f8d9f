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

// decodeTermination reads "EC2 Instance Terminate Successful".
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
func decodeTermination(e *Event, detail fields) Subject {
	t := &Termination{
		Group:     detail.text("AutoScalingGroupName"),
		Instance:  detail.text("EC2InstanceId"),
		Zone:      detail.object("Details").text("Availability Zone"),
		CauseText: detail.text("Cause"),
		Started:   detail.time("StartTime"),
		Ended:     detail.time("EndTime"),
	}
	t.Cause = sortCause(t.CauseText)
	if t.Group == "" {
		t.Group = e.resource(":autoScalingGroupName/")
	}
	if t.Instance == "" {
		t.Instance = e.resource(":instance/")
	}
	return t
}

func (t *Termination) unwanted(w wire.Watch) string {
	if w.Terminations == nil || w.Terminations.Wants(t.Cause) {
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
	wire.CauseEC2StatusCheck:    {"EC2 status check", "EC2 status check killed", "in", true},
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
	name := t.Machine.Value.Name
	group := or(t.Group, "an unnamed group")
	instance := or(t.Instance, "an unnamed instance")
	n.Title = cause.lead + " " + or(name, instance)
	if !strings.Contains(name, group) { // many a name says its group
		n.Title += " " + cause.in + " " + group
	}
	if name != "" {
		instance += " (" + name + ")"
	}

	n.Kind = notice.KindTermination
	n.Severity, n.Status = notice.Info, notice.Marker
	if cause.wrong {
		n.Severity, n.Status = notice.Warning, notice.Open
	}
	n.Key = strings.Join([]string{"autoscaling", e.Account, e.Region, t.Group, t.Instance}, ":")
	n.Summary = fmt.Sprintf("Auto Scaling terminated instance %s of group %s", instance, group)
	if t.Cause == wire.CauseUnknown {
		n.Summary += " for a reason that extraeye could not place."
	} else {
		n.Summary += "; cause: " + cause.name + "."
	}

	console := consoleFor(e.Region)
	n.Add("Instance", t.Instance, console.instance(t.Instance))
	n.Add("Name", name, "")
	var missing gaps
	missing.add("Name", t.Machine.Problem)
	n.Add("Not looked up", strings.Join(missing, "\n"), "")
	n.Add("Group", t.Group, console.group(t.Group))
	n.Add("Zone", t.Zone, "")
	n.Add("Cause", cause.name, "")
	n.Add("AWS says", or(t.CauseText, "nothing"), "")
	n.Add("Started", notice.Moment(t.Started, now), "")
	n.Add("Ended", notice.Moment(t.Ended, now), "")
	n.Add("Took", took(t.Started, t.Ended), "")
	if t.Started.IsZero() && t.Ended.IsZero() {
		n.Add("Time", notice.Moment(e.Time, now), "")
	}
	n.Link("Group activity", console.groupActivity(t.Group))
	n.Link("Instance", console.instance(t.Instance))
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// took says how long something took, or "" if that is not known.
func took(start, end time.Time) string {
	if start.IsZero() || end.IsZero() || end.Before(start) {
		return ""
	}
	return notice.Duration(end.Sub(start))
}

// Decided is when the group decided to terminate the instance; the event comes
// minutes later.
func (t *Termination) Decided(e *Event) time.Time {
	if !t.Started.IsZero() {
		return t.Started
	}
	return e.Time
}
