package ecs

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// ServiceInfo is ECS's record of a service. Its counts are 0 if they are not known.
type ServiceInfo struct {
	Desired, Running, Pending int
	TaskDefinition            string // "family:revision"
	Deployments               []DeploymentInfo
}

// taskCounts says how many tasks run: "2 of 4 tasks running, 1 pending". It is "" for a service
// without tasks, or whose counts are not known.
func (s ServiceInfo) taskCounts() string {
	if s.Desired == 0 && s.Running == 0 && s.Pending == 0 {
		return ""
	}
	text := fmt.Sprintf("%d of %s running", s.Running, notice.Count(s.Desired, "task"))
	if s.Pending > 0 {
		text += fmt.Sprintf(", %d pending", s.Pending)
	}
	return text
}

// escalate makes a notice of something wrong critical if none of the tasks that the service
// should have runs.
func (s ServiceInfo) escalate(n *notice.Notice) {
	if n.Status == notice.Open && s.Desired > 0 && s.Running == 0 {
		n.Severity = notice.Critical
	}
}

// latest returns the last deployment that had begun by a time, or nil.
func (s ServiceInfo) latest(at time.Time) *DeploymentInfo {
	var last *DeploymentInfo
	for i, d := range s.Deployments {
		if !d.Created.IsZero() && !d.Created.After(at) && (last == nil || d.Created.After(last.Created)) {
			last = &s.Deployments[i]
		}
	}
	return last
}

// previous returns the task definition that a deployment replaces, "" if it is the same or
// not known.
func (s ServiceInfo) previous(d DeploymentInfo) string {
	before := s.latest(d.Created.Add(-1))
	if before == nil || before.TaskDefinition == d.TaskDefinition {
		return ""
	}
	return before.TaskDefinition
}

// afterDeployment says how long after the beginning of the service's last deployment something
// happened, "" if none is known to have begun in the day before. ECS does not say when a
// deployment ended.
func (s ServiceInfo) afterDeployment(at time.Time) string {
	d := s.latest(at)
	if d == nil || at.Sub(d.Created) > 24*time.Hour {
		return ""
	}
	what := "deployment "
	if d.isRollback() {
		what = "rollback "
	}
	what += d.name() + " began"
	switch d.State {
	case "COMPLETED":
		what += " (completed by now)"
	case "FAILED":
		what += " (failed by now)"
	case "IN_PROGRESS":
		what += " (still in progress)"
	}
	return event.After(at.Sub(d.Created), what)
}

// addFacts adds the service, with how many of its tasks run, and the cluster.
func (s ServiceInfo) addFacts(n *notice.Notice, c event.Console, cluster, service string) {
	url := c.ECSService(cluster, service)
	if counts := s.taskCounts(); counts != "" {
		service += ": " + counts
	}
	n.Add("Service", service, url)
	n.Add("Cluster", cluster, c.ECSCluster(cluster))
}

// addAfter adds after which deployment something happened, or that none was made for a day.
func (s ServiceInfo) addAfter(n *notice.Notice, c event.Console, cluster, service string, at time.Time) {
	text := s.afterDeployment(at)
	if text == "" && s.latest(at) != nil {
		text = "no deployment in the last 24 hours"
	}
	n.Add(notice.After, text, c.ECSDeployments(cluster, service))
}

// failedBefore returns the last deployment that failed and began before another one, or nil if
// ECS does not know one.
func (s ServiceInfo) failedBefore(next DeploymentInfo) *DeploymentInfo {
	var last *DeploymentInfo
	for i, b := range s.Deployments {
		if b.State == "FAILED" && b.Created.Before(next.Created) && (last == nil || b.Created.After(last.Created)) {
			last = &s.Deployments[i]
		}
	}
	return last
}

// wentBack reports whether a deployment is of an earlier revision than the one that failed before
// it, of the same task definition.
func (s ServiceInfo) wentBack(d DeploymentInfo) bool {
	failed := s.failedBefore(d)
	if failed == nil {
		return false
	}
	family, revision, _ := strings.Cut(d.TaskDefinition, ":")
	failedFamily, failedRevision, _ := strings.Cut(failed.TaskDefinition, ":")
	was, err1 := strconv.Atoi(failedRevision)
	is, err2 := strconv.Atoi(revision)
	return family == failedFamily && err1 == nil && err2 == nil && is < was
}
