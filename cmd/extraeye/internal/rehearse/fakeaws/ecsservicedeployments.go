package fakeaws

import (
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
)

func init() {
	operations["ecs.ListServiceDeployments"] = Account.listServiceDeployments
	operations["ecs.DescribeServiceDeployments"] = Account.describeServiceDeployments
}

// listServiceDeployments lists the service deployment that the event is about.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html
func (a Account) listServiceDeployments(r Request) answer.Answer {
	var in struct{ Cluster, Service string }
	r.read(&in)
	name := in.Cluster[strings.LastIndex(in.Cluster, "/")+1:] + "/" + in.Service[strings.LastIndex(in.Service, "/")+1:]
	arn := "arn:aws:ecs:" + a.event.Region + ":" + a.event.Account + ":service-deployment/" + name + "/" + hexDigits(20, name, a.event.ID)
	return jsonAnswer(map[string]any{"serviceDeployments": []any{a.event.serviceDeployment(arn)}})
}

// describeServiceDeployments describes the service deployments that are asked for, as the
// event leaves them.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html
func (a Account) describeServiceDeployments(r Request) answer.Answer {
	var in struct{ ServiceDeploymentARNs []string }
	r.read(&in)
	deployments := []any{}
	for _, arn := range in.ServiceDeploymentARNs {
		deployments = append(deployments, a.event.serviceDeployment(arn))
	}
	return jsonAnswer(map[string]any{"serviceDeployments": deployments, "failures": []any{}})
}

// serviceDeployment is a service deployment as the event leaves it.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
func (e event) serviceDeployment(arn string) map[string]any {
	d := map[string]any{
		"serviceDeploymentArn": arn, "status": "IN_PROGRESS", "lifecycleStage": "SCALE_UP", "createdAt": seconds(e.Time.Add(-9 * time.Minute)),
	}
	switch {
	case e.Detail.HookID != "":
		d["lifecycleStage"] = e.Detail.LifecycleStage
		d["lifecycleHookDetails"] = []any{map[string]any{
			"hookId": e.Detail.HookID, "status": "AWAITING_ACTION", "expiresAt": seconds(e.Detail.ExpiresAt), "timeoutAction": "ROLLBACK",
		}}
	case e.Detail.EventName == "SERVICE_DEPLOYMENT_COMPLETED":
		d["status"] = "SUCCESSFUL"
		delete(d, "lifecycleStage")
	case e.Detail.EventName == "SERVICE_DEPLOYMENT_FAILED", strings.Contains(e.Detail.Reason, "rolling back"):
		const reason = "Service deployment rolled back because the circuit breaker threshold was exceeded."
		d["status"], d["statusReason"] = "ROLLBACK_IN_PROGRESS", reason
		d["rollback"] = map[string]any{"reason": reason, "startedAt": seconds(e.Time)}
		d["deploymentCircuitBreaker"] = map[string]any{"status": "TRIGGERED", "failureCount": 10, "threshold": 10}
	}
	return d
}
