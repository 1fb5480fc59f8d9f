package wire

import "reflect"

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

// Kind names the sink as its JSON does, or is "" if none is set.
func (s Sink) Kind() string { return nameOfSet(reflect.ValueOf(s)) }

// Email sends a mail through SES v2.
type Email struct {
	From string   `json:"from"`
	To   []string `json:"to"`
	CC   []string `json:"cc,omitempty"`
	// ReplyTo are the addresses that answers go to. Empty: From.
	ReplyTo          []string `json:"replyTo,omitempty"`
	ConfigurationSet string   `json:"configurationSet,omitempty"`
	// IdentityARN is the identity of another account whose permission is used to send.
	IdentityARN string `json:"identityArn,omitempty"`
}

// Topic publishes the readable notice to an SNS topic.
type Topic struct {
	ARN string `json:"arn"`
}

// Slack posts to a channel: by token and channel, or by an incoming webhook.
type Slack struct {
	Token   *Secret `json:"token,omitempty"`
	Channel string  `json:"channel,omitempty"`
	Webhook *Secret `json:"webhook,omitempty"`
	// Mention is who is called, as in Slack's mrkdwn ("<!here>"), from the
	// severity MentionFrom up.
	Mention     string   `json:"mention,omitempty"`
	MentionFrom Severity `json:"mentionFrom,omitempty"`
}

// Teams posts an Adaptive Card to a Workflows webhook.
type Teams struct {
	Webhook Secret `json:"webhook"`
}

// PagerDuty opens and resolves alerts, or records deployments as change events.
type PagerDuty struct {
	RoutingKey Secret `json:"routingKey"`
	// Changes sends deployments as change events instead of alerts.
	Changes bool `json:"changes,omitempty"`
	EU      bool `json:"eu,omitempty"`
}

// NewRelic records deployments with change tracking. Exactly one of EntityGUID and
// EntitySearch is set.
type NewRelic struct {
	APIKey       Secret `json:"apiKey"`
	EntityGUID   string `json:"entityGuid,omitempty"`
	EntitySearch string `json:"entitySearch,omitempty"`
	EU           bool   `json:"eu,omitempty"`
}

// Datadog posts events.
type Datadog struct {
	APIKey Secret `json:"apiKey"`
	// Site is the Datadog site, such as "datadoghq.eu".
	Site string   `json:"site"`
	Tags []string `json:"tags,omitempty"`
}

// Grafana writes annotations.
type Grafana struct {
	// URL is where Grafana is, without "/api".
	URL   string `json:"url"`
	Token Secret `json:"token"`
	// DashboardUID and PanelID bind the annotation; without them it is the
	// organization's.
	DashboardUID string   `json:"dashboardUid,omitempty"`
	PanelID      int      `json:"panelId,omitempty"`
	Tags         []string `json:"tags,omitempty"`
}

// Webhook posts to any HTTPS endpoint, as Standard Webhooks specifies. Exactly one of
// URL and SecretURL is set.
type Webhook struct {
	URL       string  `json:"url,omitempty"`
	SecretURL *Secret `json:"secretUrl,omitempty"`
	// SigningKey signs what is posted; nil: it is not signed.
	SigningKey *Secret `json:"signingKey,omitempty"`
	// AllowPrivate lets the endpoint have a private, loopback or link-local address.
	AllowPrivate bool `json:"allowPrivate,omitempty"`
}

// AmazonQ publishes custom notifications of Amazon Q Developer in chat
// applications to an SNS topic.
type AmazonQ struct {
	TopicARN string `json:"topicArn"`
}

// Secret says where a secret is kept; never what it is. Exactly one of ARN and
// Parameter is set.
type Secret struct {
	// ARN is a secret in Secrets Manager.
	ARN string `json:"arn,omitempty"`
	// Field is the field of the secret's JSON object. Empty: the whole secret.
	Field string `json:"field,omitempty"`
	// Parameter is the name or the ARN of a SecureString parameter in SSM.
	Parameter string `json:"parameter,omitempty"`
}
