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
// AWS may send an event several times, with the same detail.version but another id, and a
// stopped task may change once more. The key of the notice identifies the task, so that a
// sink that folds notices by key shows one.
type Task struct {
	ID, Cluster string
	// Service is the service that the task belongs to, "" for a task of its own.
	Service string
	Reason  wire.StopReason

	// Status is the task's last status, which ends with STOPPED.
	Status string
	// StopCode and StoppedReason are the reason in AWS's text.
	StopCode, StoppedReason string
	Containers              []Container
	// Deployment is the service's deployment that started the task: "ecs-svc/…".
	Deployment     string
	TaskDefinition string // "family:revision"
	// RunsOn is the capacity provider or the launch type.
	RunsOn, Zone string
	Memory       string // its limit, in MiB
	Created      time.Time
	Started      time.Time
	Stopped      time.Time
	// Decided is when ECS decided to stop the task, or the next time that is known.
	Decided time.Time

	// Info is what ECS knows of the service.
	Info event.Finding[ServiceInfo]
}

// decodeTask reads "ECS Task State Change".
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
func decodeTask(e *event.Event, detail event.Fields) event.Subject {
	t := &Task{
		ID:             lastPart(cmp.Or(detail.Text("taskArn"), e.Resource(":task/"))),
		Cluster:        lastPart(detail.Text("clusterArn")),
		Status:         detail.Text("lastStatus"),
		StopCode:       detail.Text("stopCode"),
		StoppedReason:  detail.Text("stoppedReason"),
		TaskDefinition: lastPart(detail.Text("taskDefinitionArn")),
		RunsOn:         cmp.Or(detail.Text("capacityProviderName"), detail.Text("launchType")),
		Zone:           detail.Text("availabilityZone"),
		Memory:         detail.Text("memory"),
		Created:        detail.Time("createdAt"),
		Started:        detail.Time("startedAt"),
		Stopped:        detail.Time("stoppedAt"),
	}
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
			Name: c.Text("name"), ExitCode: c.Text("exitCode"), Reason: c.Text("reason"), Image: c.Text("image"),
			Health: c.Text("healthStatus"), Memory: c.Text("memory"),
		})
	}
	t.Decided = event.FirstKnown(detail.Time("stoppingAt"), t.Stopped, e.Time)
	t.Reason = classifyStop(t)
	return t
}

// SkipReason implements [event.Subject].
func (t *Task) SkipReason(w wire.Watch) string {
	reason := t.reason()
	switch {
	case t.Status != "" && t.Status != "STOPPED":
		return "the task has not stopped: its last status is " + t.Status
	case w.ECSTasks == nil, w.ECSTasks.Wants(reason):
		return ""
	case reason == wire.StopScaling && t.Deployment != "" && !t.Info.Known && w.ECSTasks.Wants(wire.StopDeployment):
		return "" // it may have been a deployment
	default:
		return "the reason is " + stops[reason].name + ", which the watch does not report"
	}
}

// Describe implements [event.Subject].
func (t *Task) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	reason := t.reason()
	n.Kind = notice.KindTask
	n.Key = e.Key("ecs", t.Cluster, t.ID)
	if t.Service != "" {
		n.GroupKey = serviceKey(e, t.Cluster, t.Service)
	}
	n.Severity, n.Status = stops[reason].severity, notice.Marker
	if n.Severity != notice.Info {
		n.Status = notice.Open
		t.Info.Value.escalate(n)
	}
	n.Title = t.lead(reason) + ": " + strings.TrimSpace(cmp.Or(t.Service, t.TaskDefinition)+" task "+t.shortID()) +
		" in " + cmp.Or(t.Cluster, "an unnamed cluster")
	n.Summary = t.summary(reason)
	t.addFacts(n, e, now)
	console := e.Console()
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
	what += " in " + kindAndName("cluster", t.Cluster) + " "
	if reason == wire.StopContainerExited && t.hasLostContainer() {
		what += "stopped when a container failed"
	} else {
		what += stops[reason].summary
	}
	what += event.Labeled(": ", t.why(reason))
	info := t.Info.Value
	return event.Sentences(what, event.Labeled("it stopped ", info.afterDeployment(t.Decided)), event.Labeled("the service has ", info.taskCounts()))
}

