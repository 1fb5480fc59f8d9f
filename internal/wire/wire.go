// Package wire is the contract between the two sides of extraeye: what the
// constructs write into the template and what the notifier reads at run time.
//
// A rule target hands the notifier a whole [Delivery], so the notifier needs no
// configuration of its own. Both sides use these structs; a renamed field breaks
// both builds.
//
// To add a watch, add one field to [Watch]; to add a sink, add one to [Sink];
// then run go test ./..., which names every file that is still missing.
package wire

import (
	"encoding/json"
	"reflect"
	"strings"
)

// Delivery is one event for one sink: the input of one invocation.
type Delivery struct {
	// Watch says which events are reported.
	Watch Watch `json:"watch"`
	// Sink says where to report it.
	Sink Sink `json:"sink"`
	// Event is the event as EventBridge delivered it.
	Event json.RawMessage `json:"event"`
}

// Watch says what is watched. Exactly one of its pointers is set.
type Watch struct {
	// Service names what is watched, in the team's own words.
	Service string `json:"service,omitempty"`

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
func (w Watch) Kind() string {
	value := reflect.ValueOf(w)
	for i := range value.NumField() {
		if f := value.Field(i); f.Kind() == reflect.Pointer && !f.IsNil() {
			name, _, _ := strings.Cut(value.Type().Field(i).Tag.Get("json"), ",")
			return name
		}
	}
	return ""
}

// Sink says where a notice goes. Exactly one of its pointers is set. Logs and the
// output of "extraeye rehearse" name a sink as its JSON does.
type Sink struct {
	Email     *Email     `json:"email,omitempty"`
	Topic     *Topic     `json:"topic,omitempty"`
	Slack     *Slack     `json:"slack,omitempty"`
	Teams     *Teams     `json:"teams,omitempty"`
	PagerDuty *PagerDuty `json:"pagerduty,omitempty"`
	NewRelic  *NewRelic  `json:"newrelic,omitempty"`
	Datadog   *Datadog   `json:"datadog,omitempty"`
	Grafana   *Grafana   `json:"grafana,omitempty"`
	Webhook   *Webhook   `json:"webhook,omitempty"`
	AmazonQ   *AmazonQ   `json:"amazonq,omitempty"`
}
