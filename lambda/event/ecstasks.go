package event

import (
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
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
	Code, Text string
	Containers []Container
	// Deployment is the service's deployment that started the task: "ecs-svc/…".
	Deployment string
	Definition string // "family:revision"
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
	Info Finding[ServiceInfo]
}

// decodeTask reads "ECS Task State Change".
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
func decodeTask(e *Event, detail fields) Subject {
	t := &Task{
		ID:         lastPart(or(detail.text("taskArn"), e.resource(":task/"))),
		ClusterARN: detail.text("clusterArn"),
		Status:     detail.text("lastStatus"),
		Code:       detail.text("stopCode"),
		Text:       detail.text("stoppedReason"),
		Definition: lastPart(detail.text("taskDefinitionArn")),
		Launch:     or(detail.text("capacityProviderName"), detail.text("launchType")),
		Zone:       detail.text("availabilityZone"),
		Memory:     detail.text("memory"),
		Created:    detail.time("createdAt"),
		Started:    detail.time("startedAt"),
		Stopping:   detail.time("stoppingAt"),
		Stopped:    detail.time("stoppedAt"),
	}
	t.Cluster = lastPart(t.ClusterARN)
	if cluster, _, long := strings.Cut(e.resource(":task/"), "/"); long && t.Cluster == "" {
		t.Cluster = cluster
	}
	if group, name, ok := strings.Cut(detail.text("group"), ":"); ok && group == "service" {
		t.Service = name
	}
	if by := detail.text("startedBy"); strings.HasPrefix(by, "ecs-svc/") {
		t.Deployment = by
	}
	for _, c := range detail.objects("containers") {
		t.Containers = append(t.Containers, Container{
			Name: c.text("name"), ExitCode: c.text("exitCode"), Reason: c.text("reason"), Image: c.text("image"), Memory: c.text("memory"),
		})
	}
	t.Decided = firstKnown(t.Stopping, t.Stopped, e.Time)
	t.Reason = sortStop(t)
	return t
}

func (t *Task) unwanted(w wire.Watch) string {
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

func (t *Task) tell(n *notice.Notice, e *Event, now time.Time) {
	reason, info := t.reason(), t.Info.Value
	words := stops[reason]
	n.Kind = notice.KindTask
	n.Severity, n.Status = words.severity, notice.Marker
	if words.severity != notice.Info {
		n.Status = notice.Open
		info.worsen(n)
	}
	n.Key = e.key("ecs", t.Cluster, t.ID)
	n.Title = t.lead(reason) + ": " + strings.TrimSpace(or(t.Service, t.Definition)+" task "+t.short()) + " in " + or(t.Cluster, "an unnamed cluster")
	n.Summary = t.summary(reason)

	console := consoleFor(e.Region)
	n.Add("Task", t.ID, console.ecsTask(t.Cluster, t.ID))
	info.tell(n, console, t.Cluster, t.Service)
	n.Add("Reason", words.name, "")
	info.tellAfter(n, console, t.Cluster, t.Service, t.Decided)
	n.Add("Containers", t.lines(), "")
	n.Add("Memory limit", mebibytes(t.Memory), "")
	if t.Status != "STOPPED" {
		n.Add("Last status", t.Status, "")
	}
	n.Add("Task definition", t.Definition, console.taskDefinition(t.Definition))
	if r := info.latest(t.Decided); r != nil && info.previous(*r) != t.Definition {
		n.Add("Previous", info.previous(*r), console.taskDefinition(info.previous(*r)))
	}
	n.Add("Runs on", t.Launch, "")
	n.Add("Zone", t.Zone, "")
	n.Add("Created", notice.Moment(t.Created, now), "")
	n.Add("Started", notice.Moment(t.Started, now), "")
	n.Add("Stopped", notice.Moment(t.Stopped, now), "")
	n.Add("Ran", took(t.Started, t.Stopped), "")
	if t.Stopped.IsZero() {
		n.Add("Time", notice.Moment(e.Time, now), "")
	}
	n.Add("Stop code", t.Code, "")
	n.Add("AWS says", or(t.Text, "nothing"), "")
	var missing gaps
	missing.add("Service", t.Info.Problem)
	missing.tell(n)
	n.Link("Task", console.ecsTask(t.Cluster, t.ID))
	n.Link("Stopped tasks", console.ecsStopped(t.Cluster, t.Service))
}

func (t *Task) summary(reason wire.StopReason) string {
	what := "Task " + or(t.ID, "without an id")
	if t.Service != "" {
		what += " of service " + t.Service
	} else if t.Definition != "" {
		what += " of " + t.Definition
	}
	what += " in " + kindAndName("cluster", t.Cluster) + " " + stops[reason].summary
	what += labelled(": ", t.why(reason))
	info := t.Info.Value
	return sentences(what, labelled("it stopped ", info.after(t.Decided)), labelled("the service has ", info.words()))
}
