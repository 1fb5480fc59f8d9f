package event

import (
	"fmt"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Deployment is a CodeDeploy deployment that changed its state.
type Deployment struct {
	ID          string
	Application string
	Group       string
	State       wire.State

	// Info is what CodeDeploy knows of the deployment; nil if it could not be
	// asked. Evidence.
	Info *DeploymentInfo
	// InfoProblem says why there is no Info. Evidence.
	InfoProblem string
}

// DeploymentInfo is CodeDeploy's record of a deployment. Every field may be empty.
type DeploymentInfo struct {
	Creator     wire.Creator
	Description string
	Config      string // the deployment configuration, such as CodeDeployDefault.OneAtATime
	Platform    string // Server, Lambda or ECS
	Revision    Revision
	Created     time.Time
	Completed   time.Time
	// Instances counts instances by status, in CodeDeploy's order; a status with
	// none is left out.
	Instances    []InstanceCount
	ErrorCode    string
	ErrorMessage string
	// RollbackOf is the deployment that this one rolls back.
	RollbackOf string
	// RolledBackBy is the deployment that rolls this one back.
	RolledBackBy    string
	RollbackMessage string
}

// InstanceCount is how many instances of a deployment have a status.
type InstanceCount struct {
	Status string
	Count  int
}

// decodeDeployment reads "CodeDeploy Deployment State-change Notification".
//
// https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
func decodeDeployment(e *Event, detail fields) Subject {
	d := &Deployment{
		ID:          detail.text("deploymentId"),
		Application: detail.text("application"),
		Group:       detail.text("deploymentGroup"),
		State:       wire.State(detail.text("state")),
	}
	application, group, _ := strings.Cut(e.resource(":deploymentgroup:"), "/")
	if d.Application == "" {
		d.Application = or(e.resource(":application:"), application)
	}
	if d.Group == "" {
		d.Group = group
	}
	return d
}

// Unwanted implements [Subject].
func (d *Deployment) Unwanted(w wire.Watch) string {
	if w.Deployments == nil || d.Info == nil || w.Deployments.Wants(d.Info.Creator) {
		return ""
	}
	return fmt.Sprintf("the deployment was made by %s, which the watch does not tell", creator(d.Info.Creator))
}

// stateWords say a state, of a deployment and of a rollback.
type stateWords struct {
	title, rollback  string
	summary          string
	severity         notice.Severity
	rollbackSeverity notice.Severity
	status           notice.Status
}

var states = map[wire.State]stateWords{
	wire.StateStart:   {"Deployment started", "Rollback started", "started", notice.Info, notice.Warning, notice.Marker},
	wire.StateReady:   {"Deployment ready", "Rollback ready", "is ready: the replacement environment waits for traffic", notice.Info, notice.Warning, notice.Marker},
	wire.StateSuccess: {"Deployed", "Rolled back", "succeeded", notice.Info, notice.Warning, notice.Resolved},
	wire.StateFailure: {"Deployment failed", "Rollback failed", "failed", notice.Error, notice.Critical, notice.Open},
	wire.StateStop:    {"Deployment stopped", "Rollback stopped", "was stopped", notice.Warning, notice.Error, notice.Open},
}

func (d *Deployment) tell(n *notice.Notice, e *Event, now time.Time) {
	info := d.Info
	if info == nil {
		info = &DeploymentInfo{}
	}
	words, known := states[d.State]
	if !known {
		state := or(string(d.State), "in an unknown state")
		words = stateWords{"Deployment " + state, "Rollback " + state, "is " + state, notice.Warning, notice.Warning, notice.Marker}
	}
	rollback := info.Creator == wire.CreatorRollback || info.Creator == wire.CreatorCloudFormationRollback || info.RollbackOf != ""
	version := info.Revision.Name()
	application := or(d.Application, "an unnamed application")

	n.Kind = notice.KindDeployment
	n.Severity, n.Status = words.severity, words.status
	n.Key = "codedeploy:" + strings.Join([]string{e.Account, e.Region, d.Application + "/" + d.Group}, ":")
	what, title := "Deployment", words.title
	if rollback {
		what, title = "Rollback", words.rollback
		n.Severity = words.rollbackSeverity
	}
	n.Title = title + ": " + release(application, version)
	n.Summary = what + " " + or(d.ID, "without an id") + " of " + release(application, version)
	if d.Group != "" {
		n.Title += " to " + d.Group
		n.Summary += " to group " + d.Group
	}
	n.Summary += " " + words.summary + "."

	console := consoleFor(e.Region)
	n.Add("Application", d.Application, console.application(d.Application))
	n.Add("Group", d.Group, console.deploymentGroup(d.Application, d.Group))
	n.Add("State", string(d.State), "")
	n.Add("Version", version, "")
	n.Add("Error", strings.Trim(info.ErrorCode+": "+info.ErrorMessage, ": "), "")
	n.Add("Rollback of", info.RollbackOf, console.deployment(info.RollbackOf))
	n.Add("Rolled back by", info.RolledBackBy, console.deployment(info.RolledBackBy))
	n.Add("Rollback", info.RollbackMessage, "")
	n.Add("Instances", counts(info.Instances), "")
	n.Add("Made by", creator(info.Creator), "")
	n.Add("Description", info.Description, "")
	info.Revision.tell(n, console)
	n.Add("Started", notice.Moment(info.Created, now), "")
	n.Add("Ended", notice.Moment(info.Completed, now), "")
	n.Add("Took", took(info.Created, info.Completed), "")
	n.Add("Configuration", info.Config, "")
	n.Add("Platform", info.Platform, "")
	n.Add("Deployment", d.ID, console.deployment(d.ID))
	if d.Info == nil && d.InfoProblem != "" {
		n.Add("Details", "not found: "+d.InfoProblem, "")
	}
	if info.Created.IsZero() {
		n.Add("Time", notice.Moment(e.Time, now), "")
	}
	n.Release = &notice.Release{
		ID: d.ID, Application: d.Application, Group: d.Group, State: d.State,
		Version: version, Commit: info.Revision.Commit, Description: info.Description, By: string(info.Creator),
		Started: info.Created, Ended: info.Completed, Rollback: rollback, URL: console.deployment(d.ID),
	}
	n.Link("Deployment", console.deployment(d.ID))
	n.Link("Deployment group", console.deploymentGroup(d.Application, d.Group))
}

// release names a version of an application, without saying the application twice.
func release(application, version string) string {
	switch {
	case version == "":
		return application
	case strings.HasPrefix(strings.ToLower(version), strings.ToLower(application)):
		return version
	default:
		return application + " " + version
	}
}

// creator says who made a deployment.
func creator(c wire.Creator) string {
	switch c {
	case wire.CreatorAutoScaling:
		return "Auto Scaling, for a launched instance (autoscaling)"
	case wire.CreatorAutoScalingTermination:
		return "Auto Scaling, for a terminated instance (autoscalingTermination)"
	case wire.CreatorRollback:
		return "CodeDeploy, as a rollback (codeDeployRollback)"
	default:
		return string(c)
	}
}

// counts writes "2 Succeeded, 1 Failed".
func counts(instances []InstanceCount) string {
	var all []string
	for _, i := range instances {
		all = append(all, fmt.Sprintf("%d %s", i.Count, i.Status))
	}
	return strings.Join(all, ", ")
}
