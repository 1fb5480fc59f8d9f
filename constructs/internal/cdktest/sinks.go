package cdktest

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

// SinkCase is one kind of sink, as tests need it.
type SinkCase struct {
	// Full has every prop that does not exclude another.
	Full sink.Sink
	// Wire is what the notifier gets of it; nil for one that gets the raw event.
	Wire *wire.Sink
}

// FullSinks are one of every sink. It fails the test for one that the notifier knows and
// that has no case here.
func FullSinks(t *testing.T, s awscdk.Stack) []SinkCase {
	t.Helper()
	arn := func(name string) string {
		return "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:" + name
	}
	const topicARN, queueARN = "arn:aws:sns:eu-west-1:210987654321:topic", "arn:aws:sqs:eu-west-1:210987654321:queue"
	topic := awssns.Topic_FromTopicArn(s, jsii.String("Topic"), jsii.String(topicARN))
	slack := sink.FromSecretsManager(awssecretsmanager.Secret_FromSecretNameV2(s, jsii.String("Secret-slack"), jsii.String("slack")), "token")
	cases := []SinkCase{
		{Mail, &wire.Sink{Email: &wire.Email{From: "ops@example.com", To: []string{"team@example.com"}}}},
		{sink.Topic{Topic: topic}, &wire.Sink{Topic: &wire.Topic{ARN: topicARN}}},
		{
			sink.Slack{Token: slack, Channel: "C0123456789", Mention: "<!here> <!subteam^S0123456789>", MentionFrom: watch.SeverityCritical},
			&wire.Sink{Slack: &wire.Slack{Token: &wire.Secret{ARN: arn("slack"), Field: "token"}, Channel: "C0123456789", Mention: "<!here> <!subteam^S0123456789>", MentionFrom: wire.SeverityCritical}},
		},
		{
			sink.SlackWebhook{Webhook: Secret(s, "webhook"), Mention: "@here"},
			&wire.Sink{Slack: &wire.Slack{Webhook: &wire.Secret{ARN: arn("webhook")}, Mention: "<!here>", MentionFrom: wire.SeverityError}},
		},
		{sink.Teams{Webhook: Parameter(s, "teams")}, &wire.Sink{Teams: &wire.Teams{Webhook: wire.Secret{Parameter: "/some-service/teams"}}}},
		{
			sink.PagerDuty{RoutingKey: Secret(s, "pagerduty"), Changes: true, EU: true},
			&wire.Sink{PagerDuty: &wire.PagerDuty{RoutingKey: wire.Secret{ARN: arn("pagerduty")}, Changes: true, EU: true}},
		},
		{
			sink.NewRelic{APIKey: Secret(s, "newrelic"), EntitySearch: "name = 'some-service'", EU: true},
			&wire.Sink{NewRelic: &wire.NewRelic{APIKey: wire.Secret{ARN: arn("newrelic")}, EntitySearch: "name = 'some-service'", EU: true}},
		},
		{
			sink.Datadog{APIKey: Secret(s, "datadog"), Site: "us5.datadoghq.com", Tags: []string{"team:web"}},
			&wire.Sink{Datadog: &wire.Datadog{APIKey: wire.Secret{ARN: arn("datadog")}, Site: "us5.datadoghq.com", Tags: []string{"team:web"}}},
		},
		{
			sink.Grafana{URL: "https://grafana.example.com/g", Token: Parameter(s, "grafana"), DashboardUID: "abc", PanelID: 7, Tags: []string{"web"}},
			&wire.Sink{Grafana: &wire.Grafana{URL: "https://grafana.example.com/g", Token: wire.Secret{Parameter: "/some-service/grafana"}, DashboardUID: "abc", PanelID: 7, Tags: []string{"web"}}},
		},
		{
			sink.Webhook{URL: "https://example.com/hook", SigningKey: Secret(s, "key")},
			&wire.Sink{Webhook: &wire.Webhook{URL: "https://example.com/hook", SigningKey: &wire.Secret{ARN: arn("key")}}},
		},
		{
			sink.SecretWebhook{URL: Secret(s, "hook"), SigningKey: Parameter(s, "signing"), AllowPrivate: true},
			&wire.Sink{Webhook: &wire.Webhook{SecretURL: &wire.Secret{ARN: arn("hook")}, SigningKey: &wire.Secret{Parameter: "/some-service/signing"}, AllowPrivate: true}},
		},
		{sink.AmazonQ{Topic: topic}, &wire.Sink{AmazonQ: &wire.AmazonQ{TopicARN: topicARN}}},
		{
			sink.Grouped{Sink: sink.Email{From: "ops@example.com", To: []string{"all@example.com"}}, Wait: 90 * time.Second, Over: 5},
			&wire.Sink{Email: &wire.Email{From: "ops@example.com", To: []string{"all@example.com"}}},
		},
		{sink.Queue{Queue: awssqs.Queue_FromQueueArn(s, jsii.String("Queue"), jsii.String(queueARN))}, nil},
		{sink.Bus{Bus: awsevents.NewEventBus(s, jsii.String("Bus"), nil)}, nil},
		{sink.LogGroup{LogGroup: awslogs.NewLogGroup(s, jsii.String("LogGroup"), nil)}, nil},
	}
	missing := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[wire.Sink]()) {
		missing[f.Name] = true
		for _, c := range cases {
			if c.Wire != nil && !reflect.ValueOf(*c.Wire).FieldByIndex(f.Index).IsNil() {
				delete(missing, f.Name)
			}
		}
	}
	for name := range missing {
		t.Errorf("the sink %s has no case in constructs/internal/cdktest/sinks.go", strings.ToLower(name))
	}
	return cases
}

// Given are the sinks of cases.
func Given(cases []SinkCase) []sink.Sink {
	var all []sink.Sink
	for _, c := range cases {
		all = append(all, c.Full)
	}
	return all
}
