package ecs

import (
	"cmp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Deployment is a deployment that ECS itself makes of a service.
type Deployment struct {
	ID               string // "ecs-svc/…"
	Cluster, Service string
	State            wire.ECSDeploymentState
	Reason           string // in AWS's text
	Updated          time.Time

	// Info is what ECS knows of the service.
	Info event.Finding[ServiceInfo]
	// ServiceDeployment is what ECS knows of why it failed or is rolled back.
	ServiceDeployment event.Finding[ServiceDeployment]
}

// decodeDeployment reads "ECS Deployment State Change". Its detail does not name the service,
// and only the text of its reason distinguishes a rollback. ECS sends failures of services
// that have the deployment circuit breaker or alarms.
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

// stateText says a state of an ECS deployment and of a rollback, and which of CodeDeploy's
// states it equals.
type stateText struct {
	title, rollback, summary   string
	state                      wire.DeploymentState
	severity, rollbackSeverity notice.Severity
	status                     notice.Status
}

var states = map[wire.ECSDeploymentState]stateText{
	wire.ECSDeploymentInProgress:  {"Deployment started", "Rolling back", "started", wire.DeploymentStarted, notice.Info, notice.Warning, notice.Marker},
	wire.ECSDeploymentRollingBack: {"Rolling back", "Rolling back", "started", wire.DeploymentStarted, notice.Warning, notice.Warning, notice.Open},
	wire.ECSDeploymentCompleted:   {"Deployed", "Rolled back", "completed", wire.DeploymentSucceeded, notice.Info, notice.Warning, notice.Resolved},
	wire.ECSDeploymentFailed:      {"Deployment failed", "Rollback failed", "failed", wire.DeploymentFailed, notice.Error, notice.Critical, notice.Open},
}

// text says the deployment's state. Whether a deployment that completed was a rollback only
// ECS's record says, so without it the title does not say that something was deployed.
func (d *Deployment) text() stateText {
	text, known := states[d.State]
	switch {
	case !known:
		title := strings.TrimSpace("Unknown deployment event " + string(d.State))
		summary := "has sent " + cmp.Or(string(d.State), "an event without a name") + ", which extraeye does not know"
		return stateText{title, title, summary, wire.DeploymentState(d.State), notice.Warning, notice.Warning, notice.Marker}
	case d.State == wire.ECSDeploymentCompleted && !d.ServiceDeployment.Known:
		text.title = "Deployment completed"
	}
	return text
}

// Describe implements [event.Subject].
func (d *Deployment) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	text, record, console := d.text(), d.record(), e.Console()
	rollback := d.isRollback(record)
	n.Kind = notice.KindDeployment
	n.Severity, n.Status = text.severity, text.status
	if rollback {
		n.Severity = text.rollbackSeverity
	}
	n.Key = serviceKey(e, d.Cluster, d.Service) + ":deployment"
	d.Info.Value.escalate(n)
	d.headline(n, text, record, now)
	d.addFacts(n, e, now, record)
	n.Release = &notice.Release{
		ID: d.ID, Application: d.Service, Group: d.Cluster, State: text.state, Version: record.TaskDefinition,
		Started: record.Created, Ended: d.ended(), Rollback: rollback, URL: console.ECSDeployments(d.Cluster, d.Service),
	}
	n.Link("Deployments", console.ECSDeployments(d.Cluster, d.Service))
	n.Link("Service", console.ECSService(d.Cluster, d.Service))
}

// headline fills in the title and the summary.
func (d *Deployment) headline(n *notice.Notice, text stateText, record DeploymentInfo, now time.Time) {
	rollback, service := d.isRollback(record), d.ServiceDeployment.Value
	title, what := text.title, "Deployment "
	if rollback {
		title, what = text.rollback, "Rollback "
	}
	cause := d.cause(rollback)
	if cause != "" {
		cause = " (" + cause + ")"
	}
	name := event.ReleaseName(cmp.Or(d.Service, "an unnamed service"), record.TaskDefinition)
	in := " in " + cmp.Or(d.Cluster, "an unnamed cluster")
	if rollback && text.state != wire.DeploymentFailed && record.TaskDefinition != "" {
		n.Title = title + " to " + name + in + cause // the version that it goes back to
	} else {
		n.Title = title + cause + ": " + name + in
	}

	what += cmp.Or(d.ID, "without an id") + " of " + name + " in " + kindAndName("cluster", d.Cluster) + " " + text.summary
	what += event.Labeled(": ", d.why(rollback))
	var before, after string
	if failed := d.Info.Value.failedBefore(record); failed != nil {
		before = "deployment " + failed.name() + " failed before it"
	}
	if d.State == wire.ECSDeploymentFailed {
		after = afterFailure[service.Status]
	}
	n.Summary = event.Sentences(what, service.triggered(), after, before, service.waits(now), event.Labeled("the service has ", d.Info.Value.taskCounts()))
}

// why quotes AWS on why the deployment failed or was rolled back, or what it says in an unknown
// state.
func (d *Deployment) why(rollback bool) string {
	switch _, known := states[d.State]; {
	case d.State == wire.ECSDeploymentFailed, rollback && d.State != wire.ECSDeploymentCompleted:
		return cmp.Or(d.ServiceDeployment.Value.reason(), event.Quoted(d.Reason))
	case rollback:
		return d.ServiceDeployment.Value.reason()
	case !known:
		return event.Quoted(d.Reason)
	default:
		return ""
	}
}

// cause says in a few words why the deployment failed or was rolled back, for the title.
func (d *Deployment) cause(rollback bool) string {
	if d.State != wire.ECSDeploymentFailed && !rollback {
		return ""
	}
	if cause := d.ServiceDeployment.Value.cause(); cause != "" {
		return cause
	}
	_, reason, found := strings.Cut(event.Quoted(d.Reason), "circuit breaker: ")
	if found && !rollback && utf8.RuneCountInString(reason) <= maxInTitle {
		return reason
	}
	return ""
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
	d.ServiceDeployment.Value.addFacts(n, now)
	e.AddTimes(n, record.Created, d.ended(), now)
	n.Add("Deployment", d.ID, console.ECSDeployments(d.Cluster, d.Service))
	n.Add("AWS says", cmp.Or(d.Reason, "nothing"), "")
	if record.Reason != d.Reason {
		n.Add("By now", record.Reason, "")
	}
	var missing event.Gaps
	missing.Add("Service", d.Info.Problem)
	missing.Add("Service deployment", d.ServiceDeployment.Problem)
	missing.AddTo(n)
}

// ended is when the deployment ended, the zero time if it has not.
func (d *Deployment) ended() time.Time {
	if d.State == wire.ECSDeploymentCompleted || d.State == wire.ECSDeploymentFailed {
		return d.Updated
	}
	return time.Time{}
}

// isRollback reports whether the deployment undoes another: as AWS's text about it says, or
// ECS's record. A deployment that failed may be rolled back without being a rollback.
func (d *Deployment) isRollback(record DeploymentInfo) bool {
	status := d.ServiceDeployment.Value
	switch {
	case d.State == wire.ECSDeploymentRollingBack, rollingBack(d.Reason), record.isRollback(), strings.Contains(string(d.State), "ROLLBACK"):
		return true
	case d.State == wire.ECSDeploymentFailed:
		return status.Status == rollbackFailed
	case d.ServiceDeployment.Known:
		return status.rolledBack()
	default:
		return d.State == wire.ECSDeploymentCompleted && d.Info.Value.wentBack(record)
	}
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
