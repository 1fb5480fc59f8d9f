package ecs

import "time"

// ServiceInfo is ECS's record of a service.
type ServiceInfo struct {
	Desired, Running, Pending int
	TaskDefinition            string // "family:revision"
	Deployments               []DeploymentInfo
}

// DeploymentInfo is a deployment of an ECS service.
type DeploymentInfo struct {
	ID             string // "ecs-svc/…"
	Status         string // PRIMARY is the newest; ACTIVE are what it replaces
	State          string // IN_PROGRESS, COMPLETED or FAILED; empty for some deployment controllers
	Reason         string
	TaskDefinition string // "family:revision"
	Created        time.Time
	Updated        time.Time
	FailedTasks    int // tasks
}
