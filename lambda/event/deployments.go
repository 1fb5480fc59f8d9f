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

	// Info is what CodeDeploy knows of the deployment. Evidence.
	Info Finding[DeploymentInfo]
	// Before are the deployments of the same group that were made before this one,
	// the newest first. Evidence.
	Before Finding[[]DeploymentInfo]
	// Targets are where a deployment failed. Evidence.
	Targets Finding[[]DeploymentTarget]
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

func (d *Deployment) unwanted(w wire.Watch) string {
	if w.Deployments == nil || !d.Info.Known || w.Deployments.Wants(d.Info.Value.Creator) {
		return ""
	}
	return fmt.Sprintf("the deployment was made by %s, which the watch does not tell", creator(d.Info.Value.Creator))
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
	info := d.Info.Value
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
	var missing gaps
	missing.add("Details", d.Info.Problem)
	n.Add("Not looked up", strings.Join(missing, "\n"), "")
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

// Made is when the deployment was made, or, if that is not known, when its event was.
func (d *Deployment) Made(e *Event) time.Time {
	if made := d.Info.Value.Created; !made.IsZero() {
		return made
	}
	return e.Time
}

// Bad reports whether the deployment did not do what it was made for.
func (d *Deployment) Bad() bool { return d.State == wire.StateFailure || d.State == wire.StateStop }
