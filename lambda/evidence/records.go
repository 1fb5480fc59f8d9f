package evidence

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
	"github.com/extraeye/extraeye/lambda/event/ecs"
)

// What is read here of one event's records is read elsewhere of many: these are the readers, and
// the look-ups that a record needs besides.

// ReadDeployment reads CodeDeploy's record of a deployment, its DeploymentInfo.
func ReadDeployment(raw json.RawMessage) codedeploy.DeploymentInfo {
	var d deployment
	_ = json.Unmarshal(raw, &d) // a member of another type is left empty
	return d.record()
}

// ReadServiceDeployment reads ECS's record of a service deployment.
func ReadServiceDeployment(raw json.RawMessage) ecs.ServiceDeployment {
	var d serviceDeployment
	_ = json.Unmarshal(raw, &d)
	return d.record()
}

// FailedTargets looks up where a deployment failed, in the order in which it did.
func (l *Lookups) FailedTargets(ctx context.Context, region, id string) event.Finding[[]codedeploy.DeploymentTarget] {
	return l.failedTargets(ctx, region, id)
}

// Console looks up what an instance's console says about a crash. EC2 keeps it for about an hour
// after the instance's end.
func (l *Lookups) Console(ctx context.Context, region, id string, ended time.Time) event.Finding[autoscaling.Console] {
	return l.console(ctx, region, id, ended)
}

// RequestedBy looks up the last call that terminated or stopped an instance before Auto Scaling did.
func (l *Lookups) RequestedBy(ctx context.Context, region, id string, at time.Time) event.Finding[autoscaling.Request] {
	return l.requestedBy(ctx, region, id, at)
}

// TrailEvent is CloudTrail's record of a call. Every field may be empty.
type TrailEvent struct {
	ID      string
	Service string // such as autoscaling
	Call    string
	// By is the name of the user or role.
	By string
	At time.Time
	// Error is the code of a call that failed.
	Error string
	// ReadOnly is true for a call that changed nothing, and ByAWS for one that a service of AWS
	// made by itself.
	ReadOnly, ByAWS bool
	// Deployment is what CreateDeployment made.
	Deployment string
}

// ReadTrailEvent reads one of LookupEvents' events.
func ReadTrailEvent(raw json.RawMessage) TrailEvent {
	e := readTrailEvent(raw)
	return TrailEvent{
		ID: e.ID, Service: strings.TrimSuffix(e.Service, ".amazonaws.com"), Call: e.Name, By: e.Identity.name(), At: instant(e.Time),
		Error: e.Error, ReadOnly: e.ReadOnly, Deployment: e.Answer.Deployment,
		ByAWS: e.Identity.Type == "AWSService" || e.Identity.isAutoScaling(),
	}
}
