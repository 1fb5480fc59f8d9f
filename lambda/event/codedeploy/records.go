package codedeploy

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
)

// DeploymentInfo is CodeDeploy's record of a deployment. Every field may be empty.
type DeploymentInfo struct {
	ID          string
	Application string
	Group       string
	Status      string // such as Succeeded, Failed or Stopped
	Creator     wire.Creator
	Description string
	Config      string // the deployment configuration, such as CodeDeployDefault.OneAtATime
	Platform    string // Server, Lambda or ECS
	Revision    Revision
	// Previous is the revision that it replaced.
	Previous  Revision
	Created   time.Time
	Completed time.Time
	// Instances counts instances by status, in CodeDeploy's order; a status with
	// none is left out.
	Instances    []InstanceCount
	ErrorCode    string
	ErrorMessage string
	// RollbackOf is the deployment that this one rolls back.
	RollbackOf string
	// RolledBackBy is the deployment that rolls this one back.
	RolledBackBy    string
	RollbackMessage string
	// By is the name of the user or role that made it, from CloudTrail.
	By event.Finding[string]
}

// InstanceCount is how many instances of a deployment have a status.
type InstanceCount struct {
	Status string
	Count  int
}

// DeploymentTarget is CodeDeploy's record of an instance, a function or a service
// that a deployment went to.
type DeploymentTarget struct {
	ID              string
	Status          string
	LifecycleEvents []LifecycleEvent // in their order
}

// LifecycleEvent is a lifecycle event of a deployment on one target.
type LifecycleEvent struct {
	Name   string // such as ApplicationStart
	Status string
	// Why it failed, if it did.
	ErrorCode, Script, Message, LogTail string
}
