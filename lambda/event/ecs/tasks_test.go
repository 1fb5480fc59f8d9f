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

func TestTaskEvidence(t *testing.T) {
	at := time.Date(2024, 6, 1, 12, 29, 30, 0, time.UTC) // the recorded task's stoppingAt
	info := func(f event.Finding[ServiceInfo]) func(*event.Event) {
		return func(e *event.Event) { e.Subject.(*Task).Info = f }
	}
	deployments := []DeploymentInfo{
		{ID: "ecs-svc/122", Status: "ACTIVE", State: "COMPLETED", TaskDefinition: "web:41", Created: at.Add(-30 * time.Hour)},
		{ID: "ecs-svc/123", Status: "PRIMARY", State: "IN_PROGRESS", TaskDefinition: "web:42", Created: at.Add(-6*time.Minute - 20*time.Second)},
	}
	tests := []struct {
		name, event string
		evidence    func(*event.Event)
	}{
		{"ecs-task-after-deployment", "ecs-task-stopped-oom-synth", info(event.Found(ServiceInfo{Desired: 4, Running: 2, Pending: 1, TaskDefinition: "web:42", Deployments: deployments}))},
		{"ecs-task-service-down", "ecs-task-stopped-oom-synth", info(event.Found(ServiceInfo{Desired: 2, Deployments: deployments[:1]}))},
		{"ecs-task-maintenance-down", "ecs-task-stopped-fargate-maintenance", info(event.Found(ServiceInfo{Desired: 1}))},
		{"ecs-task-not-found", "ecs-task-stopped-failed-to-start-secrets", info(event.NotFound[ServiceInfo]("the service is not known to ECS"))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			eventtest.Golden(t, Decoders, tt.name, tt.event, wire.Watch{Service: "some-service"}, tt.evidence)
		})
	}
}

func TestIncompleteTasks(t *testing.T) {
	const long = `"taskArn":"arn:aws:ecs:us-east-1:111122223333:task/prod/0123abcd4567","clusterArn":"arn:aws:ecs:us-east-1:111122223333:cluster/prod","group":"service:web","startedBy":"ecs-svc/1"`
	tests := []struct{ name, detail, title, containers string }{
		{"nothing", ``, "Stopped for an unknown reason: task in an unnamed cluster", ""},
		{"nulls", `"taskArn":null,"clusterArn":null,"group":null,"containers":null,"stopCode":null,"stoppedReason":null,"lastStatus":null`, "Stopped for an unknown reason: task in an unnamed cluster", ""},
		{"other types", `"taskArn":7,"clusterArn":{},"group":[],"containers":{"a":1},"stopCode":true,"startedAt":12,"memory":["x"]`, "Stopped for an unknown reason: task 7 in an unnamed cluster", ""},
		{"containers of other types", long + `,"stopCode":"EssentialContainerExited","containers":[null,7,"x",[],{"exitCode":{}},{"name":["n"],"exitCode":-1}]`, "Container exited with code -1: web task 0123abcd in prod", "unnamed: no exit code\nunnamed: exit code -1"},
		{"the error comes before those that were stopped", long + `,"stopCode":"EssentialContainerExited","containers":[{"name":"log","exitCode":0},{"name":"proxy","exitCode":143},{"name":"app","exitCode":3}]`,
			"Container exited with code 3: web task 0123abcd in prod", "log: exit code 0\nproxy: exit code 143 (SIGTERM, it was asked to stop)\napp: exit code 3"},
		{"the first of two that failed", long + `,"stopCode":"EssentialContainerExited","containers":[{"name":"app","exitCode":3},{"name":"proxy","exitCode":4}]`,
			"Container exited with code 3: web task 0123abcd in prod", "app: exit code 3\nproxy: exit code 4"},
		{"the one that did not start comes before one that exited", long + `,"stopCode":"TaskFailedToStart","containers":[{"name":"proxy","exitCode":4},{"name":"app","reason":"CannotFooContainerError: no foo"}]`,
			"Failed to start: web task 0123abcd in prod", "proxy: exit code 4\napp: no exit code; CannotFooContainerError: no foo"},
		{"no container", long + `,"stopCode":"EssentialContainerExited","containers":[]`, "Container exited: web task 0123abcd in prod", ""},
		{"limits", long + `,"stopCode":"EssentialContainerExited","containers":[{"name":"app","exitCode":137,"memory":"256","reason":"OutOfMemoryError: Container killed due to memory usage"},{"name":"log","memory":"0"}]`,
			"Out of memory: web task 0123abcd in prod", "app: exit code 137 (SIGKILL, it was killed); OutOfMemoryError: Container killed due to memory usage; memory limit 256 MiB\nlog: no exit code"},
		{"markup and breaks", `"taskArn":"a/b/<b>ü日本語\u0000x","group":"service:a\nb: c","containers":[{"name":"x\r\ny","reason":"\u202e"}]`, "Stopped for an unknown reason: a b: c task <b>ü日本語 in an unnamed cluster", "x y: no exit code"},
		{"no service", `"taskDefinitionArn":"arn:aws:ecs:us-east-1:111122223333:task-definition/batch:3","group":"family:batch","stopCode":"UserInitiated","clusterArn":"prod"`, "Stopped by a user: batch:3 task in prod", ""},
		{"colon in a service", `"group":"service:a:b","stopCode":"SpotInterruption"`, "Spot interruption: a:b task in an unnamed cluster", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := eventtest.Decode(Decoders, `{"id":"e-1","source":"aws.ecs","detail-type":"ECS Task State Change","detail":{`+tt.detail+`}}`, wire.Watch{})
			if why := e.SkipReason(); why != "" {
				t.Errorf("skipped: %s", why)
			}
			n := e.Notice(time.Now())
			eventtest.Check(t, n)
			if title := notice.Line(n.Title); title != tt.title {
				t.Errorf("title is %q, want %q", title, tt.title)
			}
			if got := eventtest.Fact(n, "Containers"); got != tt.containers {
				t.Errorf("containers are %q, want %q", got, tt.containers)
			}
		})
	}
}

