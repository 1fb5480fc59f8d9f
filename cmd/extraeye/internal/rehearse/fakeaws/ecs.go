package fakeaws

import (
	"cmp"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
)

func init() { operations["ecs.DescribeServices"] = Account.describeServices }

// describeServices describes the services that are asked for, and their deployments as
// the event leaves them.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
func (a Account) describeServices(r Request) answer.Answer {
	var in struct {
		Cluster  string
		Services []string
	}
	r.read(&in)
	event := a.event
	arn := "arn:aws:ecs:" + event.Region + ":" + event.Account + ":"
	cluster := in.Cluster[strings.LastIndex(in.Cluster, "/")+1:]
	services := []any{}
	for _, name := range in.Services {
		name = name[strings.LastIndex(name, "/")+1:]
		definition := cmp.Or(event.Detail.TaskDefinitionARN, arn+"task-definition/"+name+":42")
		rollouts := event.rollouts(definition)
		running := 0
		for _, rollout := range rollouts {
			running += rollout.(map[string]any)["runningCount"].(int)
		}
		services = append(services, map[string]any{
			"serviceArn": arn + "service/" + cluster + "/" + name, "serviceName": name, "clusterArn": arn + "cluster/" + cluster,
			"status": "ACTIVE", "desiredCount": 4, "runningCount": running, "pendingCount": 4 - running, "launchType": "FARGATE",
			"taskDefinition": definition, "deploymentController": map[string]string{"type": "ECS"}, "deployments": rollouts,
			"createdAt": seconds(event.Time.Add(-400 * 24 * time.Hour)), "events": []any{},
		})
	}
	return jsonAnswer(map[string]any{"services": services, "failures": []any{}})
}

// rollouts are the deployments of a service, the newest first.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
func (e event) rollouts(definition string) []any {
	id := cmp.Or(e.Detail.DeploymentID, e.Detail.StartedBy, "ecs-svc/5211643699352071000")
	// rollout is a deployment of a task definition, running before the event for so long.
	rollout := func(id, status, state, reason, definition string, running, failed int, age time.Duration) any {
		return map[string]any{
			"id": id, "status": status, "taskDefinition": definition, "desiredCount": 4, "runningCount": running,
			"pendingCount": 4 - running, "failedTasks": failed, "createdAt": seconds(e.Time.Add(-age)),
			"updatedAt": seconds(e.Time.Add(-age + min(age, howLong))), "launchType": "FARGATE",
			"rolloutState": state, "rolloutStateReason": reason,
		}
	}
	completed := "ECS deployment " + id + " completed."
	before := earlier(definition)
	switch {
	case strings.Contains(e.Detail.Reason, "rolling back"):
		_, back, _ := strings.Cut(strings.TrimSuffix(e.Detail.Reason, "."), "deploymentId ")
		return []any{
			rollout(cmp.Or(back, "ecs-svc/4987320155012236041"), "PRIMARY", "IN_PROGRESS", e.Detail.Reason, before, 3, 0, time.Minute),
			rollout(id, "ACTIVE", "FAILED", "ECS deployment circuit breaker: tasks failed to start.", definition, 0, 10, 9*time.Minute),
		}
	case e.Detail.EventName == "SERVICE_DEPLOYMENT_FAILED":
		return []any{
			rollout(id, "PRIMARY", "FAILED", e.Detail.Reason, definition, 0, 10, 9*time.Minute),
			rollout("ecs-svc/4987320155012236041", "ACTIVE", "COMPLETED", "ECS deployment completed.", before, 4, 0, 50*time.Hour),
		}
	case e.Detail.EventName == "SERVICE_DEPLOYMENT_IN_PROGRESS":
		return []any{
			rollout(id, "PRIMARY", "IN_PROGRESS", e.Detail.Reason, definition, 1, 0, time.Minute),
			rollout("ecs-svc/4987320155012236041", "ACTIVE", "COMPLETED", "ECS deployment completed.", before, 3, 0, 50*time.Hour),
		}
	case e.Detail.EventName == "SERVICE_DEPLOYMENT_COMPLETED", e.Detail.EventName == "SERVICE_STEADY_STATE":
		return []any{rollout(id, "PRIMARY", "COMPLETED", completed, definition, 4, 0, howLong)}
	}
	return []any{rollout(id, "PRIMARY", "COMPLETED", completed, definition, 3, 0, 29*time.Minute)}
}

// earlier is the revision of a task definition before this one.
func earlier(definition string) string {
	return strings.TrimSuffix(definition, ":42") + ":41"
}
