package ecs

import (
	"cmp"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Service is something that happened to an ECS service.
type Service struct {
	Cluster, Service string
	EventName        string // what happened, such as SERVICE_TASK_PLACEMENT_FAILURE
	EventType        string // INFO, WARN or ERROR
	Reason           string
	// CapacityProviders and ContainerInstances are the names of those that it is about.
	CapacityProviders, ContainerInstances []string

	// Info is what ECS knows of the service.
	Info event.Finding[ServiceInfo]
}

// decodeService reads "ECS Service Action".
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
func decodeService(e *event.Event, detail event.Fields) event.Subject {
	s := &Service{
		EventName: detail.Text("eventName"),
		EventType: detail.Text("eventType"),
		Reason:    detail.Text("reason"),
	}
	s.Cluster, s.Service = serviceOf(e, detail)
	for _, arn := range detail.Texts("capacityProviderArns") {
		s.CapacityProviders = append(s.CapacityProviders, lastPart(arn))
	}
	for _, arn := range detail.Texts("containerInstanceArns") {
		s.ContainerInstances = append(s.ContainerInstances, lastPart(arn))
	}
	return s
}

// SkipReason is always "": the rule matches the names that the watch reports.
func (s *Service) SkipReason(wire.Watch) string { return "" }

// serviceEvents say what happened to a service in the title, and in the summary after its
// name. A name that is not here is reported as it is.
var serviceEvents = map[string]struct{ title, summary string }{
	"SERVICE_TASK_PLACEMENT_FAILURE":               {"Cannot place a task", "cannot place a task"},
	"SERVICE_TASK_START_IMPAIRED":                  {"Tasks keep failing to start", "cannot start tasks reliably"},
	"SERVICE_TASK_CONFIGURATION_FAILURE":           {"Task configuration is wrong", "cannot place a task, for its configuration is wrong"},
	"SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED": {"Daemon task in the wrong place", "has a daemon task that no longer meets its placement constraints"},
	"SERVICE_DISCOVERY_INSTANCE_UNHEALTHY":         {"Unhealthy task in service discovery", "has a task that service discovery finds unhealthy"},
	"VPC_LATTICE_TARGET_UNHEALTHY":                 {"Unhealthy VPC Lattice target", "has a target that VPC Lattice finds unhealthy"},
	"ECS_OPERATION_THROTTLED":                      {"ECS is throttled", "is held up by throttling of the ECS API"},
	"SERVICE_DISCOVERY_OPERATION_THROTTLED":        {"Service discovery is throttled", "is held up by throttling of the Cloud Map API"},
	"SERVICE_HEALTH_UNKNOWN":                       {"Health is unknown", "has tasks whose health ECS could not learn"},
	"SERVICE_STEADY_STATE":                         {"Steady", "has reached a steady state"},
	"TASKSET_STEADY_STATE":                         {"Task set steady", "has a task set that has reached a steady state"},
	"CAPACITY_PROVIDER_STEADY_STATE":               {"Capacity provider steady", "has a capacity provider that has reached a steady state"},
	"SERVICE_DESIRED_COUNT_UPDATED":                {"Desired count changed", "was given another desired count"},
	"TASKS_STOPPED":                                {"Tasks stopped", "has stopped tasks"},
}

// placementFailures say why a task could not be placed.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
var placementFailures = map[string]string{
	"RESOURCE:FARGATE":        "Fargate has no capacity for it now",
	"RESOURCE:CPU":            "no container instance has enough CPU left",
	"RESOURCE:MEMORY":         "no container instance has enough memory left",
	"RESOURCE:GPU":            "no container instance has enough GPUs left",
	"RESOURCE:ENI":            "no container instance has a network interface left",
	"RESOURCE:PORTS":          "the ports that it needs are taken on every container instance",
	"AGENT":                   "the ECS agent of the container instance is not connected",
	"ATTRIBUTE":               "no container instance has the attributes that it needs",
	"EMPTY CAPACITY PROVIDER": "the capacity provider has no container instances",
	"NO ACTIVE INSTANCES":     "the capacity provider has no active container instances",
	"NO_INSTANCES_IN_CLUSTER": "the cluster has no container instances",
}

// Describe implements [event.Subject].
func (s *Service) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	text, known := serviceEvents[s.EventName]
	if !known {
		name := cmp.Or(strings.ToLower(strings.ReplaceAll(s.EventName, "_", " ")), "something without a name")
		text.title, text.summary = s.EventName, "reports: "+name
	}
	service, cluster := cmp.Or(s.Service, "an unnamed service"), cmp.Or(s.Cluster, "an unnamed cluster")
	info := s.Info.Value

	n.Kind = notice.KindService
	n.Severity, n.Status = s.severity()
	info.escalate(n)
	n.Key = serviceKey(e, s.Cluster, s.Service)
	n.Title = cmp.Or(text.title, "Something happened") + ": " + service + " in " + cluster
	n.Summary = event.Capital(kindAndName("service", s.Service)) + " in " + kindAndName("cluster", s.Cluster) + " " + text.summary
	reason := placementFailures[strings.ToUpper(s.Reason)]
	n.Summary += event.Labeled(": ", cmp.Or(reason, event.Quoted(s.Reason)))
	n.Summary = event.Sentences(n.Summary, event.Labeled("that was ", info.afterDeployment(e.Time)), event.Labeled("it has ", info.taskCounts()))

	console := e.Console()
	info.addFacts(n, console, s.Cluster, s.Service)
	n.Add("Reason", reason, "")
	info.addAfter(n, console, s.Cluster, s.Service, e.Time)
	n.Add("Capacity providers", event.Listed(s.CapacityProviders), "")
	n.Add("Container instances", event.Listed(s.ContainerInstances), "")
	n.Add("Time", notice.Moment(e.Time, now), "")
	n.Add("AWS says", strings.TrimSpace(s.EventName+" "+s.Reason), "")
	var missing event.Gaps
	missing.Add("Service", s.Info.Problem)
	missing.AddTo(n)
	n.Link("Service", console.ECSService(s.Cluster, s.Service))
	n.Link("Stopped tasks", console.ECSStoppedTasks(s.Cluster, s.Service))
}

// severity says how bad AWS finds it. A steady state resolves what was wrong with the service;
// that of a capacity provider says nothing about its tasks.
func (s *Service) severity() (notice.Severity, notice.Status) {
	switch {
	case s.EventName == "SERVICE_STEADY_STATE", s.EventName == "TASKSET_STEADY_STATE":
		return notice.Info, notice.Resolved
	case s.EventType == "INFO":
		return notice.Info, notice.Marker
	case s.EventType == "ERROR":
		return notice.Error, notice.Open
	case s.EventType == "WARN":
		return notice.Warning, notice.Open
	default:
		return notice.Warning, notice.Marker
	}
}
