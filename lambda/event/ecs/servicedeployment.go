package ecs

import (
	"fmt"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// ServiceDeployment is ECS's record of bringing a service to another revision, and of rolling it
// back if that fails. Every field may be empty.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
type ServiceDeployment struct {
	Status       string // such as IN_PROGRESS, SUCCESSFUL or ROLLBACK_SUCCESSFUL
	StatusReason string
	Stage        string // such as BAKE_TIME
	Created      time.Time
	// RollbackReason is why it is or was rolled back.
	RollbackReason string
	// Failures are how many tasks failed for the circuit breaker, which is triggered by
	// Threshold failures. Both are 0 if it was not triggered.
	Failures, Threshold int
	// Alarms are those that were triggered.
	Alarms []string
	Pauses []Pause
}

// Pause is a lifecycle hook at which a deployment waits until somebody approves or rejects it.
type Pause struct {
	HookID  string
	Expires time.Time
	// TimeoutAction is what ECS does then: ROLLBACK or CONTINUE.
	TimeoutAction string
}

// rolledBack reports whether the deployment was rolled back, or is going to be.
func (s ServiceDeployment) rolledBack() bool { return strings.HasPrefix(s.Status, "ROLLBACK_") }

// rollbackFailed is the status of a deployment that failed and could not be rolled back.
const rollbackFailed = "ROLLBACK_FAILED"

// reason quotes why the deployment failed or was rolled back, "" if it did neither.
func (s ServiceDeployment) reason() string {
	if s.StatusReason != "" && (s.rolledBack() || s.Status == "STOPPED") {
		return event.Quoted(s.StatusReason)
	}
	return event.Quoted(s.RollbackReason)
}

// cause says in a few words why the deployment failed or was rolled back: which alarms, or which
// hook. It is "" if neither.
func (s ServiceDeployment) cause() string {
	switch len(s.Alarms) {
	case 0:
		// … because TEST_TRAFFIC_SHIFT lifecycle hook(s) failed.
		before, _, found := strings.Cut(s.StatusReason, " lifecycle hook(s) failed")
		if found {
			return before[strings.LastIndexByte(before, ' ')+1:] + " hook failed"
		}
		return ""
	case 1:
		return "alarm " + s.Alarms[0]
	default:
		return "alarms " + event.And(s.Alarms)
	}
}

// triggered says what made the deployment fail, "" if that is not known.
func (s ServiceDeployment) triggered() string {
	switch len(s.Alarms) {
	case 0:
		return event.Labeled("the circuit breaker counted ", s.breaker())
	case 1:
		return s.cause() + " was triggered"
	default:
		return s.cause() + " were triggered"
	}
}

// afterFailure says what ECS does after a failure, by the status of the service deployment.
var afterFailure = map[string]string{
	"ROLLBACK_REQUESTED":   "ECS is going to roll it back",
	"ROLLBACK_IN_PROGRESS": "ECS is rolling it back",
	"ROLLBACK_SUCCESSFUL":  "ECS has rolled it back",
}

// breaker says how often the circuit breaker counted a failure, "" if it was not triggered.
func (s ServiceDeployment) breaker() string {
	if s.Threshold == 0 {
		return ""
	}
	return fmt.Sprintf("%s (threshold %d)", notice.Count(s.Failures, "failure"), s.Threshold)
}

func (s ServiceDeployment) addFacts(n *notice.Notice, now time.Time) {
	n.Add("Service deployment", event.Joined(", ", s.Status, event.Labeled("stage ", s.Stage)), "")
	n.Add("Reason", s.StatusReason, "")
	if s.RollbackReason != s.StatusReason {
		n.Add("Rollback", s.RollbackReason, "")
	}
	n.Add("Alarms", event.Listed(s.Alarms), "")
	n.Add("Circuit breaker", s.breaker(), "")
	for _, p := range s.Pauses {
		n.Add("Waits until", notice.Moment(p.Expires, now), "")
	}
}

// waits says until when the deployment waits for approval, and what happens then, "" if it does not
// wait.
func (s ServiceDeployment) waits(now time.Time) string {
	if len(s.Pauses) == 0 {
		return ""
	}
	p := s.Pauses[0]
	return "it waits for approval" + event.Labeled(" until ", notice.Moment(p.Expires, now)) + event.Labeled(", and then ", timeoutActions[p.TimeoutAction])
}

// timeoutActions say what ECS does if nobody approves or rejects a deployment.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
var timeoutActions = map[string]string{
	"ROLLBACK": "ECS rolls it back",
	"CONTINUE": "ECS continues it",
}
