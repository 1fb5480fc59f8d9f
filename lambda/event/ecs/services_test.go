package ecs

import (
	"strings"
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
		{"nothing", ``, "Unknown event: " + unnamed, "An unnamed service in an unnamed cluster reports an event without a name, which extraeye does not know.", notice.Warning, notice.Marker},
		{"nulls", `"eventName":null,"eventType":null,"reason":null,"clusterArn":null,"capacityProviderArns":null`, "Unknown event: " + unnamed, "An unnamed service in an unnamed cluster reports an event without a name, which extraeye does not know.", notice.Warning, notice.Marker},
		{"other types", `"eventName":{},"eventType":7,"reason":["x"],"clusterArn":true,"capacityProviderArns":"a/b","containerInstanceArns":[7,null,{}]`, "Unknown event: an unnamed service in true", "An unnamed service in cluster true reports an event without a name, which extraeye does not know.", notice.Warning, notice.Marker},
		{"new name", `"eventName":"SERVICE_ON_FIRE","eventType":"ERROR","reason":"smoke.","serviceName":"web"`, "Unknown event SERVICE_ON_FIRE (smoke): web in an unnamed cluster", "Service web in an unnamed cluster reports SERVICE_ON_FIRE, which extraeye does not know: smoke.", notice.Error, notice.Open},
		{"new type", `"eventName":"SERVICE_TASK_START_IMPAIRED","eventType":"FATAL","service":"web"`, "Tasks keep failing to start: web in an unnamed cluster", "Service web in an unnamed cluster cannot start tasks reliably.", notice.Warning, notice.Marker},
		{"new reason", `"eventName":"SERVICE_TASK_PLACEMENT_FAILURE","eventType":"ERROR","reason":"RESOURCE:QUBITS"`, "Cannot place a task (RESOURCE:QUBITS): " + unnamed, "An unnamed service in an unnamed cluster cannot place a task: RESOURCE:QUBITS.", notice.Error, notice.Open},
		{"as long a reason as a title has", `"eventName":"SERVICE_TASK_PLACEMENT_FAILURE","eventType":"ERROR","reason":"` + strings.Repeat("x", 80) + `"`, "Cannot place a task (" + strings.Repeat("x", 80) + "): " + unnamed, "An unnamed service in an unnamed cluster cannot place a task: " + strings.Repeat("x", 80) + ".", notice.Error, notice.Open},
		{"a longer one", `"eventName":"SERVICE_TASK_PLACEMENT_FAILURE","eventType":"ERROR","reason":"` + strings.Repeat("x", 81) + `"`, "Cannot place a task: " + unnamed, "An unnamed service in an unnamed cluster cannot place a task: " + strings.Repeat("x", 81) + ".", notice.Error, notice.Open},
		{"memory", `"eventName":"SERVICE_TASK_PLACEMENT_FAILURE","eventType":"ERROR","reason":"RESOURCE:MEMORY"`, "Cannot place a task (no container instance has enough memory left): " + unnamed, "An unnamed service in an unnamed cluster cannot place a task: no container instance has enough memory left.", notice.Error, notice.Open},
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

// TestSkippedServiceActions shows that what is routine is left out, and that nothing else is.
func TestSkippedServiceActions(t *testing.T) {
	routine, all := &wire.ECSServices{}, &wire.ECSServices{SteadyStates: true}
	for _, tt := range []struct {
		name, kind string
		watch      *wire.ECSServices
		reported   bool
	}{
		{"SERVICE_STEADY_STATE", "INFO", routine, false},
		{"SERVICE_REBALANCING_STARTED", "INFO", routine, false},
		{"TASKS_STARTED", "INFO", routine, false},
		{"SERVICE_STEADY_STATE", "INFO", all, true},
		{"SERVICE_STEADY_STATE", "INFO", nil, true},
		{"SERVICE_STEADY_STATE", "WARN", routine, true},
		{"SERVICE_TASK_PLACEMENT_FAILURE", "ERROR", routine, true},
		{"SERVICE_TASK_PLACEMENT_FAILURE", "INFO", routine, true},
		{"SERVICE_ON_FIRE", "INFO", routine, true}, // new names are reported
		{"", "", routine, true},
	} {
		s := &Service{EventName: tt.name, EventType: tt.kind}
		if why := s.SkipReason(wire.Watch{ECSServices: tt.watch}); (why == "") != tt.reported {
			t.Errorf("%s %s: SkipReason = %q, want reported = %v", tt.kind, tt.name, why, tt.reported)
		}
	}
}

// TestServiceCases has the service actions that people published.
func TestServiceCases(t *testing.T) {
	eventtest.Cases(t, Decoders, wire.Watch{ECSServices: &wire.ECSServices{}}, []eventtest.Case{
		{Event: "ecs-service-action-rebalancing-stopped", Source: guide + "track-service-rebalancing.html"},
		{Event: "ecs-service-action-no-spot-capacity", Source: "an event of September 2026 with a reason in prose", Title: "Cannot place a task (No Fargate Spot capacity was available): orders in prod"},
	})
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

// TestAfterDeployment shows that a deployment of the day before is named, and an older one is not.
func TestAfterDeployment(t *testing.T) {
	at := time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC)
	for gap, want := range map[time.Duration]string{
		24 * time.Hour:             "1 day after deployment ecs-svc/1 to web:42 began",
		24*time.Hour + time.Second: "",
		-time.Second:               "",
	} {
		info := ServiceInfo{Deployments: []DeploymentInfo{{ID: "ecs-svc/1", TaskDefinition: "web:42", Created: at.Add(-gap)}}}
		if got := info.afterDeployment(at); got != want {
			t.Errorf("%s before: %q, want %q", gap, got, want)
		}
	}
}
