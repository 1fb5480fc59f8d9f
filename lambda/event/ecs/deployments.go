package ecs

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Deployment is a deployment that ECS itself makes of a service.
type Deployment struct {
	// ID is "ecs-svc/…".
	ID               string
	Cluster, Service string
	State            wire.ECSState
	// Reason is what AWS says of it.
	Reason  string
	Updated time.Time

	// Info is what ECS knows of the service. Evidence.
	Info event.Finding[ServiceInfo]
}

// decodeDeployment reads "ECS Deployment State Change". Its detail does not name
// the service, and a rollback is told from a deployment by the prose only. A failure is
// told if the service has the deployment circuit breaker.
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
		d.State = wire.ECSRollingBack
	case name == "SERVICE_DEPLOYMENT_IN_PROGRESS":
		d.State = wire.ECSInProgress
	case name == "SERVICE_DEPLOYMENT_COMPLETED":
		d.State = wire.ECSCompleted
	case name == "SERVICE_DEPLOYMENT_FAILED":
		d.State = wire.ECSFailed
	default:
		d.State = wire.ECSState(name)
	}
	return d
}

func (d *Deployment) SkipReason(w wire.Watch) string {
	if w.ECSDeployments == nil || w.ECSDeployments.Wants(d.State) {
		return ""
	}
	return "the deployment is " + string(d.State) + ", which the watch does not tell"
}

// stateText say a state of an ECS deployment, and which of CodeDeploy's it is.
type stateText struct {
	title, summary string
	state          wire.State
	severity       notice.Severity
	status         notice.Status
}

var states = map[wire.ECSState]stateText{
	wire.ECSInProgress:  {"Deployment started", "has begun", wire.StateStart, notice.Info, notice.Marker},
	wire.ECSRollingBack: {"Rolling back", "has begun", wire.StateStart, notice.Warning, notice.Open},
	wire.ECSCompleted:   {"Deployed", "completed", wire.StateSuccess, notice.Info, notice.Resolved},
	wire.ECSFailed:      {"Deployment failed", "failed", wire.StateFailure, notice.Error, notice.Open},
}

func (d *Deployment) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	words, known := states[d.State]
	if !known {
		state := cmp.Or(string(d.State), "in an unknown state")
		words = stateText{"Deployment " + state, "is " + state, wire.State(d.State), notice.Warning, notice.Marker}
	}
	info, own := d.Info.Value, d.record()
	previous, failed := info.previous(own), info.failedBefore(own)
	service, cluster := cmp.Or(d.Service, "an unnamed service"), cmp.Or(d.Cluster, "an unnamed cluster")
	rollback := d.State == wire.ECSRollingBack || own.isRollback()

	n.Kind = notice.KindDeployment
	n.Severity, n.Status = words.severity, words.status
	n.Key = serviceKey(e, d.Cluster, d.Service) + ":deployment"
	info.escalate(n)
	lead := words.title + ": "
	if d.State == wire.ECSRollingBack && own.TaskDefinition != "" {
		lead = words.title + " to " // the version that it goes back to
	}
	n.Title = lead + event.ReleaseName(service, own.TaskDefinition) + " in " + cluster
	n.Summary = d.summary(event.ReleaseName(service, own.TaskDefinition)+" in "+kindAndName("cluster", d.Cluster)+" "+words.summary, rollback, failed)

	console := e.Console()
	info.addFacts(n, console, d.Cluster, d.Service)
	n.Add("State", string(d.State), "")
	n.Add("Version", own.TaskDefinition, console.TaskDefinition(own.TaskDefinition))
	n.Add("Previous", previous, console.TaskDefinition(previous))
	if own.FailedTasks > 0 {
		n.Add("Failed tasks", fmt.Sprint(own.FailedTasks), "")
	}
	if failed != nil {
		n.Add("Failed before", strings.Trim(failed.name()+": "+failed.Reason, ": "), "")
	}
	ended := time.Time{}
	if d.State == wire.ECSCompleted || d.State == wire.ECSFailed {
		ended = d.Updated
	}
	e.AddTimes(n, own.Created, ended, now)
	n.Add("Deployment", d.ID, console.ECSDeployments(d.Cluster, d.Service))
	n.Add("AWS says", cmp.Or(d.Reason, "nothing"), "")
	if own.Reason != d.Reason {
		n.Add("By now", own.Reason, "")
	}
	var missing event.Gaps
	missing.Add("Service", d.Info.Problem)
	missing.AddTo(n)
	n.Release = &notice.Release{
		ID: d.ID, Application: d.Service, Group: d.Cluster, State: words.state, Version: own.TaskDefinition,
		Started: own.Created, Ended: ended, Rollback: rollback, URL: console.ECSDeployments(d.Cluster, d.Service),
	}
	n.Link("Deployments", console.ECSDeployments(d.Cluster, d.Service))
	n.Link("Service", console.ECSService(d.Cluster, d.Service))
}

func (d *Deployment) summary(of string, rollback bool, failed *DeploymentInfo) string {
	what := "Deployment "
	if rollback {
		what = "Rollback "
	}
	what += cmp.Or(d.ID, "without an id") + " of " + of
	if d.State == wire.ECSFailed || d.State == wire.ECSRollingBack {
		what += event.Labeled(": ", event.Quoted(d.Reason))
	}
	var before string
	if failed != nil {
		before = "deployment " + failed.name() + " failed before it"
	}
	return event.Sentences(what, before, event.Labeled("the service has ", d.Info.Value.taskCounts()))
}

// record is ECS's record of the deployment, as far as there is one. For a rollback
// it is the one that "rolling back to deploymentId ecs-svc/123." names, if that is
// still known.
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

// failedBefore returns the deployment that failed last before r began, if ECS still
// knows it, or nil.
func (s ServiceInfo) failedBefore(r DeploymentInfo) *DeploymentInfo {
	var last *DeploymentInfo
	for i, b := range s.Deployments {
		if b.State == "FAILED" && b.Created.Before(r.Created) && (last == nil || b.Created.After(last.Created)) {
			last = &s.Deployments[i]
		}
	}
	return last
}

// name is "ecs-svc/123 to web:42".
func (r DeploymentInfo) name() string {
	return strings.TrimSuffix(cmp.Or(r.ID, "without an id")+" to "+r.TaskDefinition, " to ")
}
