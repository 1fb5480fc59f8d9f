package evidence

import (
	"context"
	"slices"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
)

// target is what is read of CodeDeploy's targets: instances, Lambda functions, ECS
// services and CloudFormation stacks are described alike.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentTarget.html
type target struct {
	ID     string `json:"targetId"`
	Status string `json:"status"`
	Steps  []step `json:"lifecycleEvents"`
}

// step is CodeDeploy's LifecycleEvent.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_LifecycleEvent.html
type step struct {
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

// anyTarget has one of its members, the one of its platform.
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

func (t target) told() codedeploy.DeploymentTarget {
	told := codedeploy.DeploymentTarget{ID: t.ID, Status: t.Status}
	for _, s := range t.Steps {
		step := codedeploy.LifecycleEvent{Name: s.Name, Status: s.Status}
		if s.failed() {
			d := s.Diagnostics
			step.ErrorCode, step.Script, step.Message, step.LogTail = d.Code, d.Script, d.Message, d.LogTail
		}
		told.LifecycleEvents = append(told.LifecycleEvents, step)
	}
	return told
}

func (s step) failed() bool { return s.Status == codedeploy.StatusFailed }

// broke is when the first step failed, or the end of time if none did.
func (t target) broke() time.Time {
	for _, s := range t.Steps {
		if s.failed() && !s.Ended.IsZero() {
			return s.Ended.Time
		}
	}
	return time.Unix(1<<40, 0)
}

// failedTargets returns where a deployment failed, those where it failed first
// first. What was done there is known of a batch; the others have only their ids.
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
		targets = append(targets, t.told())
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
	return event.Found(t.told())
}
