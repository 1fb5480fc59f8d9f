package event

import (
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// ECSService is what ECS says of a service.
type ECSService struct {
	Cluster, Service string
	// Name is what happened, such as SERVICE_TASK_PLACEMENT_FAILURE.
	Name string
	// Type is how bad AWS thinks it is: INFO, WARN or ERROR.
	Type   string
	Reason string
	// Providers and Instances are the names of the capacity providers and container
	// instances that it is about.
	Providers, Instances []string

	// Info is what ECS knows of the service. Evidence.
	Info Finding[ServiceInfo]
}

// decodeECSService reads "ECS Service Action".
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
func decodeECSService(e *Event, detail fields) Subject {
	s := &ECSService{
		Name:   detail.text("eventName"),
		Type:   detail.text("eventType"),
		Reason: detail.text("reason"),
	}
	s.Cluster, s.Service = ecsService(e, detail)
	for _, arn := range detail.texts("capacityProviderArns") {
		s.Providers = append(s.Providers, lastPart(arn))
	}
	for _, arn := range detail.texts("containerInstanceArns") {
		s.Instances = append(s.Instances, lastPart(arn))
	}
	return s
}

// unwanted is always "": the rule matches the names.
func (s *ECSService) unwanted(wire.Watch) string { return "" }

// serviceEvents say AWS's names of what happens to a service: the title, and what the
// summary says of the service. Names that are not here are told by their own words.
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

// placement says in words why a task could not be placed.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
var placement = map[string]string{
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

func (s *ECSService) tell(n *notice.Notice, e *Event, now time.Time) {
	words, known := serviceEvents[s.Name]
	if !known {
		name := or(strings.ToLower(strings.ReplaceAll(s.Name, "_", " ")), "something without a name")
		words.title, words.summary = s.Name, "reports: "+name
	}
	service, cluster := or(s.Service, "an unnamed service"), or(s.Cluster, "an unnamed cluster")
	info := s.Info.Value

	n.Kind = notice.KindService
	n.Severity, n.Status = s.severity()
	info.worsen(n)
	n.Key = ecsKey(e, s.Cluster, s.Service)
	n.Title = or(words.title, "Something happened") + ": " + service + " in " + cluster
	n.Summary = capital(kindAndName("service", s.Service)) + " in " + kindAndName("cluster", s.Cluster) + " " + words.summary
	reason := placement[strings.ToUpper(s.Reason)]
	n.Summary += labelled(": ", or(reason, quoted(s.Reason)))
	n.Summary = sentences(n.Summary, labelled("that was ", info.after(e.Time)), labelled("it has ", info.words()))

	console := consoleFor(e.Region)
	info.tell(n, console, s.Cluster, s.Service)
	n.Add("Reason", reason, "")
	info.tellAfter(n, console, s.Cluster, s.Service, e.Time)
	n.Add("Capacity providers", listed(s.Providers), "")
	n.Add("Container instances", listed(s.Instances), "")
	n.Add("Time", notice.Moment(e.Time, now), "")
	n.Add("AWS says", strings.TrimSpace(s.Name+" "+s.Reason), "")
	var missing gaps
	missing.add("Service", s.Info.Problem)
	missing.tell(n)
	n.Link("Service", console.ecsService(s.Cluster, s.Service))
	n.Link("Stopped tasks", console.ecsStopped(s.Cluster, s.Service))
}

// severity takes AWS's word for how bad it is. A steady state resolves what was wrong
// with the service; that of a capacity provider says nothing of its tasks.
func (s *ECSService) severity() (notice.Severity, notice.Status) {
	switch {
	case s.Name == "SERVICE_STEADY_STATE", s.Name == "TASKSET_STEADY_STATE":
		return notice.Info, notice.Resolved
	case s.Type == "INFO":
		return notice.Info, notice.Marker
	case s.Type == "ERROR":
		return notice.Error, notice.Open
	case s.Type == "WARN":
		return notice.Warning, notice.Open
	default:
		return notice.Warning, notice.Marker
	}
}
