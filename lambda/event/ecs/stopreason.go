package ecs

import (
	"slices"
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
	wire.StopSpot:                 {"Spot interruption", "Spot interruption", "was stopped by a Spot interruption", notice.Warning},
	wire.StopInstance:             {"instance went away", "Instance went away", "stopped when the instance under it went away", notice.Warning},
	wire.StopMaintenance:          {"maintenance", "Maintenance", "was stopped for AWS maintenance", notice.Info},
	wire.StopScaling:              {"scaling", "Scaled in", "was scaled in", notice.Info},
	wire.StopRebalancing:          {"Availability Zone rebalancing", "Moved to another Availability Zone", "was replaced in another Availability Zone", notice.Info},
	wire.StopDeployment:           {"deployment", "Replaced by a deployment", "was replaced by another deployment", notice.Info},
	wire.StopUserRequest:          {"user request", "Stopped by a user", "was stopped by a user", notice.Info},
	wire.StopUnknown:              {"unknown", "Stopped for an unknown reason", "stopped for a reason that extraeye does not know", notice.Warning},
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
	switch reason := classifyText(t.StoppedReason); {
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

// stopCodes are the codes that mean one reason. TaskFailedToStart is not among them: memory may
// have run out before the task was running.
var stopCodes = map[string]wire.StopReason{
	"SpotInterruption":     wire.StopSpot,
	"TerminationNotice":    wire.StopInstance,
	"InfrastructureHealth": wire.StopInstance,
}

// classifyContainers classifies a stop by what the containers say, and by errors that may come
// before a task runs as well as later.
func (t *Task) classifyContainers() wire.StopReason {
	exited := t.StopCode == "EssentialContainerExited" || hasPrefix(t.StoppedReason, "essential container in task exited")
	switch {
	case t.says(wire.StopOutOfMemory):
		return wire.StopOutOfMemory
	case t.failedToStart(exited):
		return wire.StopFailedToStart
	case exited && t.completed() && !t.ofService():
		return wire.StopCompleted
	case exited, isRuntimeError(t.StoppedReason):
		return wire.StopContainerExited
	default:
		return wire.StopUnknown
	}
}

// failedToStart reports whether the task did not start: as AWS says, or because of an error of
// the task or of a container before any of its containers ran.
func (t *Task) failedToStart(exited bool) bool {
	switch {
	case t.StopCode == "TaskFailedToStart", hasPrefix(t.StoppedReason, "task failed to start"):
		return true
	case t.ran():
		return false
	case exited, t.StoppedReason == "":
		return t.says(wire.StopFailedToStart) || t.Started.IsZero() && t.hasError()
	default:
		return t.Started.IsZero() && isError(t.StoppedReason)
	}
}

// openings are how AWS's text about a stopped task or container begins, in lower case.
// "Scaling activity initiated by (deployment ecs-svc/…)" is documented for a
// smaller desired count, and AWS writes it for the tasks that a deployment replaces, too.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-errors.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/failed-to-start-error.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-maintenance.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/track-service-rebalancing.html
// https://github.com/aws/amazon-ecs-agent/blob/master/agent/dockerclient/dockerapi/errors.go
var openings = []struct {
	text   string
	reason wire.StopReason
}{
	{"outofmemory", wire.StopOutOfMemory}, // OutOfMemoryError: Container killed due to memory usage
	{"container killed due to memory usage", wire.StopOutOfMemory},
	{"task failed elb health checks", wire.StopELBHealthCheck},
	{"task failed container health checks", wire.StopContainerHealthCheck},
	{"scaling activity initiated by", wire.StopScaling},
	{"availability-zone rebalancing", wire.StopRebalancing},
	{"availability zone rebalancing", wire.StopRebalancing},
	{"ecs is performing maintenance", wire.StopMaintenance},
	{"amazon ecs is performing maintenance", wire.StopMaintenance},
	{"your spot task was interrupted", wire.StopSpot},
	{"spotinterruption", wire.StopSpot},
	{"host ec2 (instance", wire.StopInstance}, // … i-0123) terminated. or stopped.
	{"container instance deregistration forced", wire.StopInstance},
	{"task stopped by user", wire.StopUserRequest},

	{"taskfailedtostart", wire.StopFailedToStart},
	{"resource:", wire.StopFailedToStart}, // RESOURCE:MEMORY
	{"resourceinitialization", wire.StopFailedToStart},
	{"resourcenotfoundexception", wire.StopFailedToStart}, // of a secret
	{"fetching secret data", wire.StopFailedToStart},
	{"cannotpull", wire.StopFailedToStart}, // …ContainerError, …ImageManifestError, …ECRContainerError, …ContainerAuthError
	{"cannotcreatecontainer", wire.StopFailedToStart},
	{"cannotstartcontainer", wire.StopFailedToStart},
	{"cannotcreatevolume", wire.StopFailedToStart},
	{"cannotinspectvolume", wire.StopFailedToStart},
	{"invalidvolumeerror", wire.StopFailedToStart},
	{"createcontainerconfigerror", wire.StopFailedToStart},
	{"hostconfigerror", wire.StopFailedToStart},
	{"dockerclientconfigerror", wire.StopFailedToStart},
	{"cannotgetdockerclient", wire.StopFailedToStart},
	{"taskdependencyerror", wire.StopFailedToStart},
	{"taskstoppedbeforepullbeginerror", wire.StopFailedToStart},
	{"capacity is unavailable", wire.StopFailedToStart},
	{"ecs was unable to assume", wire.StopFailedToStart},
	{"the selected task definition is not compatible", wire.StopFailedToStart},
	{"timeout waiting for", wire.StopFailedToStart}, // … network interface or ephemeral storage provisioning
	{"unable to attach network interface", wire.StopFailedToStart},
	{"unexpected ec2 error while attempting to", wire.StopFailedToStart},
}

// classifyText classifies AWS's text about a task or a container by how it begins. Openings
// that say nothing by themselves are unknown, and so are errors that do not say whether the
// task ever ran.
func classifyText(text string) wire.StopReason {
	text = normal(text)
	for _, o := range openings {
		if strings.HasPrefix(text, o.text) {
			return o.reason
		}
	}
	if text == "agent" { // the agent is not connected
		return wire.StopFailedToStart
	}
	return wire.StopUnknown
}

// runtimeErrors are how the names of errors begin that may come at any time in the life of a
// container, in lower case.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
// https://github.com/aws/amazon-ecs-agent/blob/master/agent/dockerclient/dockerapi/errors.go
// https://github.com/aws/amazon-ecs-agent/blob/master/agent/engine/errors.go
var runtimeErrors = []string{
	"cannotdescribecontainer", "cannotinspectcontainer", "cannotremovecontainer", "cannotstopcontainer",
	"containernetworkingerror", "containerruntime", "containervanishederror", "dockerstateerror", "dockertimeouterror",
	"impossiblestatetransitionerror", "internalerror", "nosuchcontainererror", "unknownerror",
}

func isRuntimeError(text string) bool {
	return slices.ContainsFunc(runtimeErrors, func(name string) bool { return hasPrefix(text, name) })
}

// isError reports whether AWS's text begins with the name of an error, which need not be known:
// "CannotFooContainerError: …".
func isError(text string) bool {
	name, _, _ := strings.Cut(text, ":")
	name = strings.TrimSpace(name)
	return (strings.HasSuffix(name, "Error") || strings.HasSuffix(name, "Exception")) && !strings.Contains(name, " ")
}

// hasPrefix reports whether AWS's text begins in a way that is given in lower case.
func hasPrefix(text, opening string) bool { return strings.HasPrefix(normal(text), opening) }

// normal writes AWS's text in lower case and with single spaces.
func normal(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// says reports whether the text about a container gives that reason.
func (t *Task) says(reason wire.StopReason) bool {
	return slices.ContainsFunc(t.Containers, func(c Container) bool { return classifyText(c.Reason) == reason })
}

// hasError reports whether the text about a container names an error.
func (t *Task) hasError() bool {
	return slices.ContainsFunc(t.Containers, func(c Container) bool { return isError(c.Reason) })
}

// ran reports whether any container has run and ended. One that could not be started has an
// exit code at times: 127 if there is no such command.
func (t *Task) ran() bool {
	return slices.ContainsFunc(t.Containers, func(c Container) bool {
		return c.ExitCode != "" && classifyText(c.Reason) != wire.StopFailedToStart
	})
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
