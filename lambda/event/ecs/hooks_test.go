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

func TestHookEvidence(t *testing.T) {
	const id = "ecs-pause-e7tK9G_WRJqNF_EOMjztDXfKenlJuEUVjsNStf4WLKw"
	found := event.Found(ServiceDeployment{Status: "IN_PROGRESS", Stage: "POST_TEST_TRAFFIC_SHIFT", Pauses: []Pause{
		{HookID: "another", TimeoutAction: "CONTINUE"},
		{HookID: id, Expires: time.Date(2026, 3, 5, 16, 4, 41, 0, time.UTC), TimeoutAction: "ROLLBACK"},
	}})
	for name, finding := range map[string]event.Finding[ServiceDeployment]{
		"ecs-hook-awaiting-action":           found,
		"ecs-hook-awaiting-action-not-found": event.NotFound[ServiceDeployment]("ECS did not answer in time"),
	} {
		t.Run(name, func(t *testing.T) {
			eventtest.Golden(t, Decoders, name, "ecs-hook-awaiting-action-doc", wire.Watch{Service: "some-service"}, func(e *event.Event) {
				e.Subject.(*Hook).ServiceDeployment = finding
			})
		})
	}
}

// TestHooks has the names of the events, which one resolves what another opened, and details of
// other shapes.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_hook_state_change_events.html
func TestHooks(t *testing.T) {
	const web = `,"hookId":"h-1","serviceArn":"arn:aws:ecs:r:1:service/prod/web","clusterArn":"arn:aws:ecs:r:1:cluster/prod"`
	tests := []struct {
		name, detail, title, summary string
		severity                     notice.Severity
		status                       notice.Status
	}{
		{"awaiting action", `"eventName":"HOOK_AWAITING_ACTION","hookType":"PAUSE"` + web, "Deployment waits for approval: web in prod",
			"The deployment of service web in cluster prod waits for approval. If nobody approves or rejects it, ECS rolls it back or continues it.", notice.Warning, notice.Open},
		{"approved", `"eventName":"HOOK_SUCCEEDED","hookType":"PAUSE"` + web, "Deployment approved: web in prod", "The deployment of service web in cluster prod was approved.", notice.Info, notice.Resolved},
		{"rejected", `"eventName":"HOOK_FAILED","hookType":"PAUSE"` + web, "Deployment rejected: web in prod", "The deployment of service web in cluster prod was rejected, so ECS rolls it back.", notice.Warning, notice.Resolved},
		{"timed out", `"eventName":"HOOK_TIMED_OUT","hookType":"PAUSE","lifecycleStage":"PRE_SCALE_UP"` + web, "Deployment not approved in time: web in prod",
			"The deployment of service web in cluster prod was not approved in time at stage PRE_SCALE_UP.", notice.Warning, notice.Resolved},
		{"function failed", `"eventName":"HOOK_FAILED","hookType":"AWS_LAMBDA","lifecycleStage":"PRE_SCALE_UP"` + web, "Deployment hook failed: web in prod",
			"The deployment of service web in cluster prod failed at its hook at stage PRE_SCALE_UP.", notice.Error, notice.Open},
		{"function timed out", `"eventName":"HOOK_TIMED_OUT","hookType":"AWS_LAMBDA"` + web, "Deployment hook timed out: web in prod",
			"The deployment of service web in cluster prod got no answer from its hook in time.", notice.Error, notice.Open},
		{"routine", `"eventName":"HOOK_IN_PROGRESS","hookType":"AWS_LAMBDA"` + web, "Deployment hook: HOOK_IN_PROGRESS: web in prod", "The deployment of service web in cluster prod has a hook that reports HOOK_IN_PROGRESS.", notice.Info, notice.Marker},
		{"new name", `"eventName":"HOOK_ON_FIRE","reason":"smoke."` + web, "Unknown hook event HOOK_ON_FIRE: web in prod",
			"The deployment of service web in cluster prod sent HOOK_ON_FIRE, which extraeye does not know: smoke.", notice.Warning, notice.Marker},
		{"nothing", `"eventName":null`, "Unknown hook event: an unnamed service in an unnamed cluster",
			"The deployment of an unnamed service in an unnamed cluster sent an event without a name, which extraeye does not know.", notice.Warning, notice.Marker},
		{"other types", `"eventName":"HOOK_AWAITING_ACTION","hookType":["PAUSE"],"hookId":{},"serviceArn":7,"clusterArn":true,"expiresAt":[]`, "Deployment waits for approval: an unnamed service in true",
			"The deployment of an unnamed service in cluster true waits for approval. If nobody approves or rejects it, ECS rolls it back or continues it.", notice.Warning, notice.Open},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := hook(tt.detail).Notice(time.Now())
			eventtest.Check(t, n)
			if n.Title != tt.title || n.Summary != tt.summary || n.Severity != tt.severity || n.Status != tt.status {
				t.Errorf("got  %q, %q, %s, %s\nwant %q, %q, %s, %s", n.Title, n.Summary, n.Severity, n.Status, tt.title, tt.summary, tt.severity, tt.status)
			}
			if strings.Contains(tt.detail, "h-1") && n.Key != "ecs:::prod/web:hook:h-1" {
				t.Errorf("key is %q", n.Key)
			}
		})
	}
}

