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

func TestECSDeploymentEvidence(t *testing.T) {
	at := time.Date(2020, 5, 23, 11, 11, 11, 0, time.UTC) // the recorded events' updatedAt
	failed := DeploymentInfo{ID: "ecs-svc/122", Status: "ACTIVE", State: "FAILED", Reason: "ECS deployment circuit breaker: tasks failed to start.", TaskDefinition: "servicetest:42", Created: at.Add(-10 * time.Minute), FailedTasks: 3}
	own := DeploymentInfo{ID: "ecs-svc/123", Status: "PRIMARY", State: "COMPLETED", Reason: "ECS deployment ecs-svc/123 completed.", TaskDefinition: "servicetest:41", Created: at.Add(-4 * time.Minute)}
	back := own
	back.State, back.Reason = "IN_PROGRESS", "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/121."
	bad := failed
	bad.ID = own.ID
	next := own
	next.TaskDefinition = "servicetest:43"
	before := DeploymentInfo{ID: "ecs-svc/121", TaskDefinition: "servicetest:41", Created: at.Add(-100 * time.Hour)}
	const breaker = "Service deployment rolled back because the circuit breaker threshold was exceeded."
	const hook = "Service deployment rolled back because TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. Lifecycle hook target arn:aws:lambda:us-west-2:123456789012:function:myHook returned FAILED status."
	tests := []struct {
		name, event       string
		info              ServiceInfo
		serviceDeployment ServiceDeployment
	}{
		{"ecs-deployment-recovered", "ecs-deployment-completed", ServiceInfo{Desired: 4, Running: 4, Deployments: []DeploymentInfo{failed, next}}, ServiceDeployment{Status: "SUCCESSFUL"}},
		{"ecs-deployment-rolling-back", "ecs-deployment-rolling-back-doc", ServiceInfo{Desired: 4, Running: 3, Pending: 1, Deployments: []DeploymentInfo{back, failed}},
			ServiceDeployment{Status: "ROLLBACK_IN_PROGRESS", StatusReason: breaker, RollbackReason: breaker, Stage: "SCALE_UP", Failures: 3, Threshold: 3}},
		{"ecs-deployment-rolled-back", "ecs-deployment-completed", ServiceInfo{Desired: 4, Running: 4, Deployments: []DeploymentInfo{own}},
			ServiceDeployment{Status: "ROLLBACK_SUCCESSFUL", RollbackReason: "Alarms were triggered.", Alarms: []string{"web-5xx", "web-latency"}}},
		{"ecs-deployment-failed", "ecs-deployment-failed", ServiceInfo{Desired: 1, Running: 1, Deployments: []DeploymentInfo{bad, before}}, ServiceDeployment{Status: "ROLLBACK_IN_PROGRESS"}},
		{"ecs-deployment-failed-hook", "ecs-deployment-failed", ServiceInfo{Desired: 1, Running: 1}, ServiceDeployment{Status: "ROLLBACK_IN_PROGRESS", StatusReason: hook}},
		{"ecs-deployment-rollback-failed", "ecs-deployment-failed", ServiceInfo{Desired: 1, Running: 1},
			ServiceDeployment{Status: "ROLLBACK_FAILED", StatusReason: "No rollback candidate was found to run the rollback.", RollbackReason: breaker}},
		{"ecs-deployment-forced", "ecs-deployment-completed", ServiceInfo{Desired: 1, Running: 1, Deployments: []DeploymentInfo{own, before}}, ServiceDeployment{Status: "SUCCESSFUL", Stage: "CLEAN_UP"}},
		{"ecs-deployment-paused", "ecs-deployment-in-progress", ServiceInfo{Desired: 1, Running: 1},
			ServiceDeployment{Status: "IN_PROGRESS", Stage: "POST_TEST_TRAFFIC_SHIFT", Pauses: []Pause{{HookID: "ecs-pause-1", Expires: at.Add(time.Hour), TimeoutAction: "ROLLBACK"}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			eventtest.Golden(t, Decoders, tt.name, tt.event, wire.Watch{Service: "some-service"}, func(e *event.Event) {
				d := e.Subject.(*Deployment)
				d.Info, d.ServiceDeployment = event.Found(tt.info), event.Found(tt.serviceDeployment)
			})
		})
	}
	t.Run("ecs-deployment-not-found", func(t *testing.T) {
		eventtest.Golden(t, Decoders, "ecs-deployment-not-found", "ecs-deployment-completed", wire.Watch{Service: "some-service"}, func(e *event.Event) {
			d := e.Subject.(*Deployment)
			d.Info = event.NotFound[ServiceInfo]("ecs:DescribeServices was denied; the notifier's role has no permission for it")
			d.ServiceDeployment = event.NotFound[ServiceDeployment]("ECS did not answer in time")
		})
	})
}

// TestRollbackIsNeverDeployed shows that a rollback that completed is not called a deployment,
// whatever is known of it.
func TestRollbackIsNeverDeployed(t *testing.T) {
	at := time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC)
	failed := DeploymentInfo{ID: "ecs-svc/2", State: "FAILED", TaskDefinition: "web:42", Created: at.Add(-time.Hour)}
	own := func(definition, reason string) ServiceInfo {
		return ServiceInfo{Deployments: []DeploymentInfo{failed, {ID: "ecs-svc/1", TaskDefinition: definition, Reason: reason, Created: at}}}
	}
	for _, tt := range []struct {
		name, reason string
		info         event.Finding[ServiceInfo]
		deployment   event.Finding[ServiceDeployment]
		title        string
	}{
		{"nothing is known", "", event.Finding[ServiceInfo]{}, event.Finding[ServiceDeployment]{}, "Deployment completed: web in prod"},
		{"AWS's text", "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.", event.Finding[ServiceInfo]{}, event.Finding[ServiceDeployment]{}, "Rolled back: web in prod"},
		{"the service's record", "", event.Found(own("web:41", "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.")), event.NotFound[ServiceDeployment]("denied"), "Rolled back to web:41 in prod"},
		{"the revision", "", event.Found(own("web:41", "")), event.NotFound[ServiceDeployment]("denied"), "Rolled back to web:41 in prod"},
		{"a later revision", "", event.Found(own("web:43", "")), event.NotFound[ServiceDeployment]("denied"), "Deployment completed: web:43 in prod"},
		{"the same revision", "", event.Found(own("web:42", "")), event.NotFound[ServiceDeployment]("denied"), "Deployment completed: web:42 in prod"},
		{"another task definition", "", event.Found(own("api:41", "")), event.NotFound[ServiceDeployment]("denied"), "Deployment completed: web api:41 in prod"},
		{"rolled back", "", event.Finding[ServiceInfo]{}, event.Found(ServiceDeployment{Status: "ROLLBACK_SUCCESSFUL"}), "Rolled back: web in prod"},
		{"still rolling back", "", event.Finding[ServiceInfo]{}, event.Found(ServiceDeployment{Status: "ROLLBACK_IN_PROGRESS"}), "Rolled back: web in prod"},
		{"an earlier revision was deployed", "", event.Found(own("web:41", "")), event.Found(ServiceDeployment{Status: "SUCCESSFUL"}), "Deployed: web:41 in prod"},
	} {
		d := &Deployment{ID: "ecs-svc/1", Cluster: "prod", Service: "web", State: wire.ECSDeploymentCompleted, Reason: tt.reason, Info: tt.info, ServiceDeployment: tt.deployment}
		n := &notice.Notice{}
		if d.Describe(n, &event.Event{}, at); n.Title != tt.title || n.Release.Rollback != strings.HasPrefix(tt.title, "Rolled") {
			t.Errorf("%s: %q, rollback %v, want %q", tt.name, n.Title, n.Release.Rollback, tt.title)
		}
	}
}

