package wire

import (
	"reflect"
	"strings"
)

// Watch says what is watched. Exactly one of its pointers is set.
type Watch struct {
	// Service names what is watched, in the team's own words.
	Service string `json:"service,omitempty"`
	// Only are the values of some fields of an event that the watch wants, by the fields' paths,
	// such as "detail.state": its rule matches further values, for other watches. Nil: the
	// watch wants whatever the rule matches.
	Only map[string][]string `json:"only,omitempty"`

	Terminations        *Terminations        `json:"terminations,omitempty"`
	Launches            *Launches            `json:"launches,omitempty"`
	InstanceRefreshes   *InstanceRefreshes   `json:"instanceRefreshes,omitempty"`
	Lifecycle           *Lifecycle           `json:"lifecycle,omitempty"`
	Instances           *Instances           `json:"instances,omitempty"`
	SpotInterruptions   *SpotInterruptions   `json:"spotInterruptions,omitempty"`
	Deployments         *Deployments         `json:"deployments,omitempty"`
	DeploymentInstances *DeploymentInstances `json:"deploymentInstances,omitempty"`
	ECSTasks            *ECSTasks            `json:"ecsTasks,omitempty"`
	ECSDeployments      *ECSDeployments      `json:"ecsDeployments,omitempty"`
	ECSServices         *ECSServices         `json:"ecsServices,omitempty"`
	Alarms              *Alarms              `json:"alarms,omitempty"`
	Health              *Health              `json:"health,omitempty"`
	Pattern             *Pattern             `json:"pattern,omitempty"`
}

// Kind names the watch as its JSON does, or is "" if none is set.
func (w Watch) Kind() string { return nameOfSet(reflect.ValueOf(w)) }

// nameOfSet is the name that JSON has for the first pointer of a struct that is set.
func nameOfSet(value reflect.Value) string {
	for i := range value.NumField() {
		if f := value.Field(i); f.Kind() == reflect.Pointer && !f.IsNil() {
			name, _, _ := strings.Cut(value.Type().Field(i).Tag.Get("json"), ",")
			return name
		}
	}
	return ""
}

// Watches whose choices are made by the rule, or that have none worth a file of
// their own.

// Launches watches instances that an Auto Scaling group launched, or did not. The
// outcomes are matched by the rule.
type Launches struct{}

// InstanceRefreshes watches instance refreshes. The states are matched by the rule.
type InstanceRefreshes struct{}

// Lifecycle watches instances that wait for a lifecycle hook to be completed.
type Lifecycle struct {
	// AfterSeconds is how long the delivery waits before the notifier gets it. An
	// instance that is still waiting then is reported.
	AfterSeconds int `json:"afterSeconds"`
}

// Instances watches state changes of EC2 instances. Instances and states are
// matched by the rule.
type Instances struct{}

// SpotInterruptions watches Spot Instances, and instances in a Capacity Reservation, that
// EC2 takes back or is likely to.
type SpotInterruptions struct {
	// Groups are the Auto Scaling groups whose instances are reported. The event does
	// not name the group, so it is looked up; an instance whose group could not be
	// looked up is reported. Empty: all Spot instances.
	Groups []string `json:"groups,omitempty"`
}

// DeploymentInstances watches what CodeDeploy does on each instance. The states are
// matched by the rule.
type DeploymentInstances struct{}

// ECSServices watches what ECS says about services. The rule matches the services; the
// notifier decides by what happened.
type ECSServices struct {
	// SteadyStates reports routine events too, such as a steady state.
	SteadyStates bool `json:"steadyStates,omitempty"`
}

// Alarms watches CloudWatch alarms. Names and states are matched by the rule.
type Alarms struct {
	// RecoveriesOnly leaves out an alarm that is OK now and was not in alarm just before:
	// one that is new, or that had insufficient data. What a pager opened stays open if its
	// alarm came from ALARM to OK by way of INSUFFICIENT_DATA.
	RecoveriesOnly bool `json:"recoveriesOnly,omitempty"`
}

// Health watches AWS Health. Services and categories are matched by the rule.
type Health struct{}
