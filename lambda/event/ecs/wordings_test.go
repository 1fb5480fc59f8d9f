package ecs

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
)

// Where the wordings come from.
const (
	guide  = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
	agent  = "https://github.com/aws/amazon-ecs-agent/"
	errors = agent + "blob/master/agent/dockerclient/dockerapi/errors.go"
)

// TestStopWordings has AWS's wordings of why tasks stop: what the text is about the task, and
// what it is about a container, with the code, the beginning of the title, and what the
// summary says besides.
func TestStopWordings(t *testing.T) {
	const (
		exited  = "Essential container in task exited"
		failed  = "Task failed to start"
		running = true // the task has a startedAt
	)
	tests := []struct {
		source, code, text string
		started            bool
		container          string
		lead, says         string
	}{
		// Images.
		{guide + "task_cannot_pull_image.html", "TaskFailedToStart", "CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull images from the registry. Error response from daemon: denied", false, ``,
			"Failed to start (no permission to pull the image)", "Check that the role"},
		{guide + "task_cannot_pull_image.html", "TaskFailedToStart", "CannotPullContainerError: The task cannot pull ‘app’ from the Amazon ECR repository ‘111122223333.dkr.ecr.us-east-1.amazonaws.com/app’. There is a connection issue between the task and Amazon ECR. Check your task network configuration.", false, ``,
			"Failed to start (registry could not be reached)", "connection issue"},
		{guide + "task_cannot_pull_image.html", "TaskFailedToStart", "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref docker.io/library/nope:1: not found", false, ``,
			"Failed to start (image not found)", "failed to resolve ref"},
		{guide + "task_cannot_pull_image.html", "", exited, false, `"reason":"CannotPullContainerError: API error (500): Get https://111122223333.dkr.ecr.us-east-1.amazonaws.com/v2/: net/http: request canceled while waiting for connection"`,
			"Failed to start (registry could not be reached)", "container app: CannotPullContainerError: API error (500)"},
		{guide + "task_cannot_pull_image.html", "TaskFailedToStart", failed, false, `"reason":"CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob111111111: no space left on device"`,
			"Failed to start (no disk space for the image)", "no space left on device"},
		{guide + "task_cannot_pull_image.html", "TaskFailedToStart", "CannotPullContainerError: inspect image has been retried 5 time(s): httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/a/manifests/sha256:1: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.", false, ``,
			"Failed to start (image pull rate limit)", "429 Too Many Requests"},
		{guide + "task_cannot_pull_image.html", "TaskFailedToStart", "CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code", false, ``,
			"Failed to start (image could not be pulled)", "failed to copy"},
		{guide + "task_cannot_pull_image.html", "TaskFailedToStart", "CannotPullContainerError: pull command failed: panic: runtime error: invalid memory address or nil pointer dereference", false, ``,
			"Failed to start (image could not be pulled)", "panic"},
		{guide + "task_cannot_pull_image.html", "TaskFailedToStart", "CannotPullContainerError: context canceled", false, ``,
			"Failed to start (registry could not be reached)", "context canceled"},
		{agent + "blob/master/agent/api/errormessages/error_messages.go", "TaskFailedToStart", failed, false, `"reason":"CannotPullContainerError: The task can’t pull the image. Check whether the image exists. Error response from daemon: pull access denied for app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied"`,
			"Failed to start (image not found)", "Check whether the image exists"},
		{errors, "", exited, false, `"reason":"CannotPullContainerError: Error response from daemon: pull access denied for app, repository does not exist or may require 'docker login'"`,
			"Failed to start (image not found, or no permission to pull it)", "pull access denied"},
		{agent + "blob/master/agent/engine/engine_sudo_linux_integ_test.go", "EssentialContainerExited", exited, false, `"reason":"CannotPullImageManifestError: Error response from daemon: manifest unknown: manifest unknown"`,
			"Failed to start (image not found)", "container app: CannotPullImageManifestError"},
		{"https://docs.seqera.io/wave/api", "", "", false, `"reason":"CannotPullImageManifestError: Error response from daemon: toomanyrequests: Request exceeded pull rate limit for IP 192.0.2.1"`,
			"Failed to start (image pull rate limit)", "container app: CannotPullImageManifestError"},
		{errors, "TaskFailedToStart", failed, false, `"reason":"CannotPullECRContainerError: AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/a/i-0 is not authorized to perform: ecr:GetAuthorizationToken on resource: *"`,
			"Failed to start (no permission to pull the image)", "CannotPullECRContainerError"},
		{errors, "TaskFailedToStart", failed, false, `"reason":"CannotPullContainerAuthError: unable to decode"`,
			"Failed to start (image could not be pulled)", "CannotPullContainerAuthError"},
		{"https://repost.aws/knowledge-center/ecs-task-stopped", "TaskFailedToStart", "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'", false, ``,
			"Failed to start (image is not built for this platform)", "descriptor matching"},

		// What a task needs besides its images.
		{guide + "resource-initialization-error.html", "TaskFailedToStart", "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secrets from ssm: The task cannot pull secrets from AWS Systems Manager. There is a connection issue between the task and AWS Systems Manager Parameter Store. Check your task network configuration.", false, ``,
			"Failed to start (secrets could not be reached)", "connection issue"},
		{guide + "resource-initialization-error.html", "TaskFailedToStart", "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post \"https://api.ecr.eu-west-2.amazonaws.com/\": dial tcp 192.0.2.1:443: i/o timeout", false, ``,
			"Failed to start (no login to the registry)", "registry auth"},
		{guide + "resource-initialization-error.html", "TaskFailedToStart", "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret: AccessDeniedException: User: a is not authorized to perform: secretsmanager:GetSecretValue", false, ``,
			"Failed to start (no permission to read a secret)", "AccessDeniedException"},
		{guide + "resource-initialization-error.html", "TaskFailedToStart", "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.", false, ``,
			"Failed to start (log group not found)", "log group"},
		{guide + "resource-initialization-error.html", "TaskFailedToStart", "ResourceInitializationError: failed to initialize logging driver: log router is down", false, ``,
			"Failed to start (logging could not be set up)", "logging driver"},
		{guide + "resource-initialization-error.html", "TaskFailedToStart", "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: Connection timed out'", false, ``,
			"Failed to start (EFS file system could not be mounted)", "EFS utils"},
		{guide + "resource-initialization-error.html", "TaskFailedToStart", "ResourceInitializationError: failed to download env files: file download command: non empty error stream", false, ``,
			"Failed to start (environment file could not be read)", "env files"},
		{guide + "resource-not-found-error.html", "TaskFailedToStart", "ResourceNotFoundException: The task can't retrieve the secret with ARN 'arn' from AWS Secrets Manager. Check whether the secret exists in the specified Region.", false, ``,
			"Failed to start (secret could not be read)", "Check whether the secret exists"},
		{guide + "resource-not-found-error.html", "TaskFailedToStart", "Fetching secret data from AWS Secrets Manager in region us-east-1: secret a: ResourceNotFoundException: Secrets Manager can't find the specified secret.", false, ``,
			"Failed to start (secret not found)", "Secrets Manager can't find"},
		{guide + "failed-to-start-error.html", "TaskFailedToStart", "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in subnet 'subnet-1': InsufficientFreeAddressesInSubnet", false, ``,
			"Failed to start (no free IP address in the subnet)", "subnet-1"},
		{guide + "failed-to-start-error.html", "", "InternalError: the network interface was not attached in time", false, ``,
			"Failed to start (internal error of ECS)", "network interface"},
		{guide + "failed-to-start-error.html", "TaskFailedToStart", "The selected task definition is not compatible with the selected compute strategy", false, ``,
			"Failed to start (task definition does not fit the capacity)", "compute strategy"},
		{guide + "failed-to-start-error.html", "TaskFailedToStart", "Unable to attach network interface to unused device index", false, ``,
			"Failed to start (network interface could not be attached)", "device index"},
		{guide + "failed-to-start-error.html", "TaskFailedToStart", "AGENT", false, ``,
			"Failed to start (the ECS agent of the container instance is not connected)", "AGENT"},
		{guide + "api_failures_messages.html", "TaskFailedToStart", "TaskFailedToStart: RESOURCE:GPU", false, ``,
			"Failed to start (no container instance has enough GPUs left)", "RESOURCE:GPU"},
		{guide + "stopped-task-errors.html", "TaskFailedToStart", "Timeout waiting for network interface provisioning to complete.", false, ``,
			"Failed to start (no network interface in time)", "Timeout waiting"},
		{guide + "stopped-task-errors.html", "TaskFailedToStart", "Timeout waiting for EphemeralStorage provisioning to complete.", false, ``,
			"Failed to start (no ephemeral storage in time)", "Timeout waiting"},
		{guide + "cannot-create-volume.html", "TaskFailedToStart", "CannotCreateVolumeError: mount failed", false, ``,
			"Failed to start (volume could not be created)", "mount failed"},

		// Containers that do not start.
		{guide + "cannot-start-container.html", "TaskFailedToStart", "CannotStartContainerError: failed to get container status: exit status 1", false, ``,
			"Failed to start (container could not be started)", "exit status 1"},
		{errors, "EssentialContainerExited", exited, false, `"exitCode":127,"reason":"CannotStartContainerError: Error response from daemon: OCI runtime create failed: exec: \"serve\": executable file not found in $PATH"`,
			"Failed to start (command not found)", "container app, exit code 127 (the command was not found): CannotStartContainerError"},
		{errors, "", exited, false, `"reason":"CannotStartContainerError: exec /app: exec format error"`,
			"Failed to start (image is built for another CPU)", "exec format error"},
		{errors, "", exited, false, `"reason":"CannotCreateContainerError: Error response from daemon: Conflict. The container name \"/a\" is already in use"`,
			"Failed to start (container's name is taken)", "CannotCreateContainerError"},
		{guide + "container-runtime-timeout-error.html", "", "ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m: context deadline exceeded", false, ``,
			"Failed to start (container runtime timed out)", "Could not transition to running"},
		{errors, "", exited, false, `"reason":"DockerTimeoutError: Could not transition to created; timed out after waiting 4m0s"`,
			"Failed to start (Docker timed out)", "Could not transition to created"},
		{guide + "container-runtime-error.html", "", exited, false, `"reason":"ContainerRuntimeError: failed to create containerd task"`,
			"Failed to start (container runtime error)", "containerd task"},
		{agent + "blob/master/agent/engine/errors.go", "", exited, false, `"reason":"TaskDependencyError: Task dependencies cannot be resolved, taskArn: a"`,
			"Failed to start", "TaskDependencyError"},
		{"an error of which the name is new", "", "CannotFooContainerError: foo", false, ``, "Failed to start", "CannotFooContainerError: foo"},
		{"an error of which the name is new", "", exited, false, `"reason":"CannotFooContainerError: foo"`, "Failed to start", "container app: CannotFooContainerError: foo"},
		{"a container that others wait for", "TaskFailedToStart", failed, false, `"exitCode":3`, "Failed to start (container app exited with code 3)", "container app, exit code 3"},

		// Containers that end.
		{guide + "out-of-memory.html", "", exited, running, `"exitCode":137,"reason":"OutOfMemoryError: Container killed due to memory usage"`,
			"Out of memory", "container app, exit code 137 (SIGKILL, it was killed)."},
		{guide + "out-of-memory.html", "TaskFailedToStart", failed, false, `"exitCode":137,"reason":"OutOfMemoryError: Container killed due to memory usage"`,
			"Out of memory", "container app, exit code 137"},
		{guide + "out-of-memory.html", "", "OutOfMemoryError: container killed due to memory usage", running, ``, "Out of memory", "OutOfMemoryError"},
		{guide + "container-runtime-error.html", "", "ContainerRuntimeError: shim died", running, ``, "Container failed (container runtime error)", "shim died"},
		{guide + "container-runtime-timeout-error.html", "EssentialContainerExited", exited, running, `"reason":"DockerTimeoutError: Could not transition to stopped; timed out after waiting 2m0s"`,
			"Container failed (Docker timed out)", "Could not transition to stopped"},
		{guide + "cannot-inspect-container.html", "EssentialContainerExited", exited, running, `"reason":"CannotInspectContainerError: Could not transition to inspecting; timed out after waiting 30s"`,
			"Container failed (container could not be inspected)", "container app: CannotInspectContainerError"},
		{guide + "cannot-stop-container.html", "", "CannotStopContainerError: failed sending SIGTERM to container: timeout", running, ``,
			"Container failed (container could not be stopped)", "SIGTERM"},
		{guide + "internal-error.html", "", "InternalError: the agent restarted", running, ``, "Container failed (internal error of ECS)", "the agent restarted"},
		{"an error of which the name is new", "", "CannotFooContainerError: foo", running, ``, "Stopped for an unknown reason", "CannotFooContainerError: foo"},
		{"https://repost.aws/knowledge-center/ecs-task-stopped", "EssentialContainerExited", exited, running, `"exitCode":139`,
			"Container exited with code 139 (SIGSEGV, it crashed)", "container app, exit code 139 (SIGSEGV, it crashed)"},
		{agent + "issues/2111", "EssentialContainerExited", exited, running, `"exitCode":3221225786`,
			"Container exited with code 3221225786 (0xC000013A, stopped by Ctrl+C or a shutdown)", "Ctrl+C"},

		// What ECS does.
		{guide + "stopped-task-errors.html", "ServiceSchedulerInitiated", "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/1)", running, `"exitCode":143`,
			"Failed ELB health check", "failed its ELB health checks: target group web."},
		{guide + "stopped-task-errors.html", "ServiceSchedulerInitiated", "Task failed container health checks", running, `"exitCode":137,"healthStatus":"UNHEALTHY"`,
			"Failed container health check", "container app, exit code 137"},
		{guide + "stopped-task-errors.html", "ServiceSchedulerInitiated", "Scaling activity initiated by (deployment ecs-svc/1)", running, ``, "Scaled in", "was scaled in."},
		{guide + "track-service-rebalancing.html", "ServiceSchedulerInitiated", "Availability-zone rebalancing initiated by (deployment ecs-svc/1)", running, ``, "Moved to another Availability Zone", "was replaced in another Availability Zone."},
		{guide + "task-maintenance.html", "ServiceSchedulerInitiated", "ECS is performing maintenance on the underlying infrastructure hosting the task", running, ``, "Maintenance", "for AWS maintenance."},
		{guide + "stopped-task-errors.html", "UserInitiated", "Task stopped by user", running, ``, "Stopped by a user", "was stopped by a user."},
		{"the text of a user", "UserInitiated", "rotating logs", running, ``, "Stopped by a user", "was stopped by a user: rotating logs."},
		{guide + "spot-interruption-errors.html", "SpotInterruption", "SpotInterruptionError: The task was stopped due to a Spot interruption.", running, ``, "Spot interruption", "Spot interruption."},
		{guide + "fargate-capacity-providers.html", "TerminationNotice", "Your Spot Task was interrupted.", running, ``, "Spot interruption", "Spot interruption."},
		{guide + "stopped-task-errors.html", "TerminationNotice", "Host EC2 (instance i-1234567890abcdef) terminated.", running, ``, "Instance went away", "Host EC2 (instance i-1234567890abcdef) terminated."},
		{"https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html", "InfrastructureHealth", "", running, ``, "Instance went away", "went away."},
	}
	for _, tt := range tests {
		detail := map[string]any{"stopCode": tt.code, "stoppedReason": tt.text, "group": "service:web", "clusterArn": "prod"}
		if tt.started {
			detail["startedAt"] = "2024-06-01T12:00:00Z"
		}
		if tt.container != "" {
			detail["containers"] = []any{map[string]any{"name": "log"}, json.RawMessage(`{"name":"app",` + tt.container + `}`)}
		}
		raw, err := json.Marshal(detail)
		if err != nil {
			t.Fatal(err)
		}
		e := &event.Event{ID: "e-1", Subject: task(t, string(raw))}
		n := e.Notice(time.Now())
		eventtest.Check(t, n)
		if got := strings.TrimSuffix(n.Title, ": web task in prod"); got != tt.lead || !strings.Contains(n.Summary, tt.says) {
			t.Errorf("%s: %s, %q, %s:\ngot  %q, %q\nwant %q, %q", tt.source, tt.code, tt.text, tt.container, got, n.Summary, tt.lead, tt.says)
		}
	}
}

