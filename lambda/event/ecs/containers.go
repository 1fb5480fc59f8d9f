package ecs

import (
	"cmp"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Container is a container of a task. Every field may be empty.
type Container struct {
	Name, ExitCode, Reason, Image string
	Health                        string // HEALTHY, UNHEALTHY or UNKNOWN
	Memory                        string // its limit, in MiB
}

// exit says how a container ended, "" if that is not known.
func (c Container) exit() string {
	if c.ExitCode == "" {
		return ""
	}
	text := "exit code " + c.ExitCode
	if meaning := event.ExitCode(c.ExitCode); meaning != "" {
		text += " (" + meaning + ")"
	}
	return text
}

// text says all that is known of a container.
func (c Container) text() string {
	health := ""
	if c.Health == unhealthy {
		health = "unhealthy"
	}
	return cmp.Or(c.Name, "unnamed") + ": " + event.Joined("; ", cmp.Or(c.exit(), "no exit code"), health, notice.Line(c.Reason),
		event.Labeled("memory limit ", mebibytes(c.Memory)), event.Labeled("image ", c.Image))
}

// unhealthy is the health of a container that fails its health check.
const unhealthy = "UNHEALTHY"

// brief says how a container failed, for a summary: its exit code, or else what AWS says.
func (c Container) brief() string {
	reason := ""
	if classifyText(c.Reason) != wire.StopOutOfMemory { // which the summary has said
		reason = event.Quoted(c.Reason)
	}
	return strings.TrimSpace("container "+c.Name) + event.Labeled(", ", c.exit()) + event.Labeled(": ", reason)
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
	case c.matches(reason):
		return 5
	case c.ExitCode == "" && c.Reason == "":
		return 0
	case c.ExitCode == "":
		return 3
	case c.ExitCode == "0":
		return 1
	case slices.Contains(stoppedCodes, c.ExitCode):
		return 2
	default:
		return 4
	}
}

// stoppedCodes are the exit codes of containers that were stopped: with SIGTERM, with SIGKILL,
// and on Windows.
var stoppedCodes = []string{"143", "137", "3221225786", "-1073741510", "1073807364"}

// matches reports whether what is known of a container gives the reason of the task.
func (c Container) matches(reason wire.StopReason) bool {
	switch reason {
	case wire.StopUnknown:
		return false
	case wire.StopContainerHealthCheck:
		return c.Health == unhealthy
	case wire.StopFailedToStart:
		return classifyText(c.Reason) == reason || c.ExitCode == "" && isError(c.Reason)
	default:
		return classifyText(c.Reason) == reason
	}
}
