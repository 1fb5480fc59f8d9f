package evidence

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ecs"
)

const (
	// longestDeployment is how long ago a service deployment may have been made that an event is
	// about. One that waits for approval may wait for 14 days.
	//
	// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html
	longestDeployment = 15 * 24 * time.Hour
	// maxListed is how many service deployments are listed: as many as ECS allows, for it does
	// not say in which order they come.
	//
	// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html
	maxListed = 100
	// clockSkew is how long after its event a service deployment may have been made.
	clockSkew = time.Minute
)

// latestServiceDeployment returns ECS's record of the service deployment that an event at a time
// is about: the latest that was made before. The events have another id of their own.
func (l *Lookups) latestServiceDeployment(ctx context.Context, region, cluster, service string, at time.Time) event.Finding[ecs.ServiceDeployment] {
	if cluster == "" || service == "" || at.IsZero() {
		return event.NotFound[ecs.ServiceDeployment]("the event does not name the service, its cluster and the time")
	}
	in := struct {
		Cluster string             `json:"cluster"`
		Created map[string]float64 `json:"createdAt"`
		Most    int                `json:"maxResults"`
		Service string             `json:"service"`
	}{cluster, map[string]float64{"after": epoch(at.Add(-longestDeployment)), "before": epoch(at.Add(clockSkew))}, maxListed, service}
	var found struct {
		Deployments []struct {
			ARN     string `json:"serviceDeploymentArn"`
			Created moment `json:"createdAt"`
		} `json:"serviceDeployments"`
	}
	if problem := l.ecs(ctx, region, "ListServiceDeployments", in, "serviceDeployments", &found); problem != "" {
		return event.NotFound[ecs.ServiceDeployment](problem)
	}
	latest, created := "", time.Time{}
	for _, d := range found.Deployments {
		if d.ARN != "" && !d.Created.Before(created) && !d.Created.After(at.Add(clockSkew)) {
			latest, created = d.ARN, d.Created.Time
		}
	}
	if latest == "" {
		return event.NotFound[ecs.ServiceDeployment]("ECS has no record of it")
	}
	return l.serviceDeployment(ctx, region, latest)
}

// serviceDeployment returns ECS's record of a service deployment.
func (l *Lookups) serviceDeployment(ctx context.Context, region, arn string) event.Finding[ecs.ServiceDeployment] {
	if !strings.HasPrefix(arn, "arn:") {
		return event.NotFound[ecs.ServiceDeployment]("the event names no service deployment")
	}
	var found struct {
		Deployments []serviceDeployment `json:"serviceDeployments"`
	}
	in := map[string][]string{"serviceDeploymentArns": {arn}}
	if problem := l.ecs(ctx, region, "DescribeServiceDeployments", in, "serviceDeployments", &found); problem != "" {
		return event.NotFound[ecs.ServiceDeployment](problem)
	}
	for _, d := range found.Deployments {
		if d.ARN == arn {
			return event.Found(d.record())
		}
	}
	call := awsapi.Call{Service: "ecs", Operation: "DescribeServiceDeployments", Region: region}
	return event.NotFound[ecs.ServiceDeployment](l.problem(call, "ECS", errors.New("no such service deployment in the answer")))
}

// ecs asks ECS as [Lookups.json] does.
func (l *Lookups) ecs(ctx context.Context, region, operation string, in any, required string, out any) (problem string) {
	return l.json(ctx, awsapi.Call{Service: "ecs", Operation: operation, Region: region}, "ECS", ecsTarget, in, required, out)
}

// serviceDeployment is the part of ECS's ServiceDeployment that is read. Every member is
// optional.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
type serviceDeployment struct {
	ARN          string `json:"serviceDeploymentArn"`
	Status       string `json:"status"`
	StatusReason string `json:"statusReason"`
	Stage        string `json:"lifecycleStage"`
	Created      moment `json:"createdAt"`
	Rollback     struct {
		Reason string `json:"reason"`
	} `json:"rollback"`
	Breaker struct {
		Status    string `json:"status"`
		Failures  count  `json:"failureCount"`
		Threshold count  `json:"threshold"`
	} `json:"deploymentCircuitBreaker"`
	Alarms struct {
		Triggered []string `json:"triggeredAlarmNames"`
	} `json:"alarms"`
	Hooks []struct {
		ID      string `json:"hookId"`
		Status  string `json:"status"`
		Expires moment `json:"expiresAt"`
		Action  string `json:"timeoutAction"`
	} `json:"lifecycleHookDetails"`
}

func (d serviceDeployment) record() ecs.ServiceDeployment {
	r := ecs.ServiceDeployment{
		Status: d.Status, StatusReason: d.StatusReason, Stage: d.Stage, Created: d.Created.Time,
		RollbackReason: d.Rollback.Reason, Alarms: present(d.Alarms.Triggered),
	}
	if d.Breaker.Status == "TRIGGERED" {
		r.Failures, r.Threshold = d.Breaker.Failures.n, d.Breaker.Threshold.n
	}
	for _, h := range d.Hooks {
		if h.Status == "AWAITING_ACTION" {
			r.Pauses = append(r.Pauses, ecs.Pause{HookID: h.ID, Expires: h.Expires.Time, TimeoutAction: h.Action})
		}
	}
	return r
}