func TestSkippedHooks(t *testing.T) {
	for _, tt := range []struct {
		name, kind string
		states     []wire.ECSDeploymentState
		reported   bool
	}{
		{"HOOK_AWAITING_ACTION", "PAUSE", nil, true},
		{"HOOK_SUCCEEDED", "PAUSE", nil, true},
		{"HOOK_AWAITING_ACTION", "PAUSE", []wire.ECSDeploymentState{wire.ECSDeploymentFailed}, false},
		{"HOOK_SUCCEEDED", "AWS_LAMBDA", nil, false},
		{"HOOK_IN_PROGRESS", "AWS_LAMBDA", nil, false},
		{"HOOK_FAILED", "AWS_LAMBDA", nil, true},
		{"HOOK_FAILED", "AWS_LAMBDA", []wire.ECSDeploymentState{wire.ECSDeploymentWaiting}, false},
		{"HOOK_ON_FIRE", "AWS_LAMBDA", []wire.ECSDeploymentState{wire.ECSDeploymentCompleted}, true},
		{"", "", []wire.ECSDeploymentState{wire.ECSDeploymentCompleted}, true},
	} {
		h := &Hook{EventName: tt.name, Type: tt.kind}
		if why := h.SkipReason(wire.Watch{ECSDeployments: &wire.ECSDeployments{States: tt.states}}); (why == "") != tt.reported {
			t.Errorf("%s of %s, %v: SkipReason = %q, want reported = %v", tt.name, tt.kind, tt.states, why, tt.reported)
		}
		if why := h.SkipReason(wire.Watch{}); why != "" {
			t.Errorf("%s without a watch: SkipReason = %q", tt.name, why)
		}
	}
}

// TestHookCommands shows that no notice has a command with what AWS does not write.
func TestHookCommands(t *testing.T) {
	for id, want := range map[string]string{
		`ecs-pause-1_A`:    "aws ecs continue-service-deployment --hook-id ecs-pause-1_A --action CONTINUE",
		`-_09AZaz`:         "aws ecs continue-service-deployment --hook-id -_09AZaz --action CONTINUE",
		``:                 "",
		`a; rm -rf /`:      "",
		`$(curl evil)`:     "",
		`a\nb`:             "",
		`ecs-pause-\u00fc`: "",
	} {
		n := hook(`"eventName":"HOOK_AWAITING_ACTION","hookType":"PAUSE","hookId":"` + id + `"`).Notice(time.Now())
		if got := eventtest.Fact(n, "To approve"); got != want {
			t.Errorf("%q: the command is %q, want %q", id, got, want)
		}
	}
}

func hook(detail string) *event.Event {
	return eventtest.Decode(Decoders, `{"id":"e-1","source":"aws.ecs","detail-type":"ECS Hook State Change","detail":{`+detail+`}}`, wire.Watch{})
}

// TestHookTimeouts shows that what ECS does at a timeout is said of a hook that waits, or that did.
func TestHookTimeouts(t *testing.T) {
	for name, want := range map[string]string{
		awaitingAction:   "The deployment of an unnamed service in an unnamed cluster waits for approval. If nobody approves or rejects it, ECS rolls it back.",
		"HOOK_TIMED_OUT": "The deployment of an unnamed service in an unnamed cluster was not approved in time. ECS rolls it back.",
		"HOOK_SUCCEEDED": "The deployment of an unnamed service in an unnamed cluster was approved.",
	} {
		h := &Hook{ID: "h-1", EventName: name, Type: "PAUSE", ServiceDeployment: event.Found(ServiceDeployment{Pauses: []Pause{{HookID: "h-1", TimeoutAction: "ROLLBACK"}}})}
		n := &notice.Notice{}
		if h.Describe(n, &event.Event{}, time.Time{}); n.Summary != want {
			t.Errorf("%s: %q, want %q", name, n.Summary, want)
		}
	}
}
