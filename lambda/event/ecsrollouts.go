package event

import (
	"fmt"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// ecsService names the service that an event is about. Its ARN is service/cluster/name,
// or service/name as long as an account keeps the old form. New fields of the detail
// name it when the ARN does not.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
func ecsService(e *Event, detail fields) (cluster, service string) {
	service = e.resource(":service/")
	if c, s, long := strings.Cut(service, "/"); long {
		cluster, service = c, s
	}
	cluster = or(cluster, lastPart(detail.text("clusterArn")))
	service = or(service, lastPart(or(detail.text("serviceName"), detail.text("service"))))
	return cluster, service
}

// lastPart returns what follows the last slash of an ARN.
func lastPart(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// ecsKey names a service for [notice.Notice.Key].
func ecsKey(e *Event, cluster, service string) string {
	return e.key("ecs", cluster+"/"+service)
}

// words say how a service stands: "2 of 4 tasks running, 1 pending". Of one without
// tasks, or whose numbers are not known, there is nothing to say.
func (s ServiceInfo) words() string {
	if s.Desired == 0 && s.Running == 0 && s.Pending == 0 {
		return ""
	}
	words := fmt.Sprintf("%d of %s running", s.Running, notice.Count(s.Desired, "task"))
	if s.Pending > 0 {
		words += fmt.Sprintf(", %d pending", s.Pending)
	}
	return words
}

// worsen makes a notice of something wrong critical if a service that should run does
// not.
func (s ServiceInfo) worsen(n *notice.Notice) {
	if n.Status == notice.Open && s.Desired > 0 && s.Running == 0 {
		n.Severity = notice.Critical
	}
}

// latest returns the deployment that had begun last at a time, or nil.
func (s ServiceInfo) latest(at time.Time) *Rollout {
	var last *Rollout
	for i, r := range s.Rollouts {
		if !r.Created.IsZero() && !r.Created.After(at) && (last == nil || r.Created.After(last.Created)) {
			last = &s.Rollouts[i]
		}
	}
	return last
}

// previous returns the task definition that a deployment replaces, if it is known and
// another one.
func (s ServiceInfo) previous(r Rollout) string {
	before := s.latest(r.Created.Add(-1))
	if before == nil || before.TaskDefinition == r.TaskDefinition {
		return ""
	}
	return before.TaskDefinition
}

// after says how long after the last deployment of the service something happened,
// or "" if none is known to have begun in the day before. When a deployment ended
// ECS does not tell.
func (s ServiceInfo) after(at time.Time) string {
	r := s.latest(at)
	if r == nil || at.Sub(r.Created) > 24*time.Hour {
		return ""
	}
	what := "deployment "
	if r.rollback() {
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
	return after(at.Sub(r.Created), what)
}

// tell adds how a service stands, under its name.
func (s ServiceInfo) tell(n *notice.Notice, c console, cluster, service string) {
	url := c.ecsService(cluster, service)
	if words := s.words(); words != "" {
		service += ": " + words
	}
	n.Add("Service", service, url)
	n.Add("Cluster", cluster, c.ecsCluster(cluster))
}

// tellAfter adds after which deployment something happened. That none was made for a
// day is worth a line as well.
func (s ServiceInfo) tellAfter(n *notice.Notice, c console, cluster, service string, at time.Time) {
	words := s.after(at)
	if words == "" && s.latest(at) != nil {
		words = "no deployment in the last 24 hours"
	}
	n.Add(notice.After, words, c.ecsDeployments(cluster, service))
}

// rollback reports whether ECS made the deployment to undo another.
func (r Rollout) rollback() bool { return rollingBack(r.Reason) }

// rollingBack reads "ECS deployment circuit breaker: rolling back to deploymentId …",
// and what else AWS may write of a rollback.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
func rollingBack(reason string) bool {
	reason = strings.ToLower(reason)
	return strings.Contains(reason, "rolling back") || strings.Contains(reason, "rollback")
}
