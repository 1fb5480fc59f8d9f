package codedeploy

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Deployment is a CodeDeploy deployment that changed its state.
type Deployment struct {
	ID          string
	Application string
	Group       string
	State       wire.State

	// Info is what CodeDeploy knows of the deployment. Evidence.
	Info event.Finding[DeploymentInfo]
	// Before are the deployments of the same group that were made before this one,
	// the newest first. Evidence.
	Before event.Finding[[]DeploymentInfo]
	// Targets are where a deployment failed. Evidence.
	Targets event.Finding[[]DeploymentTarget]
}

// decodeDeployment reads "CodeDeploy Deployment State-change Notification".
//
// https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
func decodeDeployment(e *event.Event, detail event.Fields) event.Subject {
	d := &Deployment{
		ID:    detail.Text("deploymentId"),
		State: wire.State(detail.Text("state")),
	}
	d.Application, d.Group = deploymentGroup(e, detail)
	return d
}

// deploymentGroup reads the application and its deployment group, from the detail or
// else from the resources.
func deploymentGroup(e *event.Event, detail event.Fields) (application, group string) {
	named, of, _ := strings.Cut(e.Resource(":deploymentgroup:"), "/")
	application = cmp.Or(detail.Text("application"), cmp.Or(e.Resource(":application:"), named))
	return application, cmp.Or(detail.Text("deploymentGroup"), of)
}

func (d *Deployment) SkipReason(w wire.Watch) string {
	if w.Deployments == nil {
		return ""
	}
	if c := d.Info.Value.Creator; d.Info.Known && !w.Deployments.Wants(c) {
		return fmt.Sprintf("the deployment was made by %s, which the watch does not tell", creatorText(c))
	}
	if w.Deployments.Changes && d.State == wire.StateSuccess && !d.Info.Value.IsRollback() &&
		d.Before.Known && uneventful(d.Before.Value) {
		return "the deployment succeeded and so did the one before, which the watch does not tell"
	}
	return ""
}

// stateText say a state, of a deployment and of a rollback.
type stateText struct {
	title, rollback  string
	summary          string
	severity         notice.Severity
	rollbackSeverity notice.Severity
	status           notice.Status
}

var states = map[wire.State]stateText{
	wire.StateStart:   {"Deployment started", "Rollback started", "started", notice.Info, notice.Warning, notice.Marker},
	wire.StateReady:   {"Deployment ready", "Rollback ready", "is ready: the replacement environment waits for traffic", notice.Info, notice.Warning, notice.Marker},
	wire.StateSuccess: {"Deployed", "Rolled back", "succeeded", notice.Info, notice.Warning, notice.Resolved},
	wire.StateFailure: {"Deployment failed", "Rollback failed", "failed", notice.Error, notice.Critical, notice.Open},
	wire.StateStop:    {"Deployment stopped", "Rollback stopped", "was stopped", notice.Warning, notice.Error, notice.Open},
}

func (d *Deployment) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	info := d.Info.Value
	words, known := states[d.State]
	if !known {
		state := cmp.Or(string(d.State), "in an unknown state")
		words = stateText{"Deployment " + state, "Rollback " + state, "is " + state, notice.Warning, notice.Warning, notice.Marker}
	}
	rollback := info.IsRollback()
	version := info.Revision.Name()
	name := event.ReleaseName(cmp.Or(d.Application, "an unnamed application"), version)
	step, target := firstFailure(d.Targets.Value)
	recovery := ""
	if d.State == wire.StateSuccess && !rollback {
		recovery = recovered(d.Before.Value, d.ended(e))
	}

	n.Kind = notice.KindDeployment
	n.Severity, n.Status = words.severity, words.status
	n.Key = e.Key("codedeploy", d.Application+"/"+d.Group)
	what, title, to := "Deployment", words.title, " to "
	switch {
	case rollback:
		what, title = "Rollback", words.rollback
		n.Severity = words.rollbackSeverity
	case recovery != "":
		title, to = "Recovered", " deployed to "
	}
	n.Title = title + ": " + name + event.Labeled(to, d.Group)
	n.Summary = what + " " + cmp.Or(d.ID, "without an id") + " of " + name + event.Labeled(" to group ", d.Group) + " " + words.summary
	switch {
	case recovery != "":
		n.Summary += ": recovered after " + recovery
	case step.brief() != "":
		n.Summary += " at " + step.brief() + " on " + cmp.Or(target, "an unnamed target")
	default:
		n.Summary += event.Labeled(": ", event.Quoted(cmp.Or(info.ErrorMessage, info.ErrorCode)))
	}
	n.Summary = event.Sentences(n.Summary, event.Labeled("it was made to undo deployment ", info.RollbackOf), event.Labeled("it is rolled back by deployment ", info.RolledBackBy))

	console := e.Console()
	previous, compare := d.previous().before(info.Revision)
	n.Add("Application", d.Application, console.Application(d.Application))
	n.Add("Group", d.Group, console.DeploymentGroup(d.Application, d.Group))
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
	n.Add("Rollback of", info.RollbackOf, console.Deployment(info.RollbackOf))
	n.Add("Rolled back by", info.RolledBackBy, console.Deployment(info.RolledBackBy))
	n.Add("Rollback", info.RollbackMessage, "")
	n.Add("Made by", cmp.Or(info.By.Value, creatorText(info.Creator)), "")
	n.Add("Description", info.Description, "")
	info.Revision.addFacts(n, console)
	e.AddTimes(n, info.Created, info.Completed, now)
	n.Add("Configuration", info.Config, "")
	n.Add("Platform", info.Platform, "")
	n.Add("Deployment", d.ID, console.Deployment(d.ID))
	var missing event.Gaps
	missing.Add("Details", d.Info.Problem)
	missing.Add("Where it failed", d.Targets.Problem)
	missing.Add("Deployments before", d.Before.Problem)
	missing.Add("Who made it", info.By.Problem)
	missing.AddTo(n)
	n.Release = &notice.Release{
		ID: d.ID, Application: d.Application, Group: d.Group, State: d.State,
		Version: version, Commit: info.Revision.Commit, Description: info.Description, By: cmp.Or(info.By.Value, string(info.Creator)),
		Started: info.Created, Ended: info.Completed, Rollback: rollback, URL: console.Deployment(d.ID),
	}
	n.Link("Deployment", console.Deployment(d.ID))
	n.Link("Changes", compare)
	n.Link("Deployment group", console.DeploymentGroup(d.Application, d.Group))
}

// creatorText says who made a deployment.
func creatorText(c wire.Creator) string {
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

// Created is when the deployment was made, or, if that is not known, when its event was.
func (d *Deployment) Created(e *event.Event) time.Time {
	return event.FirstKnown(d.Info.Value.Created, e.Time)
}

// Unsuccessful reports whether the deployment did not do what it was made for.
func (d *Deployment) Unsuccessful() bool {
	return d.State == wire.StateFailure || d.State == wire.StateStop
}

// ended is when the deployment ended, or, if that is not known, when its event was.
func (d *Deployment) ended(e *event.Event) time.Time {
	return event.FirstKnown(d.Info.Value.Completed, e.Time)
}
