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
		ID:    detail.text("deploymentId"),
		State: wire.State(detail.text("state")),
	}
	d.Application, d.Group = deploymentGroup(e, detail)
	return d
}

// deploymentGroup reads the application and its deployment group, from the detail or
// else from the resources.
func deploymentGroup(e *Event, detail fields) (application, group string) {
	named, of, _ := strings.Cut(e.resource(":deploymentgroup:"), "/")
	application = or(detail.text("application"), or(e.resource(":application:"), named))
	return application, or(detail.text("deploymentGroup"), of)
}

func (d *Deployment) unwanted(w wire.Watch) string {
	if w.Deployments == nil {
		return ""
	}
	if c := d.Info.Value.Creator; d.Info.Known && !w.Deployments.Wants(c) {
		return fmt.Sprintf("the deployment was made by %s, which the watch does not tell", creator(c))
	}
	if w.Deployments.Changes && d.State == wire.StateSuccess && !d.Info.Value.IsRollback() &&
		d.Before.Known && uneventful(d.Before.Value) {
		return "the deployment succeeded and so did the one before, which the watch does not tell"
	}
	return ""
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
	rollback := info.IsRollback()
	version := info.Revision.Name()
	name := release(or(d.Application, "an unnamed application"), version)
	step, target := failure(d.Targets.Value)
	recovery := ""
	if d.State == wire.StateSuccess && !rollback {
		recovery = recovered(d.Before.Value, d.ended(e))
	}

	n.Kind = notice.KindDeployment
	n.Severity, n.Status = words.severity, words.status
	n.Key = e.key("codedeploy", d.Application+"/"+d.Group)
	what, title, to := "Deployment", words.title, " to "
	switch {
	case rollback:
		what, title = "Rollback", words.rollback
		n.Severity = words.rollbackSeverity
	case recovery != "":
		title, to = "Recovered", " deployed to "
	}
	n.Title = title + ": " + name + labelled(to, d.Group)
	n.Summary = what + " " + or(d.ID, "without an id") + " of " + name + labelled(" to group ", d.Group) + " " + words.summary
	switch {
	case recovery != "":
		n.Summary += ": recovered after " + recovery
	case step.brief() != "":
		n.Summary += " at " + step.brief() + " on " + or(target, "an unnamed target")
	default:
		n.Summary += labelled(": ", quoted(or(info.ErrorMessage, info.ErrorCode)))
	}
	n.Summary = sentences(n.Summary, labelled("it was made to undo deployment ", info.RollbackOf), labelled("it is rolled back by deployment ", info.RolledBackBy))

	console := consoleFor(e.Region)
	previous, compare := d.previous().before(info.Revision)
	n.Add("Application", d.Application, console.application(d.Application))
	n.Add("Group", d.Group, console.deploymentGroup(d.Application, d.Group))
	n.Add("State", string(d.State), "")
	n.Add("Version", version, "")
	n.Add("Error", strings.Trim(info.ErrorCode+": "+info.ErrorMessage, ": "), "")
	n.Add(notice.FailedAt, step.at(target), "")
	n.Add("Instances", counts(info.Instances), "")
	n.Add("Failed on", failedOn(d.Targets.Value), "")
	n.Add(notice.LogTail, logTail(step.LogTail), "")
	if recovery != "" {
		n.Add("Recovered", "after "+recovery, "")
	}
	n.Add("Previous", previous, compare)
	n.Add("Rollback of", info.RollbackOf, console.deployment(info.RollbackOf))
	n.Add("Rolled back by", info.RolledBackBy, console.deployment(info.RolledBackBy))
	n.Add("Rollback", info.RollbackMessage, "")
	n.Add("Made by", or(info.By.Value, creator(info.Creator)), "")
	n.Add("Description", info.Description, "")
	info.Revision.tell(n, console)
	e.tellTimes(n, info.Created, info.Completed, now)
	n.Add("Configuration", info.Config, "")
	n.Add("Platform", info.Platform, "")
	n.Add("Deployment", d.ID, console.deployment(d.ID))
	var missing gaps
	missing.add("Details", d.Info.Problem)
	missing.add("Where it failed", d.Targets.Problem)
	missing.add("Deployments before", d.Before.Problem)
	missing.add("Who made it", info.By.Problem)
	missing.tell(n)
	n.Release = &notice.Release{
		ID: d.ID, Application: d.Application, Group: d.Group, State: d.State,
		Version: version, Commit: info.Revision.Commit, Description: info.Description, By: or(info.By.Value, string(info.Creator)),
		Started: info.Created, Ended: info.Completed, Rollback: rollback, URL: console.deployment(d.ID),
	}
	n.Link("Deployment", console.deployment(d.ID))
	n.Link("Changes", compare)
	n.Link("Deployment group", console.deploymentGroup(d.Application, d.Group))
}

// release names a version of an application, without saying the application twice: in
// "web-1.4.2" it is said, in "web-api:3" another one is.
func release(application, version string) string {
	rest, same := strings.CutPrefix(strings.ToLower(version), strings.ToLower(application))
	number := strings.TrimLeft(rest, "-_.:/ v")
	switch {
	case version == "":
		return application
	case same && (rest == "" || number != rest && number != "" && '0' <= number[0] && number[0] <= '9'):
		return version
	default:
		return strings.TrimSpace(application + " " + version)
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
func (d *Deployment) Made(e *Event) time.Time { return firstKnown(d.Info.Value.Created, e.Time) }

// Bad reports whether the deployment did not do what it was made for.
func (d *Deployment) Bad() bool { return d.State == wire.StateFailure || d.State == wire.StateStop }

// ended is when the deployment ended, or, if that is not known, when its event was.
func (d *Deployment) ended(e *Event) time.Time { return firstKnown(d.Info.Value.Completed, e.Time) }
