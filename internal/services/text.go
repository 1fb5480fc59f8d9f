package services

import "strings"

// String says where a sink leads.
func (s Sink) String() string {
	switch {
	case s.Email != nil:
		return "email to " + strings.Join(append(s.Email.To, s.Email.CC...), ", ")
	case s.Slack != nil:
		return "Slack, " + s.Slack.Channel
	case s.SlackWebhook != nil:
		return "Slack, by the webhook " + s.SlackWebhook.Webhook.String()
	case s.Teams != nil:
		return "Teams, by the webhook " + s.Teams.Webhook.String()
	case s.PagerDuty != nil:
		return "PagerDuty, by the routing key " + s.PagerDuty.RoutingKey.String()
	case s.Topic != nil:
		return "topic " + s.Topic.ARN
	case s.Webhook != nil:
		return "webhook " + s.Webhook.URL
	}
	return "nowhere"
}

// String says where a secret is kept.
func (s Secret) String() string {
	switch {
	case s.Parameter != "":
		return "in the parameter " + s.Parameter
	case s.Field != "":
		return "in the secret " + s.Secret + " (" + s.Field + ")"
	}
	return "in the secret " + s.Secret
}
