package ecs

import (
	"cmp"
	"strings"
	"time"
)

// DeploymentInfo is ECS's record of a deployment of a service. Every field may be empty.
type DeploymentInfo struct {
	ID             string // "ecs-svc/…"
	Status         string // PRIMARY is the newest; ACTIVE are what it replaces
	State          string // IN_PROGRESS, COMPLETED or FAILED; "" for some deployment controllers
	Reason         string
	TaskDefinition string // "family:revision"
	Created        time.Time
	Updated        time.Time
	FailedTasks    int
}

// name is the id and the task definition: "ecs-svc/123 to web:42".
func (d DeploymentInfo) name() string {
	return strings.TrimSuffix(cmp.Or(d.ID, "without an id")+" to "+d.TaskDefinition, " to ")
}

// isRollback reports whether ECS made the deployment to undo another.
func (d DeploymentInfo) isRollback() bool { return rollingBack(d.Reason) }

// rollingBack reports whether AWS's text is about a rollback, such as "ECS deployment circuit
// breaker: rolling back to deploymentId …".
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
func rollingBack(reason string) bool {
	reason = strings.ToLower(reason)
	return strings.Contains(reason, "rolling back") || strings.Contains(reason, "rollback")
}
