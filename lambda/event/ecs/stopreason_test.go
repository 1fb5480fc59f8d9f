package ecs

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
)

// TestClassifyStop has AWS's documented and recorded wordings, and what must not be
// mistaken for them.
func TestClassifyStop(t *testing.T) {
	const (
		scheduler = "ServiceSchedulerInitiated"
		essential = "EssentialContainerExited"
		exited    = "Essential container in task exited"
		oom       = `{"exitCode":137,"reason":"OutOfMemoryError: Container killed due to memory usage"}`
		pull      = `{"reason":"CannotPullContainerError: Error response from daemon: pull access denied"}`
		service   = `"group":"service:web","startedBy":"ecs-svc/1"`
		alone     = `"group":"family:batch"`
	)
	tests := []struct {
		code, text, containers, of string
		want                       wire.StopReason
	}{
		{essential, exited, oom, service, wire.StopOutOfMemory},
		{essential, exited, `{"exitCode":0},` + oom, alone, wire.StopOutOfMemory},
		{"", exited, oom, service, wire.StopOutOfMemory},
		{essential, "OutOfMemoryError: Container killed due to memory usage", ``, service, wire.StopOutOfMemory},
		{scheduler, "Scaling activity initiated by (deployment ecs-svc/1)", oom, service, wire.StopScaling},

		{scheduler, "Task failed ELB health checks in (elb elb-name)", ``, service, wire.StopELBHealthCheck},
		{scheduler, "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/a/1)", `{"exitCode":143}`, service, wire.StopELBHealthCheck},
		{scheduler, "Task failed container health checks", `{"exitCode":137}`, service, wire.StopContainerHealthCheck},
		{"", "Task failed container health checks", ``, service, wire.StopContainerHealthCheck},

		{essential, exited, `{"exitCode":1}`, service, wire.StopContainerExited},
		{essential, exited, `{"exitCode":0}`, service, wire.StopContainerExited},
		{essential, exited, `{"exitCode":0}`, `"group":"family:x","startedBy":"ecs-svc/1"`, wire.StopContainerExited},
		{essential, exited, `{"exitCode":1}`, alone, wire.StopContainerExited},
		{essential, exited, `{"exitCode":0},{}`, alone, wire.StopContainerExited},
		{essential, exited, `{"exitCode":0},{"exitCode":null}`, alone, wire.StopContainerExited},
		{essential, exited, ``, alone, wire.StopContainerExited},
		{essential, "", `{"exitCode":2}`, service, wire.StopContainerExited},
		{essential, exited, pull + `,{"exitCode":1}`, service, wire.StopContainerExited},
		{"", exited, `{"exitCode":1}`, service, wire.StopContainerExited}, // events of 2017 have no code
		{essential, exited, `{"exitCode":0}`, alone, wire.StopCompleted},
		{essential, exited, `{"exitCode":0},{"exitCode":"0"}`, `"group":null,"startedBy":"alice"`, wire.StopCompleted},

		{"TaskFailedToStart", "Task failed to start", pull, service, wire.StopFailedToStart},
		{"TaskFailedToStart", "CannotPullContainerError: inspect image has been retried 5 time(s): httpReadSeeker: failed open", ``, service, wire.StopFailedToStart},
		{"TaskFailedToStart", "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed", ``, service, wire.StopFailedToStart},
		{"TaskFailedToStart", "Timeout waiting for network interface provisioning to complete.", ``, alone, wire.StopFailedToStart},
		{"TaskFailedToStart", "Timeout waiting for EphemeralStorage provisioning to complete.", ``, alone, wire.StopFailedToStart},
		{"TaskFailedToStart", "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-1': InsufficientFreeAddressesInSubnet", ``, service, wire.StopFailedToStart},
		{"TaskFailedToStart", "what AWS has not written yet", ``, service, wire.StopFailedToStart},
		{"TaskFailedToStart", "", ``, "", wire.StopFailedToStart},
		{"", "CannotPullContainerError: pull image manifest has been retried 1 time(s)", ``, service, wire.StopFailedToStart},
		{essential, exited, pull, service, wire.StopFailedToStart},
		{essential, exited, `{"reason":"CannotStartContainerError: Error response from daemon: OCI runtime create failed"}`, alone, wire.StopFailedToStart},
		{essential, exited, `{"reason":"DockerTimeoutError: Could not transition to started; timed out after waiting 3m0s"}`, service, wire.StopFailedToStart},

		{"SpotInterruption", "Your Spot Task was interrupted.", ``, service, wire.StopSpot},
		{"TerminationNotice", "Your Spot Task was interrupted.", ``, service, wire.StopSpot},
		{"SpotInterruption", "", oom, service, wire.StopSpot},
		{"TerminationNotice", "Host EC2 (instance i-1234567890abcdef) terminated.", `{"name":"a"}`, service, wire.StopInstance},
		{"", "Host EC2 (instance i-1234567890abcdef) stopped.", ``, service, wire.StopInstance},
		{"TerminationNotice", "", ``, service, wire.StopInstance},
		{"InfrastructureHealth", "", ``, service, wire.StopInstance},
		{"", "Container instance deregistration forced by user", ``, service, wire.StopInstance},
		{scheduler, "ECS is performing maintenance on the underlying infrastructure hosting the task", `{"exitCode":137}`, service, wire.StopMaintenance},

		{scheduler, "Scaling activity initiated by (deployment ecs-svc/1)", `{"exitCode":137}`, service, wire.StopScaling},
		{scheduler, "Availability-zone rebalancing initiated by (deployment ecs-svc/1)", `{"exitCode":143}`, service, wire.StopRebalancing},
		{scheduler, "Scaling activity initiated by (deployment ecs-svc/12)", ``, service, wire.StopDeployment},
		{scheduler, "Scaling activity initiated by (deployment ecs-svc/2)", ``, `"group":"service:web"`, wire.StopScaling},
		{scheduler, "  scaling  ACTIVITY initiated\nby (deployment ecs-svc/1)", ``, service, wire.StopScaling},

		{"UserInitiated", "Task stopped by user", ``, service, wire.StopUserRequest},
		{"UserInitiated", "OutOfMemoryError: my own words", oom, service, wire.StopUserRequest},
		{"UserInitiated", "", ``, alone, wire.StopUserRequest},

		{"", "", ``, "", wire.StopUnknown},
		{scheduler, "", `{"exitCode":1}`, service, wire.StopUnknown},
		{scheduler, "Service web reports that Task failed ELB health checks", ``, service, wire.StopUnknown},
		{"NewCode", "A new wording", `{"exitCode":1}`, service, wire.StopUnknown},
	}
	seen := map[wire.StopReason]bool{}
	for _, tt := range tests {
		text, _ := json.Marshal(tt.text)
		detail := `{"stopCode":"` + tt.code + `","stoppedReason":` + string(text) + `,"containers":[` + tt.containers + `]`
		if tt.of != "" {
			detail += "," + tt.of
		}
		if got := task(t, detail+"}").Reason; got != tt.want {
			t.Errorf("%s, %q, [%s], %s: classified as %s, want %s", tt.code, tt.text, tt.containers, tt.of, got, tt.want)
		}
		seen[tt.want] = true
	}
	for _, reason := range wire.AllStopReasons() {
		if text := stops[reason]; !seen[reason] || text.name == "" || text.lead == "" || text.summary == "" || text.severity == "" {
			t.Errorf("%s is not tested or has no text", reason)
		}
	}
}

