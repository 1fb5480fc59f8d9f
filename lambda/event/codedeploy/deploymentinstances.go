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
	// Instance is the id of an EC2 instance or the name of an on-premises one.
	InstanceID string
	State      wire.State

	// Target is what CodeDeploy did on the instance. Evidence.
	Target event.Finding[DeploymentTarget]
	// Info is what CodeDeploy knows of the deployment. Evidence.
	Info event.Finding[DeploymentInfo]
	// Machine is what EC2 knows of the instance. Evidence.
	Instance event.Finding[ec2.Instance]
}

// decodeDeploymentInstance reads "CodeDeploy Instance State-change Notification".
//
// https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
func decodeDeploymentInstance(e *event.Event, detail event.Fields) event.Subject {
	s := &DeploymentInstance{
		DeploymentID: detail.Text("deploymentId"),
		InstanceID:   detail.Text("instanceId"),
		State:        wire.State(detail.Text("state")),
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

// OnEC2 reports whether the instance is one that EC2 may know.
func (s *DeploymentInstance) OnEC2() bool { return strings.HasPrefix(s.InstanceID, "i-") }

func (s *DeploymentInstance) SkipReason(wire.Watch) string { return "" }

// targetText say a state: the title up to the instance, what the deployment did
// there, and whether something is wrong.
type targetText struct {
	title, summary string
	severity       notice.Severity
	status         notice.Status
}

var targetStates = map[wire.State]targetText{
	wire.StateStart:   {"Deployment started on", "started", notice.Info, notice.Marker},
	wire.StateReady:   {"Deployment ready on", "is ready", notice.Info, notice.Marker},
	wire.StateSuccess: {"Deployed on", "succeeded", notice.Info, notice.Resolved},
	wire.StateFailure: {"Deployment failed on", "failed", notice.Warning, notice.Open},
	wire.StateStop:    {"Deployment stopped on", "was stopped", notice.Warning, notice.Open},
}

func (s *DeploymentInstance) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	words, known := targetStates[s.State]
	if !known {
		state := cmp.Or(string(s.State), "in an unknown state")
		words = targetText{"Deployment " + state + " on", "is " + state, notice.Warning, notice.Marker}
	}
	info, machine := s.Info.Value, s.Instance.Value
	version := info.Revision.Name()
	name := event.ReleaseName(cmp.Or(s.Application, "an unnamed application"), version)
	instance, identified := ec2.Names(s.InstanceID, machine.Name, "")
	step, _ := firstFailure([]DeploymentTarget{s.Target.Value})

	n.Kind = notice.KindDeploymentInstance
	n.Severity, n.Status = words.severity, words.status
	n.Key = e.Key("codedeploy", s.Application+"/"+s.Group, s.InstanceID)
	n.Title = words.title + " " + instance + ": " + name
	n.Summary = "Deployment " + cmp.Or(s.DeploymentID, "without an id") + " of " + name + event.Labeled(" to group ", s.Group) +
		" " + words.summary + " on instance " + identified + event.Labeled(" at ", step.brief()) + "."

	console := e.Console()
	link := ""
	if s.OnEC2() {
		link = console.Instance(s.InstanceID)
	}
	n.Add("Instance", s.InstanceID, link)
	n.Add("Name", machine.Name, "")
	n.Add("Application", s.Application, console.Application(s.Application))
	n.Add("Group", s.Group, console.DeploymentGroup(s.Application, s.Group))
	n.Add("State", string(s.State), "")
	n.Add("Version", version, "")
	n.Add(notice.FailedAt, step.at(""), "")
	n.Add(notice.LogTail, logTail(step.LogTail), "")
	n.Add("Made by", creatorText(info.Creator), "")
	info.Revision.addFacts(n, console)
	machine.AddFacts(n, "", now)
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
