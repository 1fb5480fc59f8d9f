package sink_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsses"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// mistakes are mistakes in the props of sinks.
var mistakes = []cdktest.Mistake{
	cdktest.Reports("bad addresses", func(s awscdk.Stack) {
		cdktest.Send(s, sink.Email{From: "ops", To: []string{"team@example.com", "a@example.com\r\nBcc: b@example.com"}, ReplyTo: []string{"@"}, CC: []string{"ä@example.com"}})
	}, "E301", "E301", "E301", "E301"),
	cdktest.Reports("list that is known at deployment", func(s awscdk.Stack) {
		list := awscdk.NewCfnParameter(s, jsii.String("To"), &awscdk.CfnParameterProps{Type: jsii.String("CommaDelimitedList")}).ValueAsList()
		cdktest.Send(s, sink.Email{From: "ops@example.com", To: []string{*(*list)[0]}})
	}, "E301"),
	cdktest.Reports("no recipients", func(s awscdk.Stack) { cdktest.Send(s, sink.Email{From: "ops@example.com"}) }, "E301"),
	cdktest.Reports("sender known at deployment", func(s awscdk.Stack) {
		from := awscdk.NewCfnParameter(s, jsii.String("From"), nil).ValueAsString()
		cdktest.Send(s, sink.Email{From: *from, To: []string{"team@example.com"}})
	}, "E302"),
	cdktest.Reports("sender known at deployment, with identity", func(s awscdk.Stack) {
		from := awscdk.NewCfnParameter(s, jsii.String("From"), nil).ValueAsString()
		cdktest.Send(s, sink.Email{From: *from, To: []string{"team@example.com"}, Identity: "example.com"})
	}),
	cdktest.Reports("too many recipients", func(s awscdk.Stack) {
		cdktest.Send(s, sink.Email{From: "ops@example.com", To: cdktest.Names(30, "a%d@example.com"), CC: cdktest.Names(21, "b%d@example.com")})
	}, "E303"),
	cdktest.Reports("no resources", func(s awscdk.Stack) {
		cdktest.Send(s, sink.Topic{}, sink.Queue{}, sink.AmazonQ{}, sink.Bus{}, sink.LogGroup{})
	}, "E304", "E304", "E304", "E304", "E304"),
	cdktest.Reports("FIFO", func(s awscdk.Stack) {
		topic := awssns.NewTopic(s, jsii.String("Topic"), &awssns.TopicProps{Fifo: jsii.Bool(true)})
		cdktest.Send(s, sink.Topic{Topic: topic}, sink.AmazonQ{Topic: topic},
			sink.Queue{Queue: awssqs.NewQueue(s, jsii.String("Queue"), &awssqs.QueueProps{Fifo: jsii.Bool(true)})})
	}, "E305", "E305", "E305"),
	cdktest.Reports("long input", func(s awscdk.Stack) {
		cdktest.Send(s, sink.Email{From: "ops@example.com", To: cdktest.Names(50, strings.Repeat("x", 200)+"%d@example.com")})
	}, "E306"),
	cdktest.Reports("no secrets", func(s awscdk.Stack) {
		cdktest.Send(s, sink.Slack{Channel: "ops"}, sink.SlackWebhook{}, sink.Teams{}, sink.PagerDuty{}, sink.NewRelic{EntityGUID: "g"}, sink.Datadog{},
			sink.Grafana{URL: "https://grafana.example.com"}, sink.SecretWebhook{URL: sink.FromSecretsManager(nil, "url")})
	}, slices.Repeat([]string{"E307"}, 8)...),
	cdktest.Reports("plain parameters", func(s awscdk.Stack) {
		cdktest.Send(s,
			sink.Teams{Webhook: sink.FromParameter(awsssm.StringParameter_FromStringParameterName(s, jsii.String("A"), jsii.String("a")), nil)},
			sink.Teams{Webhook: sink.FromParameter(awsssm.NewStringParameter(s, jsii.String("B"), &awsssm.StringParameterProps{StringValue: jsii.String("b")}), nil)})
	}, "E307", "E307"),
	cdktest.Reports("URLs", func(s awscdk.Stack) {
		for i, url := range []string{"grafana.example.com", "http://grafana.example.com", "https://grafana.example.com/api/", "https://:443", "https://me:pass@grafana.example.com", "https://grafana.example.com?orgId=1", "https://a b", "HTTPS://grafana.example.com", ""} {
			extraeye.NewEye(s, fmt.Sprintf("Eye%d", i), &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"},
				Sinks: []sink.Sink{sink.Grafana{URL: url, Token: cdktest.Secret(s, fmt.Sprint(i))}}})
		}
		cdktest.Send(s, sink.Webhook{}, sink.Webhook{URL: "http://example.com/hook"}, sink.Webhook{URL: "ftp://10.0.0.1/hook", AllowPrivate: true},
			sink.Webhook{URL: "https://169.254.169.254/latest"}, sink.Webhook{URL: "https://[::ffff:10.0.0.1]/"}, sink.Webhook{URL: "https://localhost"},
			sink.Webhook{URL: "https://hooks.slack.com/services/T0/B0/X"}, sink.Webhook{URL: "https://prod-1.westeurope.logic.azure.com/workflows/x"})
	}, slices.Repeat([]string{"E308"}, 17)...),
	cdktest.Reports("good URLs", func(s awscdk.Stack) {
		url := awscdk.NewCfnParameter(s, jsii.String("URL"), nil).ValueAsString()
		cdktest.Send(s, sink.Webhook{URL: "http://10.0.0.1:8080/hook", AllowPrivate: true}, sink.Webhook{URL: "https://example.com/hook"}, sink.Webhook{URL: *url},
			sink.Grafana{URL: "https://grafana.example.com/g/", Token: cdktest.Parameter(s, "a")})
	}),
	cdktest.Reports("what excludes or needs another", func(s awscdk.Stack) {
		a := cdktest.Secret(s, "a")
		cdktest.Send(s,
			sink.NewRelic{APIKey: a, EntityGUID: "g", EntitySearch: "name = 'a'"}, sink.NewRelic{APIKey: a},
			sink.Slack{Token: a, Channel: "ops", MentionFrom: watch.SeverityInfo}, sink.SlackWebhook{Webhook: a, MentionFrom: watch.SeverityWarning},
			sink.Grafana{URL: "https://grafana.example.com", Token: a, PanelID: 7})
	}, slices.Repeat([]string{"E309"}, 5)...),
	cdktest.Reports("settings", func(s awscdk.Stack) {
		a := cdktest.Secret(s, "a")
		bus := awsevents.EventBus_FromEventBusName(s, jsii.String("Default"), jsii.String("default"))
		cdktest.Send(s,
			sink.Slack{Token: a, Channel: " ops"}, sink.Slack{Token: a}, sink.Slack{Token: a, Channel: "# ops"}, sink.Slack{Token: a, Channel: "https://acme.slack.com/archives/C0123456789"}, sink.SlackWebhook{Webhook: a, Mention: "@somebody"}, sink.SlackWebhook{Webhook: a, Mention: "<!here>, <!channel>"},
			sink.NewRelic{APIKey: a, EntityGUID: "g\n"}, sink.NewRelic{APIKey: a, EntityGUID: "g h"}, sink.NewRelic{APIKey: a, EntitySearch: "s "}, sink.Bus{Bus: bus},
			sink.Datadog{APIKey: a, Site: "EU1"}, sink.Datadog{APIKey: a, Site: "app.datadoghq.com"}, sink.Datadog{APIKey: a, Site: "https://datadoghq.eu"},
			sink.Grafana{URL: "https://grafana.example.com", Token: a, DashboardUID: "d", PanelID: -1})
	}, slices.Repeat([]string{"E310"}, 14)...),
	cdktest.Reports("grouped sinks", func(s awscdk.Stack) {
		queue := cdktest.Queue(s)
		cdktest.Send(s, sink.Grouped{}, sink.Grouped{Sink: queue}, sink.Grouped{Sink: sink.Grouped{Sink: cdktest.Mail}}, sink.Grouped{Sink: sink.Email{From: "ops"}},
			sink.Grouped{Sink: cdktest.Mail, Wait: -time.Second}, sink.Grouped{Sink: cdktest.Mail, Wait: 301 * time.Second},
			sink.Grouped{Sink: cdktest.Mail, Wait: 1500 * time.Millisecond}, sink.Grouped{Sink: cdktest.Mail, Over: -1}, sink.Grouped{Sink: cdktest.Mail, Over: 101})
	}, "E301", "E301", "E304", "E310", "E310", "E310", "E310", "E310", "E310", "E310"),
	cdktest.Reports("the same sink grouped", func(s awscdk.Stack) {
		cdktest.Send(s, sink.Grouped{Sink: cdktest.Mail}, cdktest.Mail)
	}, "E104"),
	cdktest.Reports("smallest and largest groups", func(s awscdk.Stack) {
		cdktest.Send(s, sink.Grouped{Sink: cdktest.Mail, Wait: time.Second, Over: 1},
			sink.Grouped{Sink: sink.Teams{Webhook: cdktest.Secret(s, "a")}, Wait: 5 * time.Minute, Over: 100})
	}),
	cdktest.Reports("channels", func(s awscdk.Stack) {
		a := cdktest.Secret(s, "a")
		token := *awscdk.NewCfnParameter(s, jsii.String("Channel"), nil).ValueAsString()
		cdktest.Send(s, sink.Slack{Token: a, Channel: "#ops"}, sink.Slack{Token: a, Channel: "ops-2_b"}, sink.Slack{Token: a, Channel: "C0123456789"}, sink.Slack{Token: a, Channel: "#équipe-運用"}, sink.Slack{Token: a, Channel: token})
	}),
	cdktest.Reports("resources elsewhere", func(s awscdk.Stack) {
		there := awscdk.NewStack(awscdk.App_Of(s), jsii.String("there"), &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("eu-west-1")}})
		bus := awsevents.EventBus_FromEventBusArn(there, jsii.String("Default"), jsii.String("arn:aws:events:eu-west-1:111122223333:event-bus/default"))
		logs := awslogs.LogGroup_FromLogGroupArn(there, jsii.String("Logs"), jsii.String("arn:aws:logs:us-east-1:999999999999:log-group:/x:*"))
		queue := awssqs.NewQueue(there, jsii.String("Queue"), &awssqs.QueueProps{Encryption: awssqs.QueueEncryption_KMS_MANAGED})
		elsewhere := func(id, arn string) sink.Sink {
			return sink.Queue{Queue: awssqs.Queue_FromQueueArn(there, jsii.String(id), jsii.String(arn))}
		}
		extraeye.NewEye(there, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}, Sinks: []sink.Sink{
			sink.Bus{Bus: bus}, sink.LogGroup{LogGroup: logs}, sink.Queue{Queue: queue},
			elsewhere("OtherRegion", "arn:aws:sqs:us-east-1:111122223333:queue"), elsewhere("OtherAccount", "arn:aws:sqs:eu-west-1:999999999999:queue"),
			elsewhere("Here", "arn:aws:sqs:eu-west-1:111122223333:queue"),
		}})
		cdktest.Copy(s, there)
	}, "E310", "E310", "E311", "E311", "E311"),
	cdktest.Reports("identities", func(s awscdk.Stack) {
		there := awscdk.NewStack(awscdk.App_Of(s), jsii.String("there"), &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("eu-west-1")}})
		us := awscdk.NewStack(awscdk.App_Of(s), jsii.String("us"), &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("us-east-1")}})
		elsewhere := awsses.EmailIdentity_FromEmailIdentityName(us, jsii.String("Elsewhere"), jsii.String("example.com"))
		here := awsses.EmailIdentity_FromEmailIdentityName(there, jsii.String("Here"), jsii.String("example.com"))
		for i, identity := range []string{
			"arn:aws:ses:us-east-1:111122223333:identity/example.com", *elsewhere.EmailIdentityArn(),
			"arn:aws:ses:eu-west-1:111122223333:configuration-set/a", "arn:aws:sns:eu-west-1:111122223333:identity/example.com", "arn:aws:ses:eu-west-1:111122223333:identity/", "arn:aws:ses:example.com",
			"arn:aws:ses:eu-west-1:111122223333:identity/example.com", "arn:aws:ses:eu-west-1:999999999999:identity/example.com", *here.EmailIdentityArn(), *awscdk.Fn_GetAtt(jsii.String("Identity"), jsii.String("Arn")).ToString(), *awscdk.Fn_ImportValue(jsii.String("name")), // which can work
		} {
			extraeye.NewEye(there, fmt.Sprint("Eye", i), &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}, Sinks: []sink.Sink{sink.Email{From: "ops@example.com", To: []string{"team@example.com"}, Identity: identity}}})
		}
		cdktest.Copy(s, there)
	}, "E302", "E302", "E302", "E302", "E311", "E311"),
	cdktest.Reports("identities of other senders", func(s awscdk.Stack) {
		for i, tt := range []struct{ from, identity string }{
			{"ops@example.com", "example.org"}, {"ops@example.com", "team@example.com"}, {"ops@example.com", "ample.com"},
			{"ops@example.com", "arn:aws:ses:eu-west-1:111122223333:identity/example.org"},
			{"Ops <ops@mail.example.com>", "Example.com"}, {"ops@example.com", "ops@example.com"}, // which can work
		} {
			extraeye.NewEye(s, fmt.Sprint("Eye", i), &extraeye.EyeProps{AutoScalingGroupNames: []string{fmt.Sprint("g", i)}, Sinks: []sink.Sink{sink.Email{From: tt.from, To: []string{"team@example.com"}, Identity: tt.identity}}})
		}
	}, slices.Repeat([]string{"E302"}, 4)...),
	cdktest.Reports("value of a secret", func(s awscdk.Stack) {
		url := "https://example.com/" + *awscdk.SecretValue_SecretsManager(jsii.String("hook"), nil).UnsafeUnwrap()
		cdktest.Send(s, sink.Webhook{URL: url})
	}, "E307"),
	cdktest.Reports("names in ARNs", func(s awscdk.Stack) {
		cdktest.Send(s, sink.Email{From: "ops@example.com", To: []string{"team@example.com"}, Identity: "*", ConfigurationSet: "a b"},
			sink.Email{From: "ops@example.com", To: []string{"team@example.com"}, ConfigurationSet: "arn:aws:ses:eu-west-1:111122223333:configuration-set/a"})
	}, "E310", "E310", "E310"),
	cdktest.Reports("mentions", func(s awscdk.Stack) {
		a := cdktest.Secret(s, "a")
		cdktest.Send(s, sink.SlackWebhook{Webhook: a, Mention: "<!channel>"}, sink.SlackWebhook{Webhook: a, Mention: "<@U0123> <!subteam^S0123>", MentionFrom: watch.SeverityInfo})
	}),
	cdktest.Reports("severity and tags", func(s awscdk.Stack) {
		a := cdktest.Secret(s, "a")
		cdktest.Send(s, sink.SlackWebhook{Webhook: a, Mention: "<!here>", MentionFrom: "high"},
			sink.Datadog{APIKey: a, Tags: []string{"", strings.Repeat("x", 201), "a", "a"}},
			sink.Grafana{URL: "https://grafana.example.com", Token: a, Tags: []string{"a\nb"}})
	}, "E202", "E202", "E202", "E203", "E205"),
}

func TestMistakes(t *testing.T) { cdktest.Mistakes(t, mistakes) }

func TestEveryCodeIsReported(t *testing.T) { cdktest.EveryCode(t, "E3", mistakes) }
