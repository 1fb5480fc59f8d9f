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

import "encoding/json"

// Delivery is one event for one sink: the input of one invocation.
type Delivery struct {
	// Watch says what of the event is worth telling.
	Watch Watch `json:"watch"`
	// Sink says where to tell it.
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
	switch {
	case w.Terminations != nil:
		return "terminations"
	case w.Launches != nil:
		return "launches"
	case w.InstanceRefreshes != nil:
		return "instanceRefreshes"
	case w.Lifecycle != nil:
		return "lifecycle"
	case w.Instances != nil:
		return "instances"
	case w.SpotInterruptions != nil:
		return "spotInterruptions"
	case w.Deployments != nil:
		return "deployments"
	case w.DeploymentInstances != nil:
		return "deploymentInstances"
	case w.ECSTasks != nil:
		return "ecsTasks"
	case w.ECSDeployments != nil:
		return "ecsDeployments"
	case w.ECSServices != nil:
		return "ecsServices"
	case w.Alarms != nil:
		return "alarms"
	case w.Health != nil:
		return "health"
	case w.Pattern != nil:
		return "pattern"
	}
	return ""
}

// Sink says where a notice goes. Exactly one of its pointers is set.
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
