package ecs

import (
	"cmp"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Task is an ECS task that stopped.
//
// AWS may send an event several times, with the same detail.version but another id,
// and a stopped task may change once more. The key of the notice has the task, so
// that a sink that folds notices by their key shows one.
type Task struct {
	ID, ClusterARN, Cluster string
	// Service is the service that the task is of, or "".
	Service string
	Reason  wire.StopReason

	// Status is the task's last status; STOPPED comes last.
	Status string
	// Code and Text are the reason in AWS's words.
	StopCode, StoppedReason string
	Containers              []Container
	// Deployment is the service's deployment that started the task: "ecs-svc/…".
	Deployment     string
	TaskDefinition string // "family:revision"
	// Launch is the capacity provider or the launch type.
	Launch, Zone string
	Memory       string // its limit, in MiB
	Created      time.Time
	Started      time.Time
	Stopping     time.Time
	Stopped      time.Time
	// Decided is when ECS decided to stop the task, or the next that is known after it.
	Decided time.Time

	// Info is what ECS knows of the service. Evidence.
	Info event.Finding[ServiceInfo]
}

// decodeTask reads "ECS Task State Change".
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
func decodeTask(e *event.Event, detail event.Fields) event.Subject {
	t := &Task{
		ID:             lastPart(cmp.Or(detail.Text("taskArn"), e.Resource(":task/"))),
		ClusterARN:     detail.Text("clusterArn"),
		Status:         detail.Text("lastStatus"),
		StopCode:       detail.Text("stopCode"),
		StoppedReason:  detail.Text("stoppedReason"),
		TaskDefinition: lastPart(detail.Text("taskDefinitionArn")),
		Launch:         cmp.Or(detail.Text("capacityProviderName"), detail.Text("launchType")),
		Zone:           detail.Text("availabilityZone"),
		Memory:         detail.Text("memory"),
		Created:        detail.Time("createdAt"),
		Started:        detail.Time("startedAt"),
		Stopping:       detail.Time("stoppingAt"),
		Stopped:        detail.Time("stoppedAt"),
	}
	t.Cluster = lastPart(t.ClusterARN)
	if cluster, _, long := strings.Cut(e.Resource(":task/"), "/"); long && t.Cluster == "" {
		t.Cluster = cluster
	}
	if group, name, ok := strings.Cut(detail.Text("group"), ":"); ok && group == "service" {
		t.Service = name
	}
	if by := detail.Text("startedBy"); strings.HasPrefix(by, "ecs-svc/") {
		t.Deployment = by
	}
	for _, c := range detail.Objects("containers") {
		t.Containers = append(t.Containers, Container{
			Name: c.Text("name"), ExitCode: c.Text("exitCode"), Reason: c.Text("reason"), Image: c.Text("image"), Memory: c.Text("memory"),
		})
	}
	t.Decided = event.FirstKnown(t.Stopping, t.Stopped, e.Time)
	t.Reason = classifyStop(t)
	return t
}

func (t *Task) SkipReason(w wire.Watch) string {
	reason := t.reason()
	switch {
	case t.Status != "" && t.Status != "STOPPED":
		return "the task has not stopped: its last status is " + t.Status
	case w.ECSTasks == nil, w.ECSTasks.Wants(reason):
		return ""
	case reason == wire.StopScaling && t.Deployment != "" && !t.Info.Known && w.ECSTasks.Wants(wire.StopDeployment):
		return "" // it may be one, as far as is known
	default:
		return "the reason is " + stops[reason].name + ", which the watch does not tell"
	}
}

func (t *Task) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	reason, info := t.reason(), t.Info.Value
	words := stops[reason]
	n.Kind = notice.KindTask
	n.Severity, n.Status = words.severity, notice.Marker
	if words.severity != notice.Info {
		n.Status = notice.Open
		info.escalate(n)
	}
	n.Key = e.Key("ecs", t.Cluster, t.ID)
	n.Title = t.lead(reason) + ": " + strings.TrimSpace(cmp.Or(t.Service, t.TaskDefinition)+" task "+t.shortID()) + " in " + cmp.Or(t.Cluster, "an unnamed cluster")
	n.Summary = t.summary(reason)

	console := e.Console()
	n.Add("Task", t.ID, console.ECSTask(t.Cluster, t.ID))
	info.addFacts(n, console, t.Cluster, t.Service)
	n.Add("Reason", words.name, "")
	info.addAfter(n, console, t.Cluster, t.Service, t.Decided)
	n.Add("Containers", t.containerLines(), "")
	n.Add("Memory limit", mebibytes(t.Memory), "")
	if t.Status != "STOPPED" {
		n.Add("Last status", t.Status, "")
	}
	n.Add("Task definition", t.TaskDefinition, console.TaskDefinition(t.TaskDefinition))
	if r := info.latest(t.Decided); r != nil && info.previous(*r) != t.TaskDefinition {
		n.Add("Previous", info.previous(*r), console.TaskDefinition(info.previous(*r)))
	}
	n.Add("Runs on", t.Launch, "")
	n.Add("Zone", t.Zone, "")
	n.Add("Created", notice.Moment(t.Created, now), "")
	n.Add("Started", notice.Moment(t.Started, now), "")
	n.Add("Stopped", notice.Moment(t.Stopped, now), "")
	n.Add("Ran", event.Took(t.Started, t.Stopped), "")
	if t.Stopped.IsZero() {
		n.Add("Time", notice.Moment(e.Time, now), "")
	}
	n.Add("Stop code", t.StopCode, "")
	n.Add("AWS says", cmp.Or(t.StoppedReason, "nothing"), "")
	var missing event.Gaps
	missing.Add("Service", t.Info.Problem)
	missing.AddTo(n)
	n.Link("Task", console.ECSTask(t.Cluster, t.ID))
	n.Link("Stopped tasks", console.ECSStoppedTasks(t.Cluster, t.Service))
}

func (t *Task) summary(reason wire.StopReason) string {
	what := "Task " + cmp.Or(t.ID, "without an id")
	if t.Service != "" {
		what += " of service " + t.Service
	} else if t.TaskDefinition != "" {
		what += " of " + t.TaskDefinition
	}
	what += " in " + kindAndName("cluster", t.Cluster) + " " + stops[reason].summary
	what += event.Labeled(": ", t.why(reason))
	info := t.Info.Value
	return event.Sentences(what, event.Labeled("it stopped ", info.afterDeployment(t.Decided)), event.Labeled("the service has ", info.taskCounts()))
}
