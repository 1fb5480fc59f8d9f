package event

import (
	"fmt"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// ECSDeployment is a deployment that ECS itself makes of a service.
type ECSDeployment struct {
	// ID is "ecs-svc/…".
	ID               string
	Cluster, Service string
	State            wire.ECSState
	// Reason is what AWS says of it.
	Reason  string
	Updated time.Time

	// Info is what ECS knows of the service. Evidence.
	Info Finding[ServiceInfo]
}

// decodeECSDeployment reads "ECS Deployment State Change". Its detail does not name
// the service, and a rollback is told from a deployment by the prose only. A failure is
// told if the service has the deployment circuit breaker.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
func decodeECSDeployment(e *Event, detail fields) Subject {
	d := &ECSDeployment{
		ID:      detail.text("deploymentId"),
		Reason:  detail.text("reason"),
		Updated: detail.time("updatedAt"),
	}
	d.Cluster, d.Service = ecsService(e, detail)
	switch name := detail.text("eventName"); {
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

func (d *ECSDeployment) unwanted(w wire.Watch) string {
	if w.ECSDeployments == nil || w.ECSDeployments.Wants(d.State) {
		return ""
	}
	return "the deployment is " + string(d.State) + ", which the watch does not tell"
}

// ecsStateWords say a state of an ECS deployment, and which of CodeDeploy's it is.
type ecsStateWords struct {
	title, summary string
	state          wire.State
	severity       notice.Severity
	status         notice.Status
}

var ecsStates = map[wire.ECSState]ecsStateWords{
	wire.ECSInProgress:  {"Deployment started", "has begun", wire.StateStart, notice.Info, notice.Marker},
	wire.ECSRollingBack: {"Rolling back", "has begun", wire.StateStart, notice.Warning, notice.Open},
	wire.ECSCompleted:   {"Deployed", "completed", wire.StateSuccess, notice.Info, notice.Resolved},
	wire.ECSFailed:      {"Deployment failed", "failed", wire.StateFailure, notice.Error, notice.Open},
}

func (d *ECSDeployment) tell(n *notice.Notice, e *Event, now time.Time) {
	words, known := ecsStates[d.State]
	if !known {
		state := or(string(d.State), "in an unknown state")
		words = ecsStateWords{"Deployment " + state, "is " + state, wire.State(d.State), notice.Warning, notice.Marker}
	}
	info, own := d.Info.Value, d.rollout()
	previous, failed := info.previous(own), info.failedBefore(own)
	service, cluster := or(d.Service, "an unnamed service"), or(d.Cluster, "an unnamed cluster")
	rollback := d.State == wire.ECSRollingBack || own.rollback()

	n.Kind = notice.KindDeployment
	n.Severity, n.Status = words.severity, words.status
	n.Key = ecsKey(e, d.Cluster, d.Service) + ":deployment"
	info.worsen(n)
	lead := words.title + ": "
	if d.State == wire.ECSRollingBack && own.TaskDefinition != "" {
		lead = words.title + " to " // the version that it goes back to
	}
	n.Title = lead + release(service, own.TaskDefinition) + " in " + cluster
	n.Summary = d.summary(release(service, own.TaskDefinition)+" in "+kindAndName("cluster", d.Cluster)+" "+words.summary, rollback, failed)

	console := consoleFor(e.Region)
	info.tell(n, console, d.Cluster, d.Service)
	n.Add("State", string(d.State), "")
	n.Add("Version", own.TaskDefinition, console.taskDefinition(own.TaskDefinition))
	n.Add("Previous", previous, console.taskDefinition(previous))
	if own.Failed > 0 {
		n.Add("Failed tasks", fmt.Sprint(own.Failed), "")
	}
	if failed != nil {
		n.Add("Failed before", strings.Trim(failed.name()+": "+failed.Reason, ": "), "")
	}
	ended := time.Time{}
	if d.State == wire.ECSCompleted || d.State == wire.ECSFailed {
		ended = d.Updated
	}
	e.tellTimes(n, own.Created, ended, now)
	n.Add("Deployment", d.ID, console.ecsDeployments(d.Cluster, d.Service))
	n.Add("AWS says", or(d.Reason, "nothing"), "")
	if own.Reason != d.Reason {
		n.Add("By now", own.Reason, "")
	}
	var missing gaps
	missing.add("Service", d.Info.Problem)
	missing.tell(n)
	n.Release = &notice.Release{
		ID: d.ID, Application: d.Service, Group: d.Cluster, State: words.state, Version: own.TaskDefinition,
		Started: own.Created, Ended: ended, Rollback: rollback, URL: console.ecsDeployments(d.Cluster, d.Service),
	}
	n.Link("Deployments", console.ecsDeployments(d.Cluster, d.Service))
	n.Link("Service", console.ecsService(d.Cluster, d.Service))
}

func (d *ECSDeployment) summary(of string, rollback bool, failed *Rollout) string {
	what := "Deployment "
	if rollback {
		what = "Rollback "
	}
	what += or(d.ID, "without an id") + " of " + of
	if d.State == wire.ECSFailed || d.State == wire.ECSRollingBack {
		what += labelled(": ", quoted(d.Reason))
	}
	var before string
	if failed != nil {
		before = "deployment " + failed.name() + " failed before it"
	}
	return sentences(what, before, labelled("the service has ", d.Info.Value.words()))
}

// rollout is ECS's record of the deployment, as far as there is one. For a rollback
// it is the one that "rolling back to deploymentId ecs-svc/123." names, if that is
// still known.
func (d *ECSDeployment) rollout() Rollout {
	_, target, _ := strings.Cut(d.Reason, "rolling back to deploymentId ")
	for _, id := range []string{strings.TrimRight(target, ". "), d.ID} {
		for _, r := range d.Info.Value.Rollouts {
			if r.ID == id && id != "" {
				return r
			}
		}
	}
	return Rollout{}
}

// failedBefore returns the deployment that failed last before r began, if ECS still
// knows it, or nil.
func (s ServiceInfo) failedBefore(r Rollout) *Rollout {
	var last *Rollout
	for i, b := range s.Rollouts {
		if b.State == "FAILED" && b.Created.Before(r.Created) && (last == nil || b.Created.After(last.Created)) {
			last = &s.Rollouts[i]
		}
	}
	return last
}

// name is "ecs-svc/123 to web:42".
func (r Rollout) name() string {
	return strings.TrimSuffix(or(r.ID, "without an id")+" to "+r.TaskDefinition, " to ")
}
