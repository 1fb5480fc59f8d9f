package evidence

import (
	"context"
	"slices"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
)

// target is the part of CodeDeploy's targets that is read: it is the same for instances,
// Lambda functions, ECS services and CloudFormation stacks.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentTarget.html
type target struct {
	ID     string           `json:"targetId"`
	Status string           `json:"status"`
	Events []lifecycleEvent `json:"lifecycleEvents"`
}

// lifecycleEvent is CodeDeploy's LifecycleEvent.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_LifecycleEvent.html
type lifecycleEvent struct {
	Name        string `json:"lifecycleEventName"`
	Status      string `json:"status"`
	Ended       moment `json:"endTime"`
	Diagnostics struct {
		Code    string `json:"errorCode"`
		Script  string `json:"scriptName"`
		Message string `json:"message"`
		LogTail string `json:"logTail"`
	} `json:"diagnostics"`
}

// anyTarget has one member, that of its platform.
type anyTarget struct {
	Instance *target `json:"instanceTarget"`
	Lambda   *target `json:"lambdaTarget"`
	ECS      *target `json:"ecsTarget"`
	Stack    *target `json:"cloudFormationTarget"`
}

func (a anyTarget) target() target {
	for _, t := range []*target{a.Instance, a.Lambda, a.ECS, a.Stack} {
		if t != nil {
			return *t
		}
	}
	return target{}
}

// record leaves out the diagnostics of lifecycle events that did not fail. What looks like a
// secret in the output of the others is masked.
func (t target) record() codedeploy.DeploymentTarget {
	record := codedeploy.DeploymentTarget{ID: t.ID, Status: t.Status}
	for _, e := range t.Events {
		read := codedeploy.LifecycleEvent{Name: e.Name, Status: e.Status}
		if d := e.Diagnostics; e.failed() {
			read.ErrorCode, read.Script, read.Message, read.LogTail = d.Code, d.Script, maskedMessage(d.Message), maskedLog(d.LogTail)
		}
		record.LifecycleEvents = append(record.LifecycleEvents, read)
	}
	return record
}

func (e lifecycleEvent) failed() bool { return e.Status == codedeploy.StatusFailed }

// broke is when the first lifecycle event failed, the end of time if none did.
func (t target) broke() time.Time {
	for _, e := range t.Events {
		if e.failed() && !e.Ended.IsZero() {
			return e.Ended.Time
		}
	}
	return time.Unix(1<<40, 0)
}

// failedTargets returns the targets where a deployment failed, in the order in which it did.
// The first [batch] have their lifecycle events; the others have only their ids.
func (l *Lookups) failedTargets(ctx context.Context, region, id string) event.Finding[[]codedeploy.DeploymentTarget] {
	if id == "" {
		return event.NotFound[[]codedeploy.DeploymentTarget]("the event names no deployment")
	}
	list := struct {
		Deployment string              `json:"deploymentId"`
		Filters    map[string][]string `json:"targetFilters"`
	}{id, map[string][]string{"TargetStatus": {codedeploy.StatusFailed}}}
	var listed struct {
		IDs []string `json:"targetIds"`
	}
	if problem := l.codeDeploy(ctx, region, "ListDeploymentTargets", list, "targetIds", &listed); problem != "" {
		return event.NotFound[[]codedeploy.DeploymentTarget](problem)
	}
	failed := present(listed.IDs)
	if len(failed) == 0 {
		return event.Found([]codedeploy.DeploymentTarget{})
	}
	get := struct {
		Deployment string   `json:"deploymentId"`
		IDs        []string `json:"targetIds"`
	}{id, failed[:min(len(failed), batch)]}
	var found struct {
		Targets []anyTarget `json:"deploymentTargets"`
	}
	problem := l.codeDeploy(ctx, region, "BatchGetDeploymentTargets", get, "deploymentTargets", &found)
	var known []target
	for _, a := range found.Targets {
		if t := a.target(); slices.Contains(failed, t.ID) {
			known = append(known, t)
		}
	}
	slices.SortStableFunc(known, func(a, b target) int { return a.broke().Compare(b.broke()) })
	var targets []codedeploy.DeploymentTarget
	for _, t := range known {
		targets = append(targets, t.record())
	}
	for _, id := range failed {
		if !slices.ContainsFunc(known, func(t target) bool { return t.ID == id }) {
			targets = append(targets, codedeploy.DeploymentTarget{ID: id, Status: codedeploy.StatusFailed})
		}
	}
	return event.Finding[[]codedeploy.DeploymentTarget]{Value: targets, Known: true, Problem: problem}
}

// target returns what a deployment did on one instance.
func (l *Lookups) target(ctx context.Context, region, id, instance string) event.Finding[codedeploy.DeploymentTarget] {
	if id == "" || instance == "" {
		return event.NotFound[codedeploy.DeploymentTarget]("the event does not name the deployment and the instance")
	}
	var found struct {
		Target anyTarget `json:"deploymentTarget"`
	}
	in := map[string]string{"deploymentId": id, "targetId": instance}
	if problem := l.codeDeploy(ctx, region, "GetDeploymentTarget", in, "deploymentTarget", &found); problem != "" {
		return event.NotFound[codedeploy.DeploymentTarget](problem)
	}
	t := found.Target.target()
	t.ID = instance
	return event.Found(t.record())
}
