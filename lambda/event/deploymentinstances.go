package event

import (
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// DeploymentInstance is what a CodeDeploy deployment did to one instance.
type DeploymentInstance struct {
	Deployment, Application, Group string
	// Instance is the id of an EC2 instance or the name of an on-premises one.
	Instance string
	State    wire.State

	// Target is what CodeDeploy did on the instance. Evidence.
	Target Finding[DeploymentTarget]
	// Info is what CodeDeploy knows of the deployment. Evidence.
	Info Finding[DeploymentInfo]
	// Machine is what EC2 knows of the instance. Evidence.
	Machine Finding[Machine]
}

// decodeDeploymentInstance reads "CodeDeploy Instance State-change Notification".
//
// https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
func decodeDeploymentInstance(e *Event, detail fields) Subject {
	s := &DeploymentInstance{
		Deployment: detail.text("deploymentId"),
		Instance:   detail.text("instanceId"),
		State:      wire.State(detail.text("state")),
	}
	s.Application, s.Group = deploymentGroup(e, detail)
	if _, name, ok := strings.Cut(s.Instance, ":instance/"); ok {
		s.Instance = name
	}
	if s.Instance == "" {
		s.Instance = e.resource(":instance/")
	}
	return s
}

// OnEC2 reports whether the instance is one that EC2 may know.
func (s *DeploymentInstance) OnEC2() bool { return strings.HasPrefix(s.Instance, "i-") }

func (s *DeploymentInstance) unwanted(wire.Watch) string { return "" }

// targetWords say a state: the title up to the instance, what the deployment did
// there, and whether something is wrong.
type targetWords struct {
	title, summary string
	severity       notice.Severity
	status         notice.Status
}

var targetStates = map[wire.State]targetWords{
	wire.StateStart:   {"Deployment started on", "started", notice.Info, notice.Marker},
	wire.StateReady:   {"Deployment ready on", "is ready", notice.Info, notice.Marker},
	wire.StateSuccess: {"Deployed on", "succeeded", notice.Info, notice.Resolved},
	wire.StateFailure: {"Deployment failed on", "failed", notice.Warning, notice.Open},
	wire.StateStop:    {"Deployment stopped on", "was stopped", notice.Warning, notice.Open},
}

func (s *DeploymentInstance) tell(n *notice.Notice, e *Event, now time.Time) {
	words, known := targetStates[s.State]
	if !known {
		state := or(string(s.State), "in an unknown state")
		words = targetWords{"Deployment " + state + " on", "is " + state, notice.Warning, notice.Marker}
	}
	info, machine := s.Info.Value, s.Machine.Value
	version := info.Revision.Name()
	name := release(or(s.Application, "an unnamed application"), version)
	instance, identified := named(s.Instance, machine.Name, "")
	step, _ := failure([]DeploymentTarget{s.Target.Value})

	n.Kind = notice.KindDeploymentInstance
	n.Severity, n.Status = words.severity, words.status
	n.Key = e.key("codedeploy", s.Application+"/"+s.Group, s.Instance)
	n.Title = words.title + " " + instance + ": " + name
	n.Summary = "Deployment " + or(s.Deployment, "without an id") + " of " + name + labelled(" to group ", s.Group) +
		" " + words.summary + " on instance " + identified + labelled(" at ", step.brief()) + "."

	console := consoleFor(e.Region)
	link := ""
	if s.OnEC2() {
		link = console.instance(s.Instance)
	}
	n.Add("Instance", s.Instance, link)
	n.Add("Name", machine.Name, "")
	n.Add("Application", s.Application, console.application(s.Application))
	n.Add("Group", s.Group, console.deploymentGroup(s.Application, s.Group))
	n.Add("State", string(s.State), "")
	n.Add("Version", version, "")
	n.Add(notice.FailedAt, step.at(""), "")
	n.Add(notice.LogTail, logTail(step.LogTail), "")
	n.Add("Made by", creator(info.Creator), "")
	info.Revision.tell(n, console)
	machine.tell(n, "", now)
	n.Add("Time", notice.Moment(e.Time, now), "")
	n.Add("Deployment", s.Deployment, console.deployment(s.Deployment))
	var missing gaps
	missing.add("What was done on the instance", s.Target.Problem)
	missing.add("Deployment", s.Info.Problem)
	missing.add("Instance", s.Machine.Problem)
	missing.tell(n)
	n.Link("Deployment", console.deployment(s.Deployment))
	n.Link("Instance", link)
}
