package codedeploy

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	// maxNamed is how many targets are named.
	maxNamed = 10
	// maxLogLines and maxLog bound what is quoted of a log, in lines and characters.
	maxLogLines = 20
	maxLog      = 2000
	// maxMessage bounds what is quoted of a message, in characters.
	maxMessage = 500
)

// firstFailure is the first step that failed, of all targets, and where.
func firstFailure(targets []DeploymentTarget) (step LifecycleEvent, target string) {
	for _, t := range targets {
		for _, s := range t.LifecycleEvents {
			if s.Status == StatusFailed {
				return s, t.ID
			}
		}
	}
	return LifecycleEvent{}, ""
}

// brief names the step and its script: "ApplicationStart, scripts/start.sh".
func (s LifecycleEvent) brief() string {
	return strings.Trim(s.Name+", "+s.Script, ", ")
}

// at says where the step failed and how: "ApplicationStart, scripts/start.sh on
// i-0abc (ScriptFailed): it exited with code 1".
func (s LifecycleEvent) at(target string) string {
	words := s.brief()
	if words == "" {
		return ""
	}
	if target != "" {
		words += " on " + target
	}
	if s.ErrorCode != "" {
		words += " (" + s.ErrorCode + ")"
	}
	if s.Message != "" {
		words += ": " + notice.Cut(s.Message, maxMessage)
	}
	return words
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

// logTail is the end of a log: whole lines, as many as are quoted, and the end of the
// last one if even that is too long.
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
