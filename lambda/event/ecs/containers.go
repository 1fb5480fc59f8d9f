package ecs

import (
	"cmp"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Container is a container of a task. Every field may be empty.
type Container struct {
	Name, ExitCode, Reason, Image string
	Memory                        string // its limit, in MiB
}

// signals are the signals that end containers, by exit code: 128 and the signal's number. AWS
// sends SIGTERM and, 30 seconds later, SIGKILL.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
var signals = map[string]string{
	"134": "SIGABRT, it aborted",
	"137": "SIGKILL, it was killed",
	"139": "SIGSEGV, it crashed",
	"143": "SIGTERM, it was asked to stop",
}

// exit says how a container ended, "" if that is not known.
func (c Container) exit() string {
	switch signal := signals[c.ExitCode]; {
	case c.ExitCode == "":
		return ""
	case signal != "":
		return "exit code " + c.ExitCode + " (" + signal + ")"
	default:
		return "exit code " + c.ExitCode
	}
}

// text says all that is known of a container.
func (c Container) text() string {
	return cmp.Or(c.Name, "unnamed") + ": " + event.Joined("; ", cmp.Or(c.exit(), "no exit code"), notice.Line(c.Reason),
		event.Labeled("memory limit ", mebibytes(c.Memory)), event.Labeled("image ", c.Image))
}

// mebibytes writes a memory limit, which is "0" for a container without one.
func mebibytes(size string) string {
	if size == "" || size == "0" {
		return ""
	}
	return size + " MiB"
}

// containerLines has a line for each container.
func (t *Task) containerLines() string {
	var lines []string
	for _, c := range t.Containers {
		lines = append(lines, notice.Line(c.text()))
	}
	return event.Listed(lines)
}

// mainContainer returns the container that says most about why a task stopped, or nil. Which
// one is essential is not known, and AWS stops the others when one has exited.
func (t *Task) mainContainer(reason wire.StopReason) *Container {
	var found *Container
	best := 0
	for i, c := range t.Containers {
		if r := c.rank(reason); r > best {
			best, found = r, &t.Containers[i]
		}
	}
	return found
}

// rank says how much a container says about why its task stopped, 0 for nothing: one that was
// stopped says less than one that failed.
func (c Container) rank(reason wire.StopReason) int {
	switch {
	case reason != wire.StopUnknown && classifyPhrase(c.Reason) == reason:
		return 4
	case c.ExitCode == "", reason == wire.StopFailedToStart:
		return 0
	case c.ExitCode == "0":
		return 1
	case c.ExitCode == "137", c.ExitCode == "143":
		return 2
	default:
		return 3
	}
}
