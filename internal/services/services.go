// Package services reads the table of a platform's teams and services from a YAML or JSON
// file. Its form is described once, in format.go: both what Parse checks and the JSON Schema
// for editors are made of that.
package services

// File is what a file says.
type File struct {
	// TeamTag is the key of the tag whose value names a team. Empty: it is not the file
	// that says so.
	TeamTag string `json:"teamTag,omitempty"`
	Teams   []Team `json:"teams"`
	// Others are notified about what belongs to no team.
	Others []Sink `json:"others,omitempty"`

	places places
}

// Team is who is notified about some services.
type Team struct {
	Name     string    `json:"name"`
	Sinks    []Sink    `json:"sinks"`
	Accounts []string  `json:"accounts,omitempty"`
	Services []Service `json:"services,omitempty"`
}

// Service is what goes by a team's own name for it, and what it consists of.
type Service struct {
	Name                   string   `json:"name"`
	AutoScalingGroupNames  []string `json:"autoScalingGroupNames,omitempty"`
	CodeDeployApplications []string `json:"codeDeployApplications,omitempty"`
	ClusterNames           []string `json:"clusterNames,omitempty"`
	ECSServices            []string `json:"ecsServices,omitempty"` // "cluster/service"
	AlarmNames             []string `json:"alarmNames,omitempty"`
}

// Sink is one of these.
type Sink struct {
	Email        *Email        `json:"email,omitempty"`
	Slack        *Slack        `json:"slack,omitempty"`
	SlackWebhook *SlackWebhook `json:"slackWebhook,omitempty"`
	Teams        *Teams        `json:"teams,omitempty"`
	PagerDuty    *PagerDuty    `json:"pagerDuty,omitempty"`
	Topic        *Topic        `json:"topic,omitempty"`
	Webhook      *Webhook      `json:"webhook,omitempty"`
}

// Email sends a mail. Like the others, it has the fields of the sink of the same name.
type Email struct {
	From             string   `json:"from"`
	To               []string `json:"to"`
	CC               []string `json:"cc,omitempty"`
	ReplyTo          []string `json:"replyTo,omitempty"`
	ConfigurationSet string   `json:"configurationSet,omitempty"`
	Identity         string   `json:"identity,omitempty"`
}

// Slack posts to a channel as an app.
type Slack struct {
	Token       Secret `json:"token"`
	Channel     string `json:"channel"`
	Mention     string `json:"mention,omitempty"`
	MentionFrom string `json:"mentionFrom,omitempty"`
}

// SlackWebhook posts through an incoming webhook.
type SlackWebhook struct {
	Webhook     Secret `json:"webhook"`
	Mention     string `json:"mention,omitempty"`
	MentionFrom string `json:"mentionFrom,omitempty"`
}

// Teams posts through a workflow.
type Teams struct {
	Webhook Secret `json:"webhook"`
}

// PagerDuty opens and resolves alerts.
type PagerDuty struct {
	RoutingKey Secret `json:"routingKey"`
	Changes    bool   `json:"changes,omitempty"`
	EU         bool   `json:"eu,omitempty"`
}

// Topic publishes to an SNS topic.
type Topic struct {
	ARN string `json:"arn"`
}

// Webhook posts to an HTTPS endpoint.
type Webhook struct {
	URL        string  `json:"url"`
	SigningKey *Secret `json:"signingKey,omitempty"`
}

// Secret says where a secret is kept: in Secrets Manager, by its name, or in a SecureString
// parameter.
type Secret struct {
	Secret    string `json:"secret,omitempty"`
	Field     string `json:"field,omitempty"`
	Parameter string `json:"parameter,omitempty"`
}
