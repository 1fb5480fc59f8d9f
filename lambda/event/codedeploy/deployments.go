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
	Group       string // the deployment group
	State       wire.DeploymentState

	// Info is what CodeDeploy knows of it.
	Info event.Finding[DeploymentInfo]
	// Before are the earlier deployments of the same group, the newest first.
	Before event.Finding[[]DeploymentInfo]
	// Targets are where it failed.
	Targets event.Finding[[]DeploymentTarget]
}

// decodeDeployment reads "CodeDeploy Deployment State-change Notification".
//
// https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
func decodeDeployment(e *event.Event, detail event.Fields) event.Subject {
	d := &Deployment{
		ID:    detail.Text("deploymentId"),
		State: wire.DeploymentState(detail.Text("state")),
	}
	d.Application, d.Group = deploymentGroup(e, detail)
	return d
}

// deploymentGroup reads the names of the application and of its deployment group, from the
// detail or else from the resources.
func deploymentGroup(e *event.Event, detail event.Fields) (application, group string) {
	ofGroup, name, _ := strings.Cut(e.Resource(":deploymentgroup:"), "/")
	application = cmp.Or(detail.Text("application"), e.Resource(":application:"), ofGroup)
	return application, cmp.Or(detail.Text("deploymentGroup"), name)
}

// SkipReason implements [event.Subject]. What is not looked up yet skips nothing.
func (d *Deployment) SkipReason(w wire.Watch) string {
	if w.Deployments == nil {
		return ""
	}
	if c := d.Info.Value.Creator; d.Info.Known && !w.Deployments.Wants(c) {
		return fmt.Sprintf("the deployment was made by %s, which the watch does not report", creatorText(c))
	}
	if w.Deployments.Changes && d.State == wire.DeploymentSucceeded && !d.Info.Value.IsRollback() &&
		d.Before.Known && uneventful(d.Before.Value) {
		return "the deployment succeeded and so did the one before, which the watch does not report"
	}
	return ""
}

// stateText says a state, of a deployment and of a rollback.
type stateText struct {
	title, rollback  string
	summary          string
	severity         notice.Severity
	rollbackSeverity notice.Severity
	status           notice.Status
}

var states = map[wire.DeploymentState]stateText{
	wire.DeploymentStarted:   {"Deployment started", "Rollback started", "started", notice.Info, notice.Warning, notice.Marker},
	wire.DeploymentReady:     {"Deployment ready", "Rollback ready", "is ready: the replacement environment waits for traffic", notice.Info, notice.Warning, notice.Marker},
	wire.DeploymentSucceeded: {"Deployed", "Rolled back", "succeeded", notice.Info, notice.Warning, notice.Resolved},
	wire.DeploymentFailed:    {"Deployment failed", "Rollback failed", "failed", notice.Error, notice.Critical, notice.Open},
	wire.DeploymentStopped:   {"Deployment stopped", "Rollback stopped", "was stopped", notice.Warning, notice.Error, notice.Open},
}

// Describe implements [event.Subject].
func (d *Deployment) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	n.Kind = notice.KindDeployment
	n.Key = groupKey(e, d.Application, d.Group)
	d.headline(n, e)
	d.addFacts(n, e, now)
	info, console := d.Info.Value, e.Console()
	n.Release = &notice.Release{
		ID: d.ID, Application: d.Application, Group: d.Group, State: d.State,
		Version: info.Revision.Name(), Commit: info.Revision.Commit, Description: info.Description,
		By:      cmp.Or(info.By.Value, string(info.Creator)),
		Started: info.Created, Ended: info.Completed, Rollback: info.IsRollback(), URL: console.Deployment(d.ID),
	}
	_, compare := d.previous().before(info.Revision)
	n.Link("Deployment", console.Deployment(d.ID))
	n.Link("Changes", compare)
	n.Link("Deployment group", console.DeploymentGroup(d.Application, d.Group))
}

