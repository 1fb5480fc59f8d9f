package ecs

import (
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
)

func TestECSDeploymentEvidence(t *testing.T) {
	at := time.Date(2020, 5, 23, 11, 11, 11, 0, time.UTC) // the recorded events' updatedAt
	failed := DeploymentInfo{ID: "ecs-svc/122", Status: "ACTIVE", State: "FAILED", Reason: "ECS deployment circuit breaker: tasks failed to start.", TaskDefinition: "servicetest:42", Created: at.Add(-10 * time.Minute), FailedTasks: 3}
	own := DeploymentInfo{ID: "ecs-svc/123", Status: "PRIMARY", State: "COMPLETED", Reason: "ECS deployment ecs-svc/123 completed.", TaskDefinition: "servicetest:41", Created: at.Add(-4 * time.Minute)}
	back := own
	back.State, back.Reason = "IN_PROGRESS", "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/121."
	bad := failed
	bad.ID = own.ID
	tests := []struct {
		name, event string
		info        event.Finding[ServiceInfo]
	}{
		{"ecs-deployment-recovered", "ecs-deployment-completed", event.Found(ServiceInfo{Desired: 4, Running: 4, Deployments: []DeploymentInfo{failed, own}})},
		{"ecs-deployment-rolling-back", "ecs-deployment-rolling-back-doc", event.Found(ServiceInfo{Desired: 4, Running: 3, Pending: 1, Deployments: []DeploymentInfo{back, failed}})},
		{"ecs-deployment-failed", "ecs-deployment-failed", event.Found(ServiceInfo{Desired: 1, Running: 1, Deployments: []DeploymentInfo{bad, {ID: "ecs-svc/121", TaskDefinition: "servicetest:41", Created: at.Add(-100 * time.Hour)}}})},
		{"ecs-deployment-forced", "ecs-deployment-completed", event.Found(ServiceInfo{Desired: 1, Running: 1, Deployments: []DeploymentInfo{own, {ID: "ecs-svc/121", TaskDefinition: "servicetest:41", Created: at.Add(-time.Hour)}}})},
		{"ecs-deployment-not-found", "ecs-deployment-completed", event.NotFound[ServiceInfo]("ecs:DescribeServices was denied; the notifier's role has no permission for it")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			eventtest.Golden(t, Decoders, tt.name, tt.event, wire.Watch{Service: "some-service"}, func(e *event.Event) { e.Subject.(*Deployment).Info = tt.info })
		})
	}
}

func TestIncompleteECSDeployments(t *testing.T) {
	const arn = "arn:aws:ecs:us-west-2:111122223333:service/"
	const rollback = `"eventName":"SERVICE_DEPLOYMENT_IN_PROGRESS","reason":"ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1."`
	tests := []struct {
		name, resources, detail string
		state                   wire.ECSDeploymentState
		title                   string
	}{
		{"nothing", ``, ``, "", "Deployment in an unknown state: an unnamed service in an unnamed cluster"},
		{"nulls", `null`, `"eventName":null,"reason":null,"deploymentId":null,"updatedAt":null`, "", "Deployment in an unknown state: an unnamed service in an unnamed cluster"},
		{"other types", `{}`, `"eventName":["x"],"reason":7,"deploymentId":{},"updatedAt":[]`, "", "Deployment in an unknown state: an unnamed service in an unnamed cluster"},
		{"new name", `"` + arn + `prod/web"`, `"eventName":"SERVICE_DEPLOYMENT_STOPPED"`, "SERVICE_DEPLOYMENT_STOPPED", "Deployment SERVICE_DEPLOYMENT_STOPPED: web in prod"},
		{"old ARN", `"` + arn + `web"`, `"eventName":"SERVICE_DEPLOYMENT_COMPLETED"`, wire.ECSDeploymentCompleted, "Deployed: web in an unnamed cluster"},
		{"old ARN and a cluster", `"` + arn + `web"`, `"eventName":"SERVICE_DEPLOYMENT_COMPLETED","clusterArn":"arn:aws:ecs:us-west-2:111122223333:cluster/prod"`, wire.ECSDeploymentCompleted, "Deployed: web in prod"},
		{"another order", `"x","arn:aws:ecs:us-west-2:111122223333:cluster/c","` + arn + `prod/web"`, `"eventName":"SERVICE_DEPLOYMENT_FAILED"`, wire.ECSDeploymentFailed, "Deployment failed: web in prod"},
		{"named in the detail", ``, `"eventName":"SERVICE_DEPLOYMENT_FAILED","serviceName":"web"`, wire.ECSDeploymentFailed, "Deployment failed: web in an unnamed cluster"},
		{"rollback", `"` + arn + `prod/web"`, rollback, wire.ECSDeploymentRollingBack, "Rolling back: web in prod"},
		{"rollback in other words", `"` + arn + `prod/web"`, `"eventName":"SERVICE_DEPLOYMENT_IN_PROGRESS","reason":"Service deployment ROLLBACK in progress."`, wire.ECSDeploymentRollingBack, "Rolling back: web in prod"},
		{"failed to roll back", `"` + arn + `prod/web"`, `"eventName":"SERVICE_DEPLOYMENT_FAILED","reason":"rolling back failed"`, wire.ECSDeploymentFailed, "Deployment failed: web in prod"},
		{"markup", `"` + arn + `<b>/a b"`, `"eventName":"SERVICE_DEPLOYMENT_FAILED"`, wire.ECSDeploymentFailed, "Deployment failed: a b in <b>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := eventtest.Decode(Decoders, `{"source":"aws.ecs","detail-type":"ECS Deployment State Change","resources":[`+tt.resources+`],"detail":{`+tt.detail+`}}`, wire.Watch{})
			n := e.Notice(time.Now())
			eventtest.Check(t, n)
			if got := e.Subject.(*Deployment).State; got != tt.state || n.Title != tt.title {
				t.Errorf("%q, %q; want %q, %q", got, n.Title, tt.state, tt.title)
			}
			if n.Release == nil {
				t.Error("there is no release")
			}
		})
	}
}

func TestDeploymentSkipReason(t *testing.T) {
	tests := []struct {
		state  wire.ECSDeploymentState
		asked  []wire.ECSDeploymentState
		wanted bool
	}{
		{wire.ECSDeploymentInProgress, nil, false},
		{wire.ECSDeploymentRollingBack, nil, true},
		{wire.ECSDeploymentCompleted, nil, true},
		{wire.ECSDeploymentFailed, nil, true},
		{"", nil, true},
		{"SERVICE_DEPLOYMENT_STOPPED", []wire.ECSDeploymentState{wire.ECSDeploymentFailed}, true},
		{wire.ECSDeploymentInProgress, wire.AllECSDeploymentStates(), true},
		{wire.ECSDeploymentCompleted, []wire.ECSDeploymentState{wire.ECSDeploymentFailed}, false},
	}
	for _, tt := range tests {
		w := wire.Watch{ECSDeployments: &wire.ECSDeployments{States: tt.asked}}
		if why := (&Deployment{State: tt.state}).SkipReason(w); (why == "") != tt.wanted {
			t.Errorf("%q of %v: %q, want wanted = %v", tt.state, tt.asked, why, tt.wanted)
		}
	}
}
