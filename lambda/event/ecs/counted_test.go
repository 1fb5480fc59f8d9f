package ecs

import (
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
)

// TestCounted shows in which words many are counted, and within what.
func TestCounted(t *testing.T) {
	for want, s := range map[string]event.Countable{
		"task of web stopped in prod, out of memory, ":                                &Task{Service: "web", TaskDefinition: "web:42", Cluster: "prod", Reason: wire.StopOutOfMemory},
		"task of batch:3 stopped in prod, out of memory, ecs:task:prod/batch:3":       &Task{TaskDefinition: "batch:3", Cluster: "prod", Reason: wire.StopOutOfMemory},
		"task of no service stopped in an unnamed cluster, out of memory, ecs:task:/": &Task{Reason: wire.StopOutOfMemory},
		"event of service web in prod, SERVICE_ON_FIRE, ":                             &Service{Service: "web", Cluster: "prod", EventName: "SERVICE_ON_FIRE"},
		"event of service without a name in an unnamed cluster, unknown, ":            &Service{},
	} {
		c := s.Counted(&event.Event{})
		if got := c.Noun + " " + c.Phrase + ", " + c.By[0].Value + ", " + c.Within; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestUndecided shows that ECS decides whether what was scaled in was a deployment.
func TestUndecided(t *testing.T) {
	watch := wire.Watch{ECSTasks: &wire.ECSTasks{}}
	for name, tt := range map[string]struct {
		t     Task
		watch wire.Watch
		want  bool
	}{
		"scaled in":      {Task{Reason: wire.StopScaling, Deployment: "ecs-svc/1"}, watch, true},
		"looked up":      {Task{Reason: wire.StopScaling, Deployment: "ecs-svc/1", Info: event.Found(ServiceInfo{})}, watch, false},
		"of no service":  {Task{Reason: wire.StopScaling}, watch, false},
		"another reason": {Task{Reason: wire.StopSpot, Deployment: "ecs-svc/1"}, watch, false},
		"another watch":  {Task{Reason: wire.StopScaling, Deployment: "ecs-svc/1"}, wire.Watch{}, false},
	} {
		if got := tt.t.Undecided(tt.watch); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestThings shows that a service is owned before its cluster, and neither without the cluster's name.
func TestThings(t *testing.T) {
	for _, tt := range []struct{ cluster, service, want string }{
		{"prod", "web", "prod/web prod "}, {"prod", "", "prod "}, {"", "web", ""}, {"", "", ""},
	} {
		got := ""
		for _, thing := range things(tt.cluster, tt.service) {
			got += thing.Name + " "
		}
		if got != tt.want {
			t.Errorf("%q, %q: %q, want %q", tt.cluster, tt.service, got, tt.want)
		}
	}
}
