package ecs

import (
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
)

// classifyStop places a stop by AWS's code, AWS's prose and what the containers say.
//
// The code alone does not do: ServiceSchedulerInitiated is a scale-in, a deployment,
// a failed health check and maintenance, TerminationNotice is a Spot interruption and
// an instance that went away. So AWS's fixed openings of the prose are read first.
// After UserInitiated the prose is whatever the user wrote, and it is not read at all.
// Whether a container is essential is not in the event.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
func classifyStop(t *Task) wire.StopReason {
	if t.StopCode == "UserInitiated" {
		return wire.StopUserRequest
	}
	if reason := classifyPhrase(t.StoppedReason); reason != wire.StopUnknown {
		if reason == wire.StopScaling && t.replaced() {
			return wire.StopDeployment
		}
		return reason
	}
	exited := t.StopCode == "EssentialContainerExited" || strings.HasPrefix(t.StoppedReason, "Essential container in task exited")
	switch {
	case t.StopCode == "SpotInterruption":
		return wire.StopSpot
	case t.StopCode == "TerminationNotice", t.StopCode == "InfrastructureHealth":
		return wire.StopInstance
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

// stopPhrases are how AWS begins to say why a task or a container stopped, in lower
// case. "Scaling activity initiated by (deployment ecs-svc/…)" is documented for a
// smaller desired count, and AWS writes it for the tasks that a deployment replaces, too.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-errors.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-maintenance.html
var stopPhrases = []struct {
	words  string
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

func classifyPhrase(text string) wire.StopReason {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	for _, p := range stopPhrases {
		if strings.HasPrefix(text, p.words) {
			return p.reason
		}
	}
	return wire.StopUnknown
}

// says reports whether the reason of a container is of that kind.
func (t *Task) says(reason wire.StopReason) bool {
	for _, c := range t.Containers {
		if classifyPhrase(c.Reason) == reason {
			return true
		}
	}
	return false
}

// ran reports whether a container has run and ended.
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

// ofService reports whether the task is of a service, whose tasks are not meant to end.
func (t *Task) ofService() bool { return t.Service != "" || t.Deployment != "" }

// replaced reports whether another deployment than the task's own stopped it: the one
// that AWS names in its prose.
func (t *Task) replaced() bool {
	_, id, found := strings.Cut(t.StoppedReason, "ecs-svc/")
	id, _, _ = strings.Cut(id, ")")
	return found && t.Deployment != "" && t.Deployment != "ecs-svc/"+strings.TrimSpace(id)
}

// reason is why the task stopped, as far as is known by now. A task that made room
// for a newer deployment often looks scaled in; ECS's record of the service tells.
func (t *Task) reason() wire.StopReason {
	if t.Reason == wire.StopScaling && t.Deployment != "" {
		if r := t.Info.Value.latest(t.Decided); r != nil && r.ID != "" && r.ID != t.Deployment {
			return wire.StopDeployment
		}
	}
	return t.Reason
}
