package codedeploy

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	// maxNamed is how many targets a notice names.
	maxNamed = 10
	// maxLogLines and maxLog are how much of a log a notice has, in lines and characters.
	maxLogLines = 20
	maxLog      = 2000
	// maxMessage is how much of a message a notice has, in characters.
	maxMessage = 500
)

// firstFailure returns the first lifecycle event that failed, and its target.
func firstFailure(targets []DeploymentTarget) (failed LifecycleEvent, target string) {
	for _, t := range targets {
		for _, l := range t.LifecycleEvents {
			if l.Status == StatusFailed {
				return l, t.ID
			}
		}
	}
	return LifecycleEvent{}, ""
}

// brief names the lifecycle event and its script: "ApplicationStart, scripts/start.sh".
func (l LifecycleEvent) brief() string {
	return strings.Trim(l.Name+", "+l.Script, ", ")
}

// at says where it failed and how: "ApplicationStart, scripts/start.sh on
// i-0abc (ScriptFailed): it exited with code 1".
func (l LifecycleEvent) at(target string) string {
	text := l.brief()
	if text == "" {
		return ""
	}
	if target != "" {
		text += " on " + target
	}
	if l.ErrorCode != "" {
		text += " (" + l.ErrorCode + ")"
	}
	if l.Message != "" {
		text += ": " + notice.Cut(l.Message, maxMessage)
	}
	return text
}

// failedOn names where it failed: "i-1, i-2 and 7 more".
func failedOn(targets []DeploymentTarget) string {
	var ids []string
	for _, t := range targets {
		ids = append(ids, t.ID)
	}
	if len(ids) > maxNamed {
		return fmt.Sprintf("%s and %d more", strings.Join(ids[:maxNamed], ", "), len(ids)-maxNamed)
	}
	return strings.Join(ids, ", ")
}

// logTail returns the end of a log: as many whole lines as fit, or the end of the last line
// if not even that does.
func logTail(log string) string {
	lines := strings.Split(strings.TrimSpace(notice.Block(log)), "\n")
	start, length := len(lines), 0
	for start > 0 && len(lines)-start < maxLogLines {
		if length += utf8.RuneCountInString(lines[start-1]) + 1; length > maxLog {
			break
		}
		start--
	}
	switch {
	case start == len(lines):
		last := []rune(lines[start-1])
		return "…" + string(last[len(last)-maxLog+1:])
	case start > 0:
		return "…\n" + strings.Join(lines[start:], "\n")
	default:
		return strings.Join(lines, "\n")
	}
}