func (t *Task) addFacts(n *notice.Notice, e *event.Event, now time.Time) {
	info, console := t.Info.Value, e.Console()
	n.Add("Task", t.ID, console.ECSTask(t.Cluster, t.ID))
	info.addFacts(n, console, t.Cluster, t.Service)
	n.Add("Reason", stops[t.reason()].name, "")
	info.addAfter(n, console, t.Cluster, t.Service, t.Decided)
	n.Add("Containers", t.containerLines(), "")
	n.Add("Memory limit", mebibytes(t.Memory), "")
	if t.Status != "STOPPED" {
		n.Add("Last status", t.Status, "")
	}
	n.Add("Task definition", t.TaskDefinition, console.TaskDefinition(t.TaskDefinition))
	if d := info.latest(t.Decided); d != nil && info.previous(*d) != t.TaskDefinition {
		n.Add("Previous", info.previous(*d), console.TaskDefinition(info.previous(*d)))
	}
	n.Add("Runs on", t.RunsOn, "")
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
}

// lead begins the title, with the strongest that is known of the reason.
func (t *Task) lead(reason wire.StopReason) string {
	lead, detail := stops[reason].lead, ""
	switch reason {
	case wire.StopContainerExited:
		lead, detail = t.exited(lead)
	case wire.StopFailedToStart:
		detail = t.notStarted()
	}
	if detail != "" {
		lead += " (" + detail + ")"
	}
	return lead
}

// exited says how a container ended, for the title.
func (t *Task) exited(lead string) (string, string) {
	c := t.mainContainer(wire.StopContainerExited)
	switch {
	case t.hasLostContainer():
		return "Container failed", t.cause(c)
	case c == nil || c.ExitCode == "":
		return lead, ""
	default:
		return lead + " with code " + c.ExitCode, event.ExitCode(c.ExitCode)
	}
}

// notStarted says why the task did not start, for the title: as AWS says, or because a container
// failed that others wait for.
func (t *Task) notStarted() string {
	c := t.mainContainer(wire.StopFailedToStart)
	if text := t.cause(c); text != "" || c == nil || c.ExitCode == "" || c.ExitCode == "0" {
		return text
	}
	return strings.TrimSpace("container "+c.Name) + " exited with code " + c.ExitCode
}

// hasLostContainer reports whether a container failed otherwise than by exiting: ECS could not
// inspect it, for example.
func (t *Task) hasLostContainer() bool {
	c := t.mainContainer(wire.StopContainerExited)
	return (c == nil || c.ExitCode == "") && t.cause(c) != ""
}

// cause says in a few words what AWS says went wrong, with the task or else with a container.
func (t *Task) cause(c *Container) string {
	if text := cause(t.StoppedReason); text != "" || c == nil {
		return text
	}
	return cause(c.Reason)
}

// why names the container that the task stopped for, or quotes AWS, for the summary.
func (t *Task) why(reason wire.StopReason) string {
	container := ""
	if c := t.mainContainer(reason); c != nil {
		container = c.brief()
		if c.Reason != "" && strings.Contains(normal(t.StoppedReason), normal(c.Reason)) {
			container = "" // AWS's text about the task says it
		}
	}
	switch reason {
	case wire.StopOutOfMemory, wire.StopContainerExited, wire.StopContainerHealthCheck:
		return cmp.Or(container, t.specificReason())
	case wire.StopELBHealthCheck:
		_, group, _ := strings.Cut(t.StoppedReason, ":targetgroup/")
		group, _, _ = strings.Cut(group, "/")
		return event.Labeled("target group ", group)
	case wire.StopFailedToStart, wire.StopUnknown:
		return event.Joined("; ", t.specificReason(), container)
	case wire.StopInstance, wire.StopUserRequest:
		return t.specificReason()
	default:
		return ""
	}
}

// specificReason quotes AWS's text about the task, "" if it says nothing that the containers do
// not say better.
func (t *Task) specificReason() string {
	for _, opening := range []string{"task failed to start", "essential container", "task stopped by user"} {
		if hasPrefix(t.StoppedReason, opening) {
			return ""
		}
	}
	return event.Quoted(t.StoppedReason)
}

// shortID is as much of the task's id as people read.
func (t *Task) shortID() string {
	const enough = 8
	id := []rune(t.ID)
	return string(id[:min(len(id), enough)])
}
