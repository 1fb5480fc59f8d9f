package ecs

import (
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// stopText says why a task stopped: the name of the reason, how the title begins, and what the
// task did, in the summary.
type stopText struct {
	name, lead, summary string
	severity            notice.Severity // above info, something is wrong
}

var stops = map[wire.StopReason]stopText{
	wire.StopOutOfMemory:          {"out of memory", "Out of memory", "ran out of memory", notice.Error},
	wire.StopELBHealthCheck:       {"ELB health check", "Failed ELB health check", "failed its ELB health checks", notice.Warning},
	wire.StopContainerHealthCheck: {"container health check", "Failed container health check", "failed its containers' health checks", notice.Warning},
	wire.StopContainerExited:      {"container exited", "Container exited", "stopped when a container exited", notice.Error},
	wire.StopCompleted:            {"completed", "Completed", "ran to its end", notice.Info},
	wire.StopFailedToStart:        {"failed to start", "Failed to start", "failed to start", notice.Error},
	wire.StopSpot:                 {"Spot interruption", "Spot interruption", "was taken by a Spot interruption", notice.Warning},
	wire.StopInstance:             {"instance went away", "Instance went away", "stopped when the instance under it went away", notice.Warning},
	wire.StopMaintenance:          {"maintenance", "Maintenance", "was stopped for AWS's maintenance", notice.Info},
	wire.StopScaling:              {"scaling", "Scaled in", "was scaled in", notice.Info},
	wire.StopDeployment:           {"deployment", "Replaced by a deployment", "made room for another deployment", notice.Info},
	wire.StopUserRequest:          {"user request", "Stopped by a user", "was stopped by a user", notice.Info},
	wire.StopUnknown:              {"unknown", "Stopped for an unknown reason", "stopped for a reason that extraeye could not place", notice.Warning},
}

// classifyStop classifies a stop by AWS's code, AWS's text and what the containers say.
//
// The code alone is not enough: ServiceSchedulerInitiated may be a scale-in, a deployment, a
// failed health check or maintenance, and TerminationNotice a Spot interruption or an
// instance that went away. So AWS's fixed openings of the text are read first. After
// UserInitiated the text is whatever the user wrote, and it is not read at all. The event
// does not say whether a container is essential.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
func classifyStop(t *Task) wire.StopReason {
	if t.StopCode == "UserInitiated" {
		return wire.StopUserRequest
	}
	switch reason := classifyPhrase(t.StoppedReason); {
	case reason == wire.StopScaling && t.replaced():
		return wire.StopDeployment
	case reason != wire.StopUnknown:
		return reason
	}
	if reason, known := stopCodes[t.StopCode]; known {
		return reason
	}
	return t.classifyContainers()
}

// stopCodes are the codes that mean one reason.
var stopCodes = map[string]wire.StopReason{
	"SpotInterruption":     wire.StopSpot,
	"TerminationNotice":    wire.StopInstance,
	"InfrastructureHealth": wire.StopInstance,
}

// classifyContainers classifies a stop by what the containers say.
func (t *Task) classifyContainers() wire.StopReason {
	exited := t.StopCode == "EssentialContainerExited" || strings.HasPrefix(t.StoppedReason, "Essential container in task exited")
	switch {
	case t.says(wire.StopOutOfMemory):
		return wire.StopOutOfMemory
	case t.StopCode == "TaskFailedToStart", exited && t.says(wire.StopFailedToStart) && !t.ran():
		return wire.StopFailedToStart
	case !exited:
		return wire.StopUnknown
	case t.completed() && !t.ofService():
		return wire.StopCompleted
	default:
		return wire.StopContainerExited
	}
}

// stopPhrases are how AWS's text about a stopped task or container begins, in lower case.
// "Scaling activity initiated by (deployment ecs-svc/…)" is documented for a
// smaller desired count, and AWS writes it for the tasks that a deployment replaces, too.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-errors.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-maintenance.html
var stopPhrases = []struct {
	text   string
	reason wire.StopReason
}{
	{"outofmemory", wire.StopOutOfMemory}, // OutOfMemoryError: Container killed due to memory usage
	{"task failed elb health checks", wire.StopELBHealthCheck},
	{"task failed container health checks", wire.StopContainerHealthCheck},
	{"scaling activity initiated by", wire.StopScaling},
	{"ecs is performing maintenance", wire.StopMaintenance},
	{"amazon ecs is performing maintenance", wire.StopMaintenance},
	{"your spot task was interrupted", wire.StopSpot},
	{"spotinterruption", wire.StopSpot},
	{"host ec2 (instance", wire.StopInstance}, // … i-0123) terminated. or stopped.
	{"container instance deregistration forced", wire.StopInstance},
	{"task stopped by user", wire.StopUserRequest},
	{"task failed to start", wire.StopFailedToStart},
	{"taskfailedtostart", wire.StopFailedToStart},
	{"cannotpullcontainer", wire.StopFailedToStart},
	{"cannotstartcontainer", wire.StopFailedToStart},
	{"cannotcreatecontainer", wire.StopFailedToStart},
	{"cannotcreatevolume", wire.StopFailedToStart},
	{"resourceinitializationerror", wire.StopFailedToStart},
	{"fetching secret data", wire.StopFailedToStart},
	{"timeout waiting for network interface provisioning", wire.StopFailedToStart},
	{"timeout waiting for ephemeralstorage provisioning", wire.StopFailedToStart},
	{"unexpected ec2 error while attempting to", wire.StopFailedToStart},
	{"dockertimeouterror: could not transition to", wire.StopFailedToStart},
}

// classifyPhrase classifies AWS's text about a task or a container by how it begins.
func classifyPhrase(text string) wire.StopReason {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	for _, p := range stopPhrases {
		if strings.HasPrefix(text, p.text) {
			return p.reason
		}
	}
	return wire.StopUnknown
}

// says reports whether the text about a container gives that reason.
func (t *Task) says(reason wire.StopReason) bool {
	for _, c := range t.Containers {
		if classifyPhrase(c.Reason) == reason {
			return true
		}
	}
	return false
}

// ran reports whether any container has run and ended.
func (t *Task) ran() bool {
	for _, c := range t.Containers {
		if c.ExitCode != "" {
			return true
		}
	}
	return false
}

// completed reports whether all containers ended without an error.
func (t *Task) completed() bool {
	for _, c := range t.Containers {
		if c.ExitCode != "0" {
			return false
		}
	}
	return len(t.Containers) > 0
}

// ofService reports whether the task belongs to a service, whose tasks should not end.
func (t *Task) ofService() bool { return t.Service != "" || t.Deployment != "" }

// replaced reports whether the deployment that AWS's text names is not the task's own.
func (t *Task) replaced() bool {
	_, id, found := strings.Cut(t.StoppedReason, "ecs-svc/")
	id, _, _ = strings.Cut(id, ")")
	return found && t.Deployment != "" && t.Deployment != "ecs-svc/"+strings.TrimSpace(id)
}

// reason is why the task stopped, as far as is known by now. A task that was replaced by a
// newer deployment often looks scaled in; ECS's record of the service says which it was.
func (t *Task) reason() wire.StopReason {
	if t.Reason == wire.StopScaling && t.Deployment != "" {
		if d := t.Info.Value.latest(t.Decided); d != nil && d.ID != "" && d.ID != t.Deployment {
			return wire.StopDeployment
		}
	}
	return t.Reason
}