// TestTaskCases has the stopped tasks that people published.
func TestTaskCases(t *testing.T) {
	eventtest.Cases(t, Decoders, wire.Watch{ECSTasks: &wire.ECSTasks{}}, []eventtest.Case{
		{Event: "ecs-task-stopped-by-user", Source: "recorded in November 2024: a task with the ExecuteCommandAgent"},
		{Event: "ecs-task-az-rebalancing", Source: guide + "track-service-rebalancing.html"},
		{Event: "ecs-task-manifest-unknown", Source: "describe-tasks of June 2026: the second container failed",
			Title: "Failed to start (image not found): orders task 4c2e9a7d in prod"},
		{Event: "ecs-task-manifest-unknown-exited", Source: agent + "blob/master/agent/engine/engine_sudo_linux_integ_test.go",
			Title: "Failed to start (image not found): orders task 4c2e9a7d in prod"},
		{Event: "ecs-task-cannot-inspect", Source: agent + "issues/2312",
			Title: "Container failed (container could not be inspected): orders task 4c2e9a7d in prod"},
		{Event: "ecs-task-runtime-timeout", Source: guide + "container-runtime-timeout-error.html",
			Title: "Failed to start (container runtime timed out): orders task 4c2e9a7d in prod"},
		{Event: "ecs-task-exit-139", Source: agent + "issues/594",
			Title: "Container exited with code 139 (SIGSEGV, it crashed): orders task 4c2e9a7d in prod"},
		{Event: "ecs-task-exit-windows", Source: agent + "issues/2111",
			Title: "Container exited with code 3221225786 (0xC000013A, stopped by Ctrl+C or a shutdown): orders task 4c2e9a7d in prod"},
		{Event: "ecs-task-spot-error", Source: guide + "spot-interruption-errors.html", Title: "Spot interruption: orders task 4c2e9a7d in prod"},
		{Event: "ecs-task-internal-error", Source: guide + "internal-error.html",
			Title: "Failed to start (internal error of ECS): orders task 4c2e9a7d in prod"},
	})
}
