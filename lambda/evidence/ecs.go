package evidence

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ecs"
)

// ecsTarget names ECS's API and its version.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
const ecsTarget = "AmazonEC2ContainerServiceV20141113"

// maxDeployments is how many deployments of a service are read. ECS keeps the newest and those
// that are not replaced yet, rarely more than two.
const maxDeployments = 20

// forECS lists the look-ups for an event of ECS. A task may be of no service.
func (l *Lookups) forECS(e *event.Event) []lookup {
	switch s := e.Subject.(type) {
	case *ecs.Task:
		if s.Service != "" {
			return []lookup{func(ctx context.Context) { s.Info = l.service(ctx, e.Region, s.Cluster, s.Service) }}
		}
	case *ecs.Deployment:
		return []lookup{
			func(ctx context.Context) { s.Info = l.service(ctx, e.Region, s.Cluster, s.Service) },
			func(ctx context.Context) {
				s.ServiceDeployment = l.latestServiceDeployment(ctx, e.Region, s.Cluster, s.Service, event.FirstKnown(s.Updated, e.Time))
			},
		}
	case *ecs.Hook:
		return []lookup{func(ctx context.Context) { s.ServiceDeployment = l.serviceDeployment(ctx, e.Region, s.DeploymentARN) }}
	case *ecs.Service:
		return []lookup{func(ctx context.Context) { s.Info = l.service(ctx, e.Region, s.Cluster, s.Service) }}
	}
	return nil
}

// service is the part of ECS's Service that is read. Every member is optional.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
type service struct {
	Name           string `json:"serviceName"`
	Desired        count  `json:"desiredCount"`
	Running        count  `json:"runningCount"`
	Pending        count  `json:"pendingCount"`
	TaskDefinition string `json:"taskDefinition"`
	Deployments    []struct {
		ID             string `json:"id"`
		Status         string `json:"status"`
		State          string `json:"rolloutState"`
		Reason         string `json:"rolloutStateReason"`
		TaskDefinition string `json:"taskDefinition"`
		Created        moment `json:"createdAt"`
		Updated        moment `json:"updatedAt"`
		Failed         count  `json:"failedTasks"`
	} `json:"deployments"`
}

// service returns ECS's record of a service. Without a cluster ECS would look in the
// cluster named default, so it is not asked.
func (l *Lookups) service(ctx context.Context, region, cluster, name string) event.Finding[ecs.ServiceInfo] {
	switch {
	case name == "":
		return event.NotFound[ecs.ServiceInfo]("the event names no service")
	case cluster == "":
		return event.NotFound[ecs.ServiceInfo]("the event names no cluster")
	}
	call := awsapi.Call{Service: "ecs", Operation: "DescribeServices", Region: region}
	in := struct {
		Cluster  string   `json:"cluster"`
		Services []string `json:"services"`
	}{cluster, []string{name}}
	var found struct {
		Services []service `json:"services"`
		Failures []struct {
			Reason string `json:"reason"`
		} `json:"failures"`
	}
	if problem := l.json(ctx, call, "ECS", ecsTarget, in, "services", &found); problem != "" {
		return event.NotFound[ecs.ServiceInfo](problem)
	}
	for _, s := range found.Services {
		if s.Name == name {
			return event.Found(s.record())
		}
	}
	if len(found.Failures) == 0 {
		return event.NotFound[ecs.ServiceInfo](l.problem(call, "ECS", errors.New("no such service in the answer")))
	}
	return event.NotFound[ecs.ServiceInfo]("the service is not known to ECS")
}

func (s *service) record() ecs.ServiceInfo {
	info := ecs.ServiceInfo{TaskDefinition: definition(s.TaskDefinition)}
	// A number that is missing is not 0, which would mean that the service is down.
	if s.Desired.known && s.Running.known {
		info.Desired, info.Running, info.Pending = s.Desired.n, s.Running.n, s.Pending.n
	}
	for _, d := range s.Deployments[:min(len(s.Deployments), maxDeployments)] {
		info.Deployments = append(info.Deployments, ecs.DeploymentInfo{
			ID:             d.ID,
			Status:         d.Status,
			State:          d.State,
			Reason:         d.Reason,
			TaskDefinition: definition(d.TaskDefinition),
			Created:        d.Created.Time,
			Updated:        d.Updated.Time,
			FailedTasks:    d.Failed.n,
		})
	}
	return info
}

// count is a number of things. Anything else is not known.
type count struct {
	n     int
	known bool
}

func (c *count) UnmarshalJSON(raw []byte) error {
	if n, err := strconv.Atoi(string(raw)); err == nil && n >= 0 {
		*c = count{n, true}
	}
	return nil
}

// definition is "family:revision" of a task definition's ARN.
func definition(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }
