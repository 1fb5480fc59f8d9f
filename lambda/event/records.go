package event

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// The records that AWS keeps of things, as far as they are told. Every field of
// each may be empty.

// Machine is EC2's record of an instance.
type Machine struct {
	Name     string // its Name tag
	Type     string
	Image    string // the AMI
	Zone     string
	Launched time.Time
	State    string
	// StateReason is why it is in that state, in EC2's words: a code and a message.
	StateReason string
	// Group is the Auto Scaling group that it belongs to, from its tags.
	Group string
}

// Fleet is how an Auto Scaling group stands.
type Fleet struct {
	Min, Max, Desired int
	// Healthy counts the instances that are in service and healthy, Total all of them.
	Healthy, Total int
}

// Activity is something that an Auto Scaling group did.
type Activity struct {
	ID          string
	Description string // "Terminating EC2 instance: i-…"
	Cause       string
	Status      string // Successful, Failed, Cancelled, …
	Started     time.Time
}

// History is what an Auto Scaling group did, the newest first.
type History struct {
	Activities []Activity
	// Whole says that there is no older activity.
	Whole bool
}

// RefreshInfo is Auto Scaling's record of an instance refresh.
type RefreshInfo struct {
	Status, Reason, RollbackReason string
	Percent                        int
	Remaining                      int // instances to update
	Started, Ended                 time.Time
}

// HookInfo is Auto Scaling's record of a lifecycle hook.
type HookInfo struct {
	Timeout time.Duration // without a heartbeat
	Default string        // what happens then: CONTINUE or ABANDON
}

// DeploymentInfo is CodeDeploy's record of a deployment.
type DeploymentInfo struct {
	ID          string
	Application string
	Group       string
	Status      string // as the API spells it: Succeeded, Failed, Stopped, …
	Creator     wire.Creator
	Description string
	Config      string // the deployment configuration, such as CodeDeployDefault.OneAtATime
	Platform    string // Server, Lambda or ECS
	Revision    Revision
	// Previous is the revision that was deployed before.
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
	// By is the name of whoever made it, from CloudTrail.
	By Finding[string]
}

// InstanceCount is how many instances of a deployment have a status.
type InstanceCount struct {
	Status string
	Count  int
}

// DeploymentTarget is CodeDeploy's record of an instance, a function or a service
// that a deployment went to.
type DeploymentTarget struct {
	ID     string
	Status string
	Steps  []DeploymentStep // in their order
}

// DeploymentStep is a lifecycle event of a deployment on one target.
type DeploymentStep struct {
	Name   string // such as ApplicationStart
	Status string
	// What went wrong, if something did.
	ErrorCode, Script, Message, LogTail string
}

// ServiceInfo is ECS's record of a service.
type ServiceInfo struct {
	Desired, Running, Pending int
	TaskDefinition            string // "family:revision"
	Rollouts                  []Rollout
}

// Rollout is a deployment of an ECS service.
type Rollout struct {
	ID             string // "ecs-svc/…"
	Status         string // PRIMARY is the newest; ACTIVE are what it replaces
	State          string // IN_PROGRESS, COMPLETED or FAILED; empty for some deployment controllers
	Reason         string
	TaskDefinition string // "family:revision"
	Created        time.Time
	Updated        time.Time
	Failed         int // tasks
}
