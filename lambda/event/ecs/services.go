package ecs

import (
	"cmp"
	"strings"
	"time"
	"unicode/utf8"

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

// SkipReason leaves out what happens all the time, unless the watch reports it: the rule does
// not know the names, so that one that AWS adds is reported.
func (s *Service) SkipReason(w wire.Watch) string {
	if w.ECSServices == nil || w.ECSServices.SteadyStates || s.EventType != "INFO" || !serviceEvents[s.EventName].routine {
		return ""
	}
	return s.EventName + " is routine, which the watch does not report"
}

// serviceEvent is something that happens to services: what the title says, and the summary
// after the service's name.
type serviceEvent struct {
	title, summary string
	routine        bool // nothing is wrong
}

// serviceEvents are the names that AWS documents. Another one is reported as unknown.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/track-service-rebalancing.html
var serviceEvents = map[string]serviceEvent{
	"SERVICE_TASK_PLACEMENT_FAILURE":               {"Cannot place a task", "cannot place a task", false},
	"SERVICE_TASK_START_IMPAIRED":                  {"Tasks keep failing to start", "cannot start tasks reliably", false},
	"SERVICE_TASK_CONFIGURATION_FAILURE":           {"Task configuration is wrong", "cannot place a task because its configuration is wrong", false},
	"SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED": {"Daemon task in the wrong place", "has a daemon task that no longer meets its placement constraints", false},
	"SERVICE_DISCOVERY_INSTANCE_UNHEALTHY":         {"Unhealthy task in service discovery", "has a task that service discovery finds unhealthy", false},
	"VPC_LATTICE_TARGET_UNHEALTHY":                 {"Unhealthy VPC Lattice target", "has a target that VPC Lattice finds unhealthy", false},
	"ECS_OPERATION_THROTTLED":                      {"ECS is throttled", "is held up by throttling of the ECS API", false},
	"SERVICE_DISCOVERY_OPERATION_THROTTLED":        {"Service discovery is throttled", "is held up by throttling of the Cloud Map API", false},
	"SERVICE_HEALTH_UNKNOWN":                       {"Health is unknown", "has tasks whose health ECS could not find out", false},
	"SERVICE_DEPLOYMENT_FAILED":                    {"Deployment failed", "has a deployment that failed", false},
	"TASKSET_SCALE_IN_FAILURE_BY_TASK_PROTECTION":  {"Protected tasks keep it from scaling in", "cannot scale in because its tasks are protected", true},
	"SERVICE_STEADY_STATE":                         {"Steady", "has reached a steady state", true},
	"TASKSET_STEADY_STATE":                         {"Task set steady", "has a task set that has reached a steady state", true},
	"CAPACITY_PROVIDER_STEADY_STATE":               {"Capacity provider steady", "has a capacity provider that has reached a steady state", true},
	"SERVICE_DESIRED_COUNT_UPDATED":                {"Desired count changed", "was given another desired count", true},
	"TASKS_STARTED":                                {"Tasks started", "has started tasks", true},
	"TASKS_STOPPED":                                {"Tasks stopped", "has stopped tasks", true},
	"SERVICE_REBALANCING_STARTED":                  {"Rebalancing Availability Zones", "has begun to rebalance its tasks between the Availability Zones", true},
	"SERVICE_REBALANCING_COMPLETED":                {"Availability Zones rebalanced", "has rebalanced its tasks between the Availability Zones", true},
	"SERVICE_REBALANCING_STOPPED":                  {"Rebalancing stopped", "has stopped rebalancing its tasks between the Availability Zones", true},
	"SERVICE_DEPLOYMENT_IN_PROGRESS":               {"Deployment in progress", "has a deployment in progress", true},
	"SERVICE_DEPLOYMENT_COMPLETED":                 {"Deployment completed", "has a deployment that completed", true},
}

// placementFailures say why a task could not be placed.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
var placementFailures = map[string]string{
	"RESOURCE:FARGATE":        "Fargate has no capacity now",
	"RESOURCE:CPU":            "no container instance has enough CPU left",
	"RESOURCE:MEMORY":         "no container instance has enough memory left",
	"RESOURCE:GPU":            "no container instance has enough GPUs left",
	"RESOURCE:ENI":            "no container instance has a network interface left",
	"RESOURCE:PORTS":          "the ports that it needs are taken on every container instance",
	"AGENT":                   "the ECS agent of the container instance is not connected",
	"LOCATION":                "the container instance is in another Availability Zone than the task needs",
	"ATTRIBUTE":               "no container instance has the attributes that it needs",
	"INACTIVE":                "the container instance is no longer registered",
	"EMPTY CAPACITY PROVIDER": "the capacity provider has no container instances",
	"NO ACTIVE INSTANCES":     "the capacity provider has no active container instances",
	"NO_INSTANCES_IN_CLUSTER": "the cluster has no container instances",
}

// maxInTitle is how long a reason in a title may be, in characters.
const maxInTitle = 80

// Describe implements [event.Subject].
func (s *Service) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	n.Kind = notice.KindService
	n.Severity, n.Status = s.severity()
	s.Info.Value.escalate(n)
	n.Key = serviceKey(e, s.Cluster, s.Service)
	s.headline(n, e)
	s.addFacts(n, e, now)
	console := e.Console()
	n.Link("Service", console.ECSService(s.Cluster, s.Service))
	n.Link("Stopped tasks", console.ECSStoppedTasks(s.Cluster, s.Service))
}

// headline fills in the title and the summary.
func (s *Service) headline(n *notice.Notice, e *event.Event) {
	text, known := serviceEvents[s.EventName]
	if !known {
		text.title = strings.TrimSpace("Unknown event " + s.EventName)
		text.summary = "reports " + cmp.Or(s.EventName, "an event without a name") + ", which extraeye does not know"
	}
	failure := cmp.Or(placementFailures[strings.ToUpper(s.Reason)], event.Quoted(s.Reason))
	n.Title = text.title
	if failure != "" && utf8.RuneCountInString(failure) <= maxInTitle {
		n.Title += " (" + failure + ")"
	}
	n.Title += ": " + cmp.Or(s.Service, "an unnamed service") + " in " + cmp.Or(s.Cluster, "an unnamed cluster")
	info := s.Info.Value
	n.Summary = event.Sentences(
		event.Capital(kindAndName("service", s.Service))+" in "+kindAndName("cluster", s.Cluster)+" "+text.summary+
			event.Labeled(": ", failure),
		event.Labeled("that was ", info.afterDeployment(e.Time)), event.Labeled("it has ", info.taskCounts()))
}

func (s *Service) addFacts(n *notice.Notice, e *event.Event, now time.Time) {
	info, console := s.Info.Value, e.Console()
	info.addFacts(n, console, s.Cluster, s.Service)
	n.Add("Reason", placementFailures[strings.ToUpper(s.Reason)], "")
	info.addAfter(n, console, s.Cluster, s.Service, e.Time)
	n.Add("Capacity providers", event.Listed(s.CapacityProviders), "")
	n.Add("Container instances", event.Listed(s.ContainerInstances), "")
	n.Add("Time", notice.Moment(e.Time, now), "")
	n.Add("AWS says", strings.TrimSpace(s.EventName+" "+s.Reason), "")
	var missing event.Gaps
	missing.Add("Service", s.Info.Problem)
	missing.AddTo(n)
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
