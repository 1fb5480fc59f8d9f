package ecs

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// serviceOf names the service that an event is about. Its ARN is service/cluster/name,
// or service/name as long as an account keeps the old form. New fields of the detail
// name it when the ARN does not.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
func serviceOf(e *event.Event, detail event.Fields) (cluster, service string) {
	service = e.Resource(":service/")
	if c, s, long := strings.Cut(service, "/"); long {
		cluster, service = c, s
	}
	cluster = cmp.Or(cluster, lastPart(detail.Text("clusterArn")))
	service = cmp.Or(service, lastPart(cmp.Or(detail.Text("serviceName"), detail.Text("service"))))
	return cluster, service
}

// lastPart returns what follows the last slash of an ARN.
func lastPart(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// serviceKey names a service for [notice.Notice.Key].
func serviceKey(e *event.Event, cluster, service string) string {
	return e.Key("ecs", cluster+"/"+service)
}

// taskCounts say how a service stands: "2 of 4 tasks running, 1 pending". Of one without
// tasks, or whose numbers are not known, there is nothing to say.
func (s ServiceInfo) taskCounts() string {
	if s.Desired == 0 && s.Running == 0 && s.Pending == 0 {
		return ""
	}
	words := fmt.Sprintf("%d of %s running", s.Running, notice.Count(s.Desired, "task"))
	if s.Pending > 0 {
		words += fmt.Sprintf(", %d pending", s.Pending)
	}
	return words
}

// escalate makes a notice of something wrong critical if a service that should run does
// not.
func (s ServiceInfo) escalate(n *notice.Notice) {
	if n.Status == notice.Open && s.Desired > 0 && s.Running == 0 {
		n.Severity = notice.Critical
	}
}

// latest returns the deployment that had begun last at a time, or nil.
func (s ServiceInfo) latest(at time.Time) *DeploymentInfo {
	var last *DeploymentInfo
	for i, r := range s.Deployments {
		if !r.Created.IsZero() && !r.Created.After(at) && (last == nil || r.Created.After(last.Created)) {
			last = &s.Deployments[i]
		}
	}
	return last
}

// previous returns the task definition that a deployment replaces, if it is known and
// another one.
func (s ServiceInfo) previous(r DeploymentInfo) string {
	before := s.latest(r.Created.Add(-1))
	if before == nil || before.TaskDefinition == r.TaskDefinition {
		return ""
	}
	return before.TaskDefinition
}

// afterDeployment says how long after the last deployment of the service something happened,
// or "" if none is known to have begun in the day before. When a deployment ended
// ECS does not tell.
func (s ServiceInfo) afterDeployment(at time.Time) string {
	r := s.latest(at)
	if r == nil || at.Sub(r.Created) > 24*time.Hour {
		return ""
	}
	what := "deployment "
	if r.isRollback() {
		what = "rollback "
	}
	what += r.name() + " began"
	switch r.State {
	case "COMPLETED":
		what += " (completed by now)"
	case "FAILED":
		what += " (failed by now)"
	case "IN_PROGRESS":
		what += " (still in progress)"
	}
	return event.After(at.Sub(r.Created), what)
}

// addFacts adds how a service stands, under its name.
func (s ServiceInfo) addFacts(n *notice.Notice, c event.Console, cluster, service string) {
	url := c.ECSService(cluster, service)
	if words := s.taskCounts(); words != "" {
		service += ": " + words
	}
	n.Add("Service", service, url)
	n.Add("Cluster", cluster, c.ECSCluster(cluster))
}

// addAfter adds after which deployment something happened. That none was made for a
// day is worth a line as well.
func (s ServiceInfo) addAfter(n *notice.Notice, c event.Console, cluster, service string, at time.Time) {
	words := s.afterDeployment(at)
	if words == "" && s.latest(at) != nil {
		words = "no deployment in the last 24 hours"
	}
	n.Add(notice.After, words, c.ECSDeployments(cluster, service))
}

// isRollback reports whether ECS made the deployment to undo another.
func (r DeploymentInfo) isRollback() bool { return rollingBack(r.Reason) }

// rollingBack reads "ECS deployment circuit breaker: rolling back to deploymentId …",
// and what else AWS may write of a rollback.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
func rollingBack(reason string) bool {
	reason = strings.ToLower(reason)
	return strings.Contains(reason, "rolling back") || strings.Contains(reason, "rollback")
}

// kindAndName is "cluster prod", or "an unnamed cluster".
func kindAndName(kind, name string) string {
	if name == "" {
		return "an unnamed " + kind
	}
	return kind + " " + name
}
