package ecs

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Deployment is a deployment that ECS itself makes of a service.
type Deployment struct {
	ID               string // "ecs-svc/…"
	Cluster, Service string
	State            wire.ECSDeploymentState
	Reason           string // in AWS's words
	Updated          time.Time

	// Info is what ECS knows of the service.
	Info event.Finding[ServiceInfo]
}

// decodeDeployment reads "ECS Deployment State Change". Its detail does not name the service,
// and only the text of its reason distinguishes a rollback. ECS sends failures of services
// that have the deployment circuit breaker.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
func decodeDeployment(e *event.Event, detail event.Fields) event.Subject {
	d := &Deployment{
		ID:      detail.Text("deploymentId"),
		Reason:  detail.Text("reason"),
		Updated: detail.Time("updatedAt"),
	}
	d.Cluster, d.Service = serviceOf(e, detail)
	switch name := detail.Text("eventName"); {
	case name == "SERVICE_DEPLOYMENT_IN_PROGRESS" && rollingBack(d.Reason):
		d.State = wire.ECSDeploymentRollingBack
	case name == "SERVICE_DEPLOYMENT_IN_PROGRESS":
		d.State = wire.ECSDeploymentInProgress
	case name == "SERVICE_DEPLOYMENT_COMPLETED":
		d.State = wire.ECSDeploymentCompleted
	case name == "SERVICE_DEPLOYMENT_FAILED":
		d.State = wire.ECSDeploymentFailed
	default:
		d.State = wire.ECSDeploymentState(name)
	}
	return d
}

// SkipReason implements [event.Subject].
func (d *Deployment) SkipReason(w wire.Watch) string {
	if w.ECSDeployments == nil || w.ECSDeployments.Wants(d.State) {
		return ""
	}
	return "the deployment is " + string(d.State) + ", which the watch does not report"
}

// stateText says a state of an ECS deployment, and which of CodeDeploy's states it equals.
type stateText struct {
	title, summary string
	state          wire.DeploymentState
	severity       notice.Severity
	status         notice.Status
}

var states = map[wire.ECSDeploymentState]stateText{
	wire.ECSDeploymentInProgress:  {"Deployment started", "has begun", wire.DeploymentStarted, notice.Info, notice.Marker},
	wire.ECSDeploymentRollingBack: {"Rolling back", "has begun", wire.DeploymentStarted, notice.Warning, notice.Open},
	wire.ECSDeploymentCompleted:   {"Deployed", "completed", wire.DeploymentSucceeded, notice.Info, notice.Resolved},
	wire.ECSDeploymentFailed:      {"Deployment failed", "failed", wire.DeploymentFailed, notice.Error, notice.Open},
}

// Describe implements [event.Subject].
func (d *Deployment) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	text, known := states[d.State]
	if !known {
		state := cmp.Or(string(d.State), "in an unknown state")
		text = stateText{"Deployment " + state, "is " + state, wire.DeploymentState(d.State), notice.Warning, notice.Marker}
	}
	record, console := d.record(), e.Console()
	n.Kind = notice.KindDeployment
	n.Severity, n.Status = text.severity, text.status
	n.Key = serviceKey(e, d.Cluster, d.Service) + ":deployment"
	d.Info.Value.escalate(n)
	d.headline(n, text, record)
	d.addFacts(n, e, now, record)
	n.Release = &notice.Release{
		ID: d.ID, Application: d.Service, Group: d.Cluster, State: text.state, Version: record.TaskDefinition,
		Started: record.Created, Ended: d.ended(), Rollback: d.isRollback(record), URL: console.ECSDeployments(d.Cluster, d.Service),
	}
	n.Link("Deployments", console.ECSDeployments(d.Cluster, d.Service))
	n.Link("Service", console.ECSService(d.Cluster, d.Service))
}

// headline fills in the title and the summary.
func (d *Deployment) headline(n *notice.Notice, text stateText, record DeploymentInfo) {
	name := event.ReleaseName(cmp.Or(d.Service, "an unnamed service"), record.TaskDefinition)
	separator := ": "
	if d.State == wire.ECSDeploymentRollingBack && record.TaskDefinition != "" {
		separator = " to " // the version that it goes back to
	}
	n.Title = text.title + separator + name + " in " + cmp.Or(d.Cluster, "an unnamed cluster")

	what := "Deployment "
	if d.isRollback(record) {
		what = "Rollback "
	}
	what += cmp.Or(d.ID, "without an id") + " of " + name + " in " + kindAndName("cluster", d.Cluster) + " " + text.summary
	if d.State == wire.ECSDeploymentFailed || d.State == wire.ECSDeploymentRollingBack {
		what += event.Labeled(": ", event.Quoted(d.Reason))
	}
	var before string
	if failed := d.Info.Value.failedBefore(record); failed != nil {
		before = "deployment " + failed.name() + " failed before it"
	}
	n.Summary = event.Sentences(what, before, event.Labeled("the service has ", d.Info.Value.taskCounts()))
}

func (d *Deployment) addFacts(n *notice.Notice, e *event.Event, now time.Time, record DeploymentInfo) {
	info, console := d.Info.Value, e.Console()
	previous := info.previous(record)
	info.addFacts(n, console, d.Cluster, d.Service)
	n.Add("State", string(d.State), "")
	n.Add("Version", record.TaskDefinition, console.TaskDefinition(record.TaskDefinition))
	n.Add("Previous", previous, console.TaskDefinition(previous))
	if record.FailedTasks > 0 {
		n.Add("Failed tasks", strconv.Itoa(record.FailedTasks), "")
	}
	if failed := info.failedBefore(record); failed != nil {
		n.Add("Failed before", strings.Trim(failed.name()+": "+failed.Reason, ": "), "")
	}
	e.AddTimes(n, record.Created, d.ended(), now)
	n.Add("Deployment", d.ID, console.ECSDeployments(d.Cluster, d.Service))
	n.Add("AWS says", cmp.Or(d.Reason, "nothing"), "")
	if record.Reason != d.Reason {
		n.Add("By now", record.Reason, "")
	}
	var missing event.Gaps
	missing.Add("Service", d.Info.Problem)
	missing.AddTo(n)
}

// ended is when the deployment ended, the zero time if it has not.
func (d *Deployment) ended() time.Time {
	if d.State == wire.ECSDeploymentCompleted || d.State == wire.ECSDeploymentFailed {
		return d.Updated
	}
	return time.Time{}
}

// isRollback reports whether the deployment undoes another.
func (d *Deployment) isRollback(record DeploymentInfo) bool {
	return d.State == wire.ECSDeploymentRollingBack || record.isRollback()
}

// record is ECS's record of the deployment, the zero value if there is none. For a rollback it
// is the record of the deployment that "rolling back to deploymentId ecs-svc/123." names, if
// ECS still knows it.
func (d *Deployment) record() DeploymentInfo {
	_, target, _ := strings.Cut(d.Reason, "rolling back to deploymentId ")
	for _, id := range []string{strings.TrimRight(target, ". "), d.ID} {
		for _, r := range d.Info.Value.Deployments {
			if r.ID == id && id != "" {
				return r
			}
		}
	}
	return DeploymentInfo{}
}
