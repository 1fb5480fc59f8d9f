package ecs

import (
	"cmp"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// stopText say a reason: its name, the beginning of the title, what the summary says
// of the task, and how bad it is. What is worse than info is something wrong.
type stopText struct {
	name, lead, summary string
	severity            notice.Severity
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

// Container is a container of a task. Every field may be empty.
type Container struct {
	Name, ExitCode, Reason, Image string
	Memory                        string // its limit, in MiB
}

// signals say in words which signal ended a container whose exit code is 128 and the
// signal's number: AWS stops with SIGTERM and, 30 seconds later, with SIGKILL.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
var signals = map[string]string{
	"134": "SIGABRT, it aborted",
	"137": "SIGKILL, it was killed",
	"139": "SIGSEGV, it crashed",
	"143": "SIGTERM, it was asked to stop",
}

// exit says how a container ended, or "" if that is not known.
func (c Container) exit() string {
	switch words := signals[c.ExitCode]; {
	case c.ExitCode == "":
		return ""
	case words != "":
		return "exit code " + c.ExitCode + " (" + words + ")"
	default:
		return "exit code " + c.ExitCode
	}
}

func (c Container) text() string {
	return cmp.Or(c.Name, "unnamed") + ": " + event.Joined("; ", cmp.Or(c.exit(), "no exit code"), notice.Line(c.Reason),
		event.Labeled("memory limit ", mebibytes(c.Memory)), event.Labeled("image ", c.Image))
}

// mebibytes writes a size as ECS gives it. The container's "0" is no limit.
func mebibytes(size string) string {
	if size == "" || size == "0" {
		return ""
	}
	return size + " MiB"
}

// containerLines say each container in a line.
func (t *Task) containerLines() string {
	var lines []string
	for _, c := range t.Containers {
		lines = append(lines, notice.Line(c.text()))
	}
	return event.Listed(lines)
}

// mainContainer returns the container that says most of why a task stopped, or nil: which
// one is essential is not known, and AWS stops the others when one has exited.
func (t *Task) mainContainer(reason wire.StopReason) *Container {
	var found *Container
	best := 0
	for i, c := range t.Containers {
		rank := 0
		switch {
		case reason != wire.StopUnknown && classifyPhrase(c.Reason) == reason:
			rank = 4
		case c.ExitCode == "", reason == wire.StopFailedToStart:
		case c.ExitCode == "0":
			rank = 1
		case c.ExitCode == "137" || c.ExitCode == "143":
			rank = 2
		default:
			rank = 3
		}
		if rank > best {
			best, found = rank, &t.Containers[i]
		}
	}
	return found
}

// lead begins the title.
func (t *Task) lead(reason wire.StopReason) string {
	words := stops[reason]
	if c := t.mainContainer(reason); reason == wire.StopContainerExited && c != nil {
		return words.lead + " with code " + c.ExitCode
	}
	return words.lead
}

// why says in the summary which container it was, or quotes AWS.
func (t *Task) why(reason wire.StopReason) string {
	c := t.mainContainer(reason)
	switch reason {
	case wire.StopOutOfMemory, wire.StopContainerExited:
		if c != nil && c.exit() != "" {
			return strings.TrimSpace("container "+c.Name) + ", " + c.exit()
		}
	case wire.StopFailedToStart, wire.StopUserRequest, wire.StopUnknown:
		text := t.StoppedReason
		if c != nil && c.Reason != "" && (text == "" || text == "Task failed to start" || strings.HasPrefix(text, "Essential container")) {
			text = c.Reason
		}
		return event.Quoted(text)
	}
	return ""
}

// shortID is as much of the task's id as people read.
func (t *Task) shortID() string {
	const enough = 8
	n := 0
	for i := range t.ID {
		if n == enough {
			return t.ID[:i]
		}
		n++
	}
	return t.ID
}