// TestStopReasonByInfo shows that ECS's record distinguishes a deployment from a scale-in.
func TestStopReasonByInfo(t *testing.T) {
	const detail = `{"stopCode":"ServiceSchedulerInitiated","stoppedReason":"Scaling activity initiated by (deployment ecs-svc/1)",` +
		`"group":"service:web","startedBy":"ecs-svc/1","lastStatus":"STOPPED","stoppingAt":"2024-06-01T12:00:00Z","stoppedAt":"2024-06-01T12:01:00Z"}`
	decided := time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC)
	old := DeploymentInfo{ID: "ecs-svc/1", Created: decided.Add(-time.Hour)}
	tests := []struct {
		name string
		info event.Finding[ServiceInfo]
		want wire.StopReason
		// wanted by a watch of scale-ins, and by one of deployments
		scaling, deployment bool
	}{
		{"not looked up", event.Finding[ServiceInfo]{}, wire.StopScaling, true, true},
		{"not found", event.NotFound[ServiceInfo]("denied"), wire.StopScaling, true, true},
		{"own deployment", event.Found(ServiceInfo{Deployments: []DeploymentInfo{old}}), wire.StopScaling, true, false},
		{"newer one", event.Found(ServiceInfo{Deployments: []DeploymentInfo{old, {ID: "ecs-svc/2", Created: decided.Add(-time.Minute)}}}), wire.StopDeployment, false, true},
		{"newer than the stop", event.Found(ServiceInfo{Deployments: []DeploymentInfo{{ID: "ecs-svc/2", Created: decided.Add(time.Second)}, old}}), wire.StopScaling, true, false},
		{"no deployments", event.Found(ServiceInfo{}), wire.StopScaling, true, false},
	}
	for _, tt := range tests {
		s := task(t, detail)
		s.Info = tt.info
		if got := s.reason(); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		for reason, want := range map[wire.StopReason]bool{wire.StopScaling: tt.scaling, wire.StopDeployment: tt.deployment, wire.StopSpot: false} {
			if why := s.SkipReason(wire.Watch{ECSTasks: &wire.ECSTasks{Reasons: []wire.StopReason{reason}}}); (why == "") != want {
				t.Errorf("%s: a watch of %s: %q, want wanted = %v", tt.name, reason, why, want)
			}
		}
	}
}

// task decodes a detail of a task.
func task(t *testing.T, detail string) *Task {
	t.Helper()
	e := eventtest.Decode(Decoders, `{"source":"aws.ecs","detail-type":"ECS Task State Change","detail":`+detail+`}`, wire.Watch{})
	s, ok := e.Subject.(*Task)
	if !ok {
		t.Fatalf("%s is not a task but %+v", detail, e.Subject)
	}
	return s
}
