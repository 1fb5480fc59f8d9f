package codedeploy

import (
	"cmp"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/notice"
)

// DeploymentInstance is what a CodeDeploy deployment did to one instance.
type DeploymentInstance struct {
	DeploymentID, Application, Group string
	// InstanceID is the id of an EC2 instance or the name of an on-premises one.
	InstanceID string
	State      wire.DeploymentState

	// Target is what CodeDeploy did on the instance.
	Target event.Finding[DeploymentTarget]
	// Info is what CodeDeploy knows of the deployment.
	Info event.Finding[DeploymentInfo]
	// Instance is what EC2 knows of the instance.
	Instance event.Finding[ec2.Instance]
}

// decodeDeploymentInstance reads "CodeDeploy Instance State-change Notification".
//
// https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
func decodeDeploymentInstance(e *event.Event, detail event.Fields) event.Subject {
	s := &DeploymentInstance{
		DeploymentID: detail.Text("deploymentId"),
		InstanceID:   detail.Text("instanceId"),
		State:        wire.DeploymentState(detail.Text("state")),
	}
	s.Application, s.Group = deploymentGroup(e, detail)
	if _, name, ok := strings.Cut(s.InstanceID, ":instance/"); ok {
		s.InstanceID = name
	}
	if s.InstanceID == "" {
		s.InstanceID = e.Resource(":instance/")
	}
	return s
}

// OnEC2 reports whether EC2 may know the instance.
func (s *DeploymentInstance) OnEC2() bool { return strings.HasPrefix(s.InstanceID, "i-") }

// SkipReason is always "": the rule matches the states that the watch reports.
func (s *DeploymentInstance) SkipReason(wire.Watch) string { return "" }

// targetText says a state: in the title before the instance, and in the summary after the
// deployment.
type targetText struct {
	title, summary string
	severity       notice.Severity
	status         notice.Status
}

var targetStates = map[wire.DeploymentState]targetText{
	wire.DeploymentStarted:   {"Deployment started on", "started", notice.Info, notice.Marker},
	wire.DeploymentReady:     {"Deployment ready on", "is ready", notice.Info, notice.Marker},
	wire.DeploymentSucceeded: {"Deployed on", "succeeded", notice.Info, notice.Resolved},
	wire.DeploymentFailed:    {"Deployment failed on", "failed", notice.Warning, notice.Open},
	wire.DeploymentStopped:   {"Deployment stopped on", "was stopped", notice.Warning, notice.Open},
}

// Describe implements [event.Subject].
func (s *DeploymentInstance) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	text, known := targetStates[s.State]
	if !known {
		state := cmp.Or(string(s.State), "in an unknown state")
		text = targetText{"Deployment " + state + " on", "is " + state, notice.Warning, notice.Marker}
	}
	info, record := s.Info.Value, s.Instance.Value
	version := info.Revision.Name()
	name := event.ReleaseName(cmp.Or(s.Application, "an unnamed application"), version)
	title, sentence := ec2.Names(s.InstanceID, record.Name, "")
	failed, _ := firstFailure([]DeploymentTarget{s.Target.Value})

	n.Kind = notice.KindDeploymentInstance
	n.Severity, n.Status = text.severity, text.status
	n.Key = e.Key("codedeploy", s.Application+"/"+s.Group, s.InstanceID)
	n.GroupKey = groupKey(e, s.Application, s.Group)
	n.Title = text.title + " " + title
	if failed.Name != "" {
		n.Title += " at " + failed.Name + parenthesized(failed.cause())
	}
	n.Title += ": " + name
	n.Summary = "Deployment " + cmp.Or(s.DeploymentID, "without an id") + " of " + name + event.Labeled(" to group ", s.Group) +
		" " + text.summary + " on instance " + sentence + event.Labeled(" at ", failed.brief()) + event.Labeled(": ", failed.why()) + "."

	console := e.Console()
	link := ""
	if s.OnEC2() {
		link = console.Instance(s.InstanceID)
	}
	n.Add("Instance", s.InstanceID, link)
	n.Add("Name", record.Name, "")
	n.Add("Application", s.Application, console.Application(s.Application))
	n.Add("Group", s.Group, console.DeploymentGroup(s.Application, s.Group))
	n.Add("State", string(s.State), "")
	n.Add("Version", version, "")
	n.Add(notice.FailedAt, failed.at(""), "")
	n.Add(notice.LogTail, logTail(failed.LogTail), "")
	n.Add("Made by", creatorText(info.Creator), "")
	info.Revision.addFacts(n, console)
	record.AddFacts(n, "", now)
	n.Add("Time", notice.Moment(e.Time, now), "")
	n.Add("Deployment", s.DeploymentID, console.Deployment(s.DeploymentID))
	var missing event.Gaps
	missing.Add("What was done on the instance", s.Target.Problem)
	missing.Add("Deployment", s.Info.Problem)
	missing.Add("Instance", s.Instance.Problem)
	missing.AddTo(n)
	n.Link("Deployment", console.Deployment(s.DeploymentID))
	n.Link("Instance", link)
}
