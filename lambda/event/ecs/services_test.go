package ecs

import (
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
	"github.com/extraeye/extraeye/lambda/notice"
)

func TestECSServiceEvidence(t *testing.T) {
	at := time.Date(2019, 11, 19, 19, 55, 38, 0, time.UTC) // the recorded events' time
	began := DeploymentInfo{ID: "ecs-svc/123", Status: "PRIMARY", State: "IN_PROGRESS", TaskDefinition: "web:42", Created: at.Add(-2 * time.Minute)}
	tests := []struct {
		name, event string
		info        event.Finding[ServiceInfo]
	}{
		{"ecs-service-start-impaired", "ecs-service-action-service-task-start-impaired", event.Found(ServiceInfo{Desired: 2, Running: 1, Pending: 1, Deployments: []DeploymentInfo{began}})},
		{"ecs-service-down", "ecs-service-action-service-task-placement-failure", event.Found(ServiceInfo{Desired: 2, Deployments: []DeploymentInfo{{ID: "ecs-svc/1", Created: at.Add(-48 * time.Hour)}}})},
		{"ecs-service-provider-steady-while-down", "ecs-service-action-capacity-provider-steady-state", event.Found(ServiceInfo{Desired: 2, Pending: 2})},
		{"ecs-service-not-found", "ecs-service-action-service-steady-state", event.NotFound[ServiceInfo]("ECS did not answer in time")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			eventtest.Golden(t, Decoders, tt.name, tt.event, wire.Watch{Service: "some-service"}, func(e *event.Event) { e.Subject.(*Service).Info = tt.info })
		})
	}
}

func TestECSServiceActions(t *testing.T) {
	const unnamed = "an unnamed service in an unnamed cluster"
	tests := []struct {
		name, detail, title, summary string
		severity                     notice.Severity
		status                       notice.Status
	}{
		{"nothing", ``, "Something happened: " + unnamed, "An unnamed service in an unnamed cluster reports: something without a name.", notice.Warning, notice.Marker},
		{"nulls", `"eventName":null,"eventType":null,"reason":null,"clusterArn":null,"capacityProviderArns":null`, "Something happened: " + unnamed, "An unnamed service in an unnamed cluster reports: something without a name.", notice.Warning, notice.Marker},
		{"other types", `"eventName":{},"eventType":7,"reason":["x"],"clusterArn":true,"capacityProviderArns":"a/b","containerInstanceArns":[7,null,{}]`, "Something happened: an unnamed service in true", "An unnamed service in cluster true reports: something without a name.", notice.Warning, notice.Marker},
		{"new name", `"eventName":"SERVICE_ON_FIRE","eventType":"ERROR","reason":"smoke.","serviceName":"web"`, "SERVICE_ON_FIRE: web in an unnamed cluster", "Service web in an unnamed cluster reports: service on fire: smoke.", notice.Error, notice.Open},
		{"new type", `"eventName":"SERVICE_TASK_START_IMPAIRED","eventType":"FATAL","service":"web"`, "Tasks keep failing to start: web in an unnamed cluster", "Service web in an unnamed cluster cannot start tasks reliably.", notice.Warning, notice.Marker},
		{"new reason", `"eventName":"SERVICE_TASK_PLACEMENT_FAILURE","eventType":"ERROR","reason":"RESOURCE:QUBITS"`, "Cannot place a task: " + unnamed, "An unnamed service in an unnamed cluster cannot place a task: RESOURCE:QUBITS.", notice.Error, notice.Open},
		{"memory", `"eventName":"SERVICE_TASK_PLACEMENT_FAILURE","eventType":"ERROR","reason":"RESOURCE:MEMORY"`, "Cannot place a task: " + unnamed, "An unnamed service in an unnamed cluster cannot place a task: no container instance has enough memory left.", notice.Error, notice.Open},
		{"info", `"eventName":"SERVICE_DESIRED_COUNT_UPDATED","eventType":"INFO"`, "Desired count changed: " + unnamed, "An unnamed service in an unnamed cluster was given another desired count.", notice.Info, notice.Marker},
		{"steady without a type", `"eventName":"SERVICE_STEADY_STATE"`, "Steady: " + unnamed, "An unnamed service in an unnamed cluster has reached a steady state.", notice.Info, notice.Resolved},
		{"warning", `"eventName":"VPC_LATTICE_TARGET_UNHEALTHY","eventType":"WARN"`, "Unhealthy VPC Lattice target: " + unnamed, "An unnamed service in an unnamed cluster has a target that VPC Lattice finds unhealthy.", notice.Warning, notice.Open},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := eventtest.Decode(Decoders, `{"source":"aws.ecs","detail-type":"ECS Service Action","detail":{`+tt.detail+`}}`, wire.Watch{})
			if why := e.SkipReason(); why != "" {
				t.Errorf("skipped: %s", why)
			}
			n := e.Notice(time.Now())
			eventtest.Check(t, n)
			if n.Title != tt.title || n.Summary != tt.summary || n.Severity != tt.severity || n.Status != tt.status {
				t.Errorf("got  %q, %q, %s, %s\nwant %q, %q, %s, %s", n.Title, n.Summary, n.Severity, n.Status, tt.title, tt.summary, tt.severity, tt.status)
			}
		})
	}
}

// TestECSKeys shows what resolves what: a steady service says nothing of a deployment
// that failed.
func TestECSKeys(t *testing.T) {
	key := func(detailType, name string) string {
		return eventtest.Decode(Decoders, `{"source":"aws.ecs","detail-type":"`+detailType+`","resources":["arn:aws:ecs:us-west-2:111122223333:service/prod/web"],"detail":{"eventName":"`+name+`"}}`, wire.Watch{}).Notice(time.Now()).Key
	}
	impaired, steady := key("ECS Service Action", "SERVICE_TASK_START_IMPAIRED"), key("ECS Service Action", "SERVICE_STEADY_STATE")
	failed, completed := key("ECS Deployment State Change", "SERVICE_DEPLOYMENT_FAILED"), key("ECS Deployment State Change", "SERVICE_DEPLOYMENT_COMPLETED")
	if impaired != steady || failed != completed || steady == completed {
		t.Errorf("keys are %q, %q, %q, %q", impaired, steady, failed, completed)
	}
}

// TestServiceThatDoesNotRun shows that whatever is wrong with a service is critical while
// none of its tasks runs, and nothing else is.
func TestServiceThatDoesNotRun(t *testing.T) {
	down := event.Found(ServiceInfo{Desired: 2})
	for _, tt := range []struct {
		subject event.Subject
		want    notice.Severity
	}{
		{&Service{EventType: "WARN", Info: down}, notice.Critical},
		{&Service{EventType: "INFO", Info: down}, notice.Info},
		{&Task{Reason: wire.StopOutOfMemory, Info: down}, notice.Critical},
		{&Task{Reason: wire.StopScaling, Info: down}, notice.Info},
		{&Deployment{State: wire.ECSDeploymentFailed, Info: down}, notice.Critical},
		{&Deployment{State: wire.ECSDeploymentFailed, Info: event.Found(ServiceInfo{Desired: 2, Running: 1})}, notice.Error},
		{&Deployment{State: wire.ECSDeploymentCompleted, Info: down}, notice.Info},
	} {
		n := &notice.Notice{}
		if tt.subject.Describe(n, &event.Event{}, time.Now()); n.Severity != tt.want {
			t.Errorf("%s: %s, want %s", n.Summary, n.Severity, tt.want)
		}
	}
}