// TestDeploymentCases has the deployments that people published.
func TestDeploymentCases(t *testing.T) {
	eventtest.Cases(t, Decoders, wire.Watch{ECSDeployments: &wire.ECSDeployments{}}, []eventtest.Case{
		{Event: "ecs-deployment-completed-2023", Source: "recorded in August 2023", Title: "Deployment completed: orders in prod"},
		{Event: "ecs-deployment-in-progress-2026", Source: "recorded in September 2026, with the cluster in the detail"},
		{Event: "ecs-hook-awaiting-action-doc", Source: guide + "ecs_hook_state_change_events.html", Title: "Deployment waits for approval until Mar 5 16:04 UTC: my-service in my-cluster"},
	})
}

func TestIncompleteECSDeployments(t *testing.T) {
	const arn = "arn:aws:ecs:us-west-2:111122223333:service/"
	const rollback = `"eventName":"SERVICE_DEPLOYMENT_IN_PROGRESS","reason":"ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1."`
	tests := []struct {
		name, resources, detail string
		state                   wire.ECSDeploymentState
		title                   string
	}{
		{"nothing", ``, ``, "", "Unknown deployment event: an unnamed service in an unnamed cluster"},
		{"nulls", `null`, `"eventName":null,"reason":null,"deploymentId":null,"updatedAt":null`, "", "Unknown deployment event: an unnamed service in an unnamed cluster"},
		{"other types", `{}`, `"eventName":["x"],"reason":7,"deploymentId":{},"updatedAt":[]`, "", "Unknown deployment event: an unnamed service in an unnamed cluster"},
		{"new name", `"` + arn + `prod/web"`, `"eventName":"SERVICE_DEPLOYMENT_STOPPED"`, "SERVICE_DEPLOYMENT_STOPPED", "Unknown deployment event SERVICE_DEPLOYMENT_STOPPED: web in prod"},
		{"old ARN", `"` + arn + `web"`, `"eventName":"SERVICE_DEPLOYMENT_COMPLETED"`, wire.ECSDeploymentCompleted, "Deployment completed: web in an unnamed cluster"},
		{"old ARN and a cluster", `"` + arn + `web"`, `"eventName":"SERVICE_DEPLOYMENT_COMPLETED","clusterArn":"arn:aws:ecs:us-west-2:111122223333:cluster/prod"`, wire.ECSDeploymentCompleted, "Deployment completed: web in prod"},
		{"another order", `"x","arn:aws:ecs:us-west-2:111122223333:cluster/c","` + arn + `prod/web"`, `"eventName":"SERVICE_DEPLOYMENT_FAILED"`, wire.ECSDeploymentFailed, "Deployment failed: web in prod"},
		{"named in the detail", ``, `"eventName":"SERVICE_DEPLOYMENT_FAILED","serviceName":"web"`, wire.ECSDeploymentFailed, "Deployment failed: web in an unnamed cluster"},
		{"rollback", `"` + arn + `prod/web"`, rollback, wire.ECSDeploymentRollingBack, "Rolling back: web in prod"},
		{"rollback in other text", `"` + arn + `prod/web"`, `"eventName":"SERVICE_DEPLOYMENT_IN_PROGRESS","reason":"Service deployment ROLLBACK in progress."`, wire.ECSDeploymentRollingBack, "Rolling back: web in prod"},
		{"failed to roll back", `"` + arn + `prod/web"`, `"eventName":"SERVICE_DEPLOYMENT_FAILED","reason":"rolling back failed"`, wire.ECSDeploymentFailed, "Rollback failed: web in prod"},
		{"as long a cause as a title has", `"` + arn + `prod/web"`, `"eventName":"SERVICE_DEPLOYMENT_FAILED","reason":"ECS deployment circuit breaker: ` + strings.Repeat("x", 80) + `."`, wire.ECSDeploymentFailed, "Deployment failed (" + strings.Repeat("x", 80) + "): web in prod"},
		{"a longer one", `"` + arn + `prod/web"`, `"eventName":"SERVICE_DEPLOYMENT_FAILED","reason":"ECS deployment circuit breaker: ` + strings.Repeat("x", 81) + `."`, wire.ECSDeploymentFailed, "Deployment failed: web in prod"},
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
				t.Error("the notice has no release")
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

// TestWhy shows which text of AWS's says why a deployment failed or was rolled back. The event of a
// rollback that completed says only that.
func TestWhy(t *testing.T) {
	const text, record = "ECS deployment circuit breaker: rolling back.", "the record's reason"
	stopped := event.Found(ServiceDeployment{Status: "STOPPED", StatusReason: record})
	for _, tt := range []struct {
		state  wire.ECSDeploymentState
		record event.Finding[ServiceDeployment]
		want   string
	}{
		{wire.ECSDeploymentRollingBack, event.Finding[ServiceDeployment]{}, "ECS deployment circuit breaker: rolling back"},
		{wire.ECSDeploymentRollingBack, stopped, record},
		{wire.ECSDeploymentFailed, event.Finding[ServiceDeployment]{}, "ECS deployment circuit breaker: rolling back"},
		{wire.ECSDeploymentFailed, stopped, record},
		{wire.ECSDeploymentFailed, event.Found(ServiceDeployment{Status: "IN_PROGRESS", StatusReason: record}), "ECS deployment circuit breaker: rolling back"},
		{wire.ECSDeploymentCompleted, event.Finding[ServiceDeployment]{}, ""},
		{wire.ECSDeploymentCompleted, event.Found(ServiceDeployment{RollbackReason: record}), record},
	} {
		d := &Deployment{State: tt.state, Reason: text, ServiceDeployment: tt.record}
		if got := d.why(d.isRollback(DeploymentInfo{})); got != tt.want {
			t.Errorf("%s, %+v: %q, want %q", tt.state, tt.record.Value, got, tt.want)
		}
	}
}
