package event

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

func TestECSServiceEvidence(t *testing.T) {
	at := time.Date(2019, 11, 19, 19, 55, 38, 0, time.UTC) // the recorded events' time
	began := Rollout{ID: "ecs-svc/123", Status: "PRIMARY", State: "IN_PROGRESS", TaskDefinition: "web:42", Created: at.Add(-2 * time.Minute)}
	tests := []struct {
		name, event string
		info        Finding[ServiceInfo]
	}{
		{"ecs-service-start-impaired", "ecs-service-action-service-task-start-impaired", Found(ServiceInfo{Desired: 2, Running: 1, Pending: 1, Rollouts: []Rollout{began}})},
		{"ecs-service-down", "ecs-service-action-service-task-placement-failure", Found(ServiceInfo{Desired: 2, Rollouts: []Rollout{{ID: "ecs-svc/1", Created: at.Add(-48 * time.Hour)}}})},
		{"ecs-service-provider-steady-while-down", "ecs-service-action-capacity-provider-steady-state", Found(ServiceInfo{Desired: 2, Pending: 2})},
		{"ecs-service-not-found", "ecs-service-action-service-steady-state", NotFound[ServiceInfo]("ECS did not answer in time")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			goldenWith(t, tt.name, tt.event, wire.Watch{Service: "some-service"}, func(e *Event) { e.Subject.(*ECSService).Info = tt.info })
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
			e := Decode(json.RawMessage(`{"source":"aws.ecs","detail-type":"ECS Service Action","detail":{`+tt.detail+`}}`), wire.Watch{})
			if why := e.Unwanted(); why != "" {
				t.Errorf("unwanted: %s", why)
			}
			n := e.Notice(time.Now())
			check(t, n)
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
		return Decode(json.RawMessage(`{"source":"aws.ecs","detail-type":"`+detailType+`","resources":["arn:aws:ecs:us-west-2:111122223333:service/prod/web"],"detail":{"eventName":"`+name+`"}}`), wire.Watch{}).Notice(time.Now()).Key
	}
	impaired, steady := key("ECS Service Action", "SERVICE_TASK_START_IMPAIRED"), key("ECS Service Action", "SERVICE_STEADY_STATE")
	failed, completed := key("ECS Deployment State Change", "SERVICE_DEPLOYMENT_FAILED"), key("ECS Deployment State Change", "SERVICE_DEPLOYMENT_COMPLETED")
	if impaired != steady || failed != completed || steady == completed {
		t.Errorf("keys are %q, %q, %q, %q", impaired, steady, failed, completed)
	}
}

func TestECSConsole(t *testing.T) {
	c := consoleFor("eu-west-1")
	const base = "https://eu-west-1.console.aws.amazon.com/ecs/v2/"
	for _, tt := range []struct{ got, want string }{
		{c.ecsCluster("a b"), base + "clusters/a%20b/services?region=eu-west-1"},
		{c.ecsService("c", "s/ü"), base + "clusters/c/services/s%2F%C3%BC/health?region=eu-west-1"},
		{c.ecsDeployments("c", "s"), base + "clusters/c/services/s/deployments?region=eu-west-1"},
		{c.ecsStopped("c", "s"), base + "clusters/c/services/s/tasks?status=STOPPED&region=eu-west-1"},
		{c.ecsTask("c", "0123"), base + "clusters/c/tasks/0123/configuration?region=eu-west-1"},
		{c.taskDefinition("web:42"), base + "task-definitions/web/42/containers?region=eu-west-1"},
		{c.taskDefinition("web"), ""},
		{c.ecsService("", "s"), ""},
		{consoleFor("").ecsCluster("c"), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

// TestServiceThatDoesNotRun shows that whatever is wrong with a service is critical while
// none of its tasks runs, and nothing else is.
func TestServiceThatDoesNotRun(t *testing.T) {
	down := Found(ServiceInfo{Desired: 2})
	for _, tt := range []struct {
		subject Subject
		want    notice.Severity
	}{
		{&ECSService{Type: "WARN", Info: down}, notice.Critical},
		{&ECSService{Type: "INFO", Info: down}, notice.Info},
		{&Task{Reason: wire.StopOutOfMemory, Info: down}, notice.Critical},
		{&Task{Reason: wire.StopScaling, Info: down}, notice.Info},
		{&ECSDeployment{State: wire.ECSFailed, Info: down}, notice.Critical},
		{&ECSDeployment{State: wire.ECSFailed, Info: Found(ServiceInfo{Desired: 2, Running: 1})}, notice.Error},
		{&ECSDeployment{State: wire.ECSCompleted, Info: down}, notice.Info},
	} {
		n := &notice.Notice{}
		if tt.subject.tell(n, &Event{}, time.Now()); n.Severity != tt.want {
			t.Errorf("%s: %s, want %s", n.Summary, n.Severity, tt.want)
		}
	}
}