// headline fills in the severity, the status, the title and the summary.
func (d *Deployment) headline(n *notice.Notice, e *event.Event) {
	text, known := states[d.State]
	if !known {
		state := cmp.Or(string(d.State), "in an unknown state")
		text = stateText{"Deployment " + state, "Rollback " + state, "is " + state, notice.Warning, notice.Warning, notice.Marker}
	}
	info, recovery := d.Info.Value, d.recovery(e)
	n.Severity, n.Status = text.severity, text.status
	what, title, to := "Deployment", text.title, " to "
	switch {
	case info.IsRollback():
		what, title = "Rollback", text.rollback
		n.Severity = text.rollbackSeverity
	case recovery != "":
		title, to = "Recovered", " deployed to "
	}
	name := event.ReleaseName(cmp.Or(d.Application, "an unnamed application"), info.Revision.Name())
	n.Title = title + d.titleCause() + ": " + name + event.Labeled(to, d.Group)
	n.Summary = event.Sentences(
		what+" "+cmp.Or(d.ID, "without an id")+" of "+name+event.Labeled(" to group ", d.Group)+" "+text.summary+d.why(recovery),
		event.Labeled("it undoes deployment ", info.RollbackOf),
		event.Labeled("it is rolled back by deployment ", info.RolledBackBy))
}

// titleCause says in the title where the deployment failed and why, or why it was stopped.
func (d *Deployment) titleCause() string {
	if !d.Unsuccessful() {
		return ""
	}
	failed, _ := d.failure()
	if alarms := d.Info.Value.alarms(); len(alarms) == 0 && failed.Name != "" {
		return " at " + failed.Name + parenthesized(failed.cause())
	}
	return parenthesized(d.Info.Value.cause())
}

func parenthesized(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

// failure is the first lifecycle event that failed, and its target. That of a Lambda function or
// of an ECS service has a function in place of a script.
func (d *Deployment) failure() (failed LifecycleEvent, target string) {
	failed, target = firstFailure(d.Targets.Value)
	if failed.Script == "" && failed.Name != "" {
		failed.Script = event.Labeled("function ", appSpecValue(d.Info.Value.Revision.AppSpec, failed.Name))
	}
	return failed, target
}

// why ends the summary's first sentence with the strongest that is known of the outcome.
func (d *Deployment) why(recovery string) string {
	failed, target := d.failure()
	info := d.Info.Value
	switch {
	case recovery != "":
		return ": recovered after " + recovery
	case len(info.alarms()) > 0:
		return " by " + info.cause()
	case failed.brief() != "":
		return " at " + failed.brief() + " on " + cmp.Or(target, "an unnamed target") + event.Labeled(": ", failed.why())
	case info.ErrorCode == manualStop:
		return " by hand" + event.Labeled(": ", event.Quoted(info.ErrorMessage))
	default:
		return event.Labeled(": ", event.Quoted(cmp.Or(info.ErrorMessage, info.ErrorCode)))
	}
}

// recovery says which failures a success came after, "" if it came after none.
func (d *Deployment) recovery(e *event.Event) string {
	if d.State != wire.DeploymentSucceeded || d.Info.Value.IsRollback() {
		return ""
	}
	return recovered(d.Before.Value, event.FirstKnown(d.Info.Value.Completed, e.Time))
}

func (d *Deployment) addFacts(n *notice.Notice, e *event.Event, now time.Time) {
	info, console := d.Info.Value, e.Console()
	failed, target := d.failure()
	previous, compare := d.previous().before(info.Revision)
	n.Add("Application", d.Application, console.Application(d.Application))
	n.Add("Group", d.Group, console.DeploymentGroup(d.Application, d.Group))
	n.Add("State", string(d.State), "")
	n.Add("Version", info.Revision.Name(), "")
	n.Add("Error", strings.Trim(info.ErrorCode+": "+info.ErrorMessage, ": "), "")
	n.Add("Alarms", strings.Join(info.alarms(), "\n"), "")
	n.Add(notice.FailedAt, failed.at(target), "")
	n.Add("Instances", counts(info.Instances), "")
	n.Add("Failed on", failedOn(d.Targets.Value), "")
	n.Add(notice.LogTail, logTail(failed.LogTail), "")
	n.Add("Recovered", event.Labeled("after ", d.recovery(e)), "")
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

// counts writes how many instances have which status: "2 Succeeded, 1 Failed".
func counts(instances []InstanceCount) string {
	var all []string
	for _, i := range instances {
		all = append(all, fmt.Sprintf("%d %s", i.Count, i.Status))
	}
	return strings.Join(all, ", ")
}

// Created is when the deployment was made, or the time of its event if that is not known.
func (d *Deployment) Created(e *event.Event) time.Time {
	return event.FirstKnown(d.Info.Value.Created, e.Time)
}

// Unsuccessful reports whether the deployment failed or was stopped.
func (d *Deployment) Unsuccessful() bool {
	return d.State == wire.DeploymentFailed || d.State == wire.DeploymentStopped
}