// TestTaskFromResources shows that the ARNs of the event name the task, too, and that
// tasks without any name are not taken for one another.
func TestTaskFromResources(t *testing.T) {
	tests := []struct{ name, resource, key string }{
		{"new form", "arn:aws:ecs:us-east-1:111122223333:task/prod/0123abcd", "ecs:111122223333:us-east-1:prod:0123abcd"},
		{"old form", "arn:aws:ecs:us-east-1:111122223333:task/b99d40b3-5176", "ecs:111122223333:us-east-1::b99d40b3-5176"},
		{"none", "", "ecs::::e-1"},
	}
	for _, tt := range tests {
		e := eventtest.Decode(Decoders, `{"id":"e-1","source":"aws.ecs","detail-type":"ECS Task State Change","resources":["x","`+tt.resource+`"],"detail":{}}`, wire.Watch{})
		if got := e.Notice(time.Now()).Key; got != tt.key {
			t.Errorf("%s: key is %q, want %q", tt.name, got, tt.key)
		}
	}
}

func TestTaskSkipReason(t *testing.T) {
	watch := wire.Watch{ECSTasks: &wire.ECSTasks{}}
	tests := []struct {
		name, detail string
		watch        wire.Watch
		skipped      string
	}{
		{"stopped", `{"lastStatus":"STOPPED","stopCode":"TaskFailedToStart"}`, watch, ""},
		{"no status", `{"stopCode":"TaskFailedToStart"}`, watch, ""},
		{"nothing", `{}`, watch, ""},
		{"Spot warning", `{"lastStatus":"RUNNING","desiredStatus":"STOPPED","stopCode":"SpotInterruption"}`, watch, "the task has not stopped: its last status is RUNNING"},
		{"on its way", `{"lastStatus":"DEPROVISIONING","stopCode":"TaskFailedToStart"}`, watch, "the task has not stopped: its last status is DEPROVISIONING"},
		{"quiet", `{"lastStatus":"STOPPED","stopCode":"UserInitiated"}`, watch, "the reason is user request, which the watch does not report"},
		{"quiet one asked for", `{"lastStatus":"STOPPED","stopCode":"UserInitiated"}`, wire.Watch{ECSTasks: &wire.ECSTasks{Reasons: wire.QuietStopReasons()}}, ""},
		{"not asked for", `{"lastStatus":"STOPPED","stopCode":"TaskFailedToStart"}`, wire.Watch{ECSTasks: &wire.ECSTasks{Reasons: wire.QuietStopReasons()}}, "the reason is failed to start, which the watch does not report"},
	}
	for _, tt := range tests {
		if got := task(t, tt.detail).SkipReason(tt.watch); got != tt.skipped {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.skipped)
		}
	}
}

// TestTaskSummaryIsBounded shows that what AWS or a user writes does not swamp a page.
func TestTaskSummaryIsBounded(t *testing.T) {
	text := strings.Repeat("a long reason. ", 1000)
	s := task(t, `{"stopCode":"UserInitiated","stoppedReason":"`+text+`"}`)
	e := &event.Event{ID: "e-1", Subject: s}
	n := e.Notice(time.Now())
	if len(n.Summary) > event.MaxQuoted+100 || !strings.HasSuffix(n.Summary, "…") {
		t.Errorf("summary of %d bytes: %q", len(n.Summary), n.Summary)
	}
	if got := eventtest.Fact(n, "AWS says"); got != strings.TrimSpace(text) {
		t.Errorf("AWS's text is cut to %d bytes", len(got))
	}
}

// TestTaskOfThePreviousDefinition shows that a task's own definition is not reported as the
// one before.
func TestTaskOfThePreviousDefinition(t *testing.T) {
	at := time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC)
	info := event.Found(ServiceInfo{Deployments: []DeploymentInfo{{TaskDefinition: "web:42", Created: at.Add(-time.Minute)}, {TaskDefinition: "web:41", Created: at.Add(-time.Hour)}}})
	for definition, want := range map[string]string{"web:42": "web:41", "web:41": ""} {
		n := &notice.Notice{}
		(&Task{TaskDefinition: definition, Decided: at, Info: info}).Describe(n, &event.Event{}, at)
		if got := eventtest.Fact(n, "Previous"); got != want {
			t.Errorf("before %s was %q, want %q", definition, got, want)
		}
	}
}

// TestTaskNames shows how the summary names a task.
func TestTaskNames(t *testing.T) {
	for want, s := range map[string]*Task{
		"Task 1 of service web in cluster prod was stopped by a user.":    {ID: "1", Service: "web", TaskDefinition: "web:42", Cluster: "prod"},
		"Task 1 of batch:3 in cluster prod was stopped by a user.":        {ID: "1", TaskDefinition: "batch:3", Cluster: "prod"},
		"Task without an id in an unnamed cluster was stopped by a user.": {},
	} {
		if got := s.summary(wire.StopUserRequest); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
