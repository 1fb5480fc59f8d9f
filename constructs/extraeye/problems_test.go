package extraeye_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// problems are mistakes and the codes that they are reported with.
var problems = []struct {
	name   string
	define func(stack awscdk.Stack)
	codes  []string
}{
	{"nothing wrong", func(s awscdk.Stack) { service(s) }, nil},
	{"no sinks", func(s awscdk.Stack) {
		extraeye.NewEye(s, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}})
	}, []string{"E101"}},
	{"no watch", func(s awscdk.Stack) {
		extraeye.NewEye(s, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{mail}})
	}, []string{"E102"}},
	{"nil watch", func(s awscdk.Stack) {
		extraeye.NewEye(s, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{mail}}).Watch(nil)
	}, []string{"E102"}},
	{"watch comes later", func(s awscdk.Stack) {
		extraeye.NewEye(s, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{mail}}).Watch(watch.Terminations{Groups: []string{"g"}})
	}, nil},
	{"nil sink", func(s awscdk.Stack) { eyeOn(s, mail, nil) }, []string{"E103"}},
	{"same sink twice", func(s awscdk.Stack) { eyeOn(s, mail, mail) }, []string{"E104"}},
	{"same watch twice", func(s awscdk.Stack) {
		eye, queue := extraeye.NewEye(s, "Eye", &extraeye.EyeProps{}), rawQueue(s)
		for range 2 {
			eye.Watch(watch.Terminations{Groups: []string{"twice"}, Causes: watch.AllCauses}, queue, mail)
		}
	}, []string{"E105"}},
	{"same events for another sink, or by another cause", func(s awscdk.Stack) {
		eye := extraeye.NewEye(s, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{mail}})
		eye.Watch(watch.Terminations{Groups: []string{"twice"}})
		eye.Watch(watch.Terminations{Groups: []string{"twice"}, Causes: watch.AllCauses})
		eye.Watch(watch.Terminations{Groups: []string{"twice"}}, rawQueue(s))
	}, nil},
	{"no names", func(s awscdk.Stack) {
		extraeye.NewEye(s, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: []string{}, CodeDeployApplications: []string{}, Sinks: []sink.Sink{mail}})
	}, []string{"E201", "E201"}},
	{"empty names", func(s awscdk.Stack) {
		extraeye.NewEye(s, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: []string{"a", "", " "}, Sinks: []sink.Sink{mail}})
	}, []string{"E202", "E202"}},
	{"name with a blank", func(s awscdk.Stack) { watchOn(s, watch.Terminations{Groups: []string{"a "}}) }, []string{"E202"}},
	{"name with a line break", func(s awscdk.Stack) { watchOn(s, watch.Terminations{Groups: []string{"a\nb"}}) }, []string{"E202"}},
	{"long name", func(s awscdk.Stack) {
		watchOn(s, watch.Deployments{Applications: []string{strings.Repeat("a", 101)}})
	}, []string{"E202"}},
	{"duplicate names", func(s awscdk.Stack) {
		watchOn(s, watch.Deployments{Applications: []string{"a", "b", "a"}, Groups: []string{"g", "g"}})
	}, []string{"E203", "E203"}},
	{"list token", func(s awscdk.Stack) {
		list := awscdk.NewCfnParameter(s, jsii.String("Groups"), &awscdk.CfnParameterProps{Type: jsii.String("CommaDelimitedList")}).ValueAsList()
		watchOn(s, watch.Terminations{Groups: []string{*(*list)[0]}})
	}, []string{"E204"}},
	{"unknown choices", func(s awscdk.Stack) {
		watchOn(s, watch.Deployments{Applications: []string{"a"}, States: []watch.State{"FAILED"}, Creators: []watch.Creator{"me"}})
	}, []string{"E205", "E205"}},
	{"unknown cause", func(s awscdk.Stack) {
		watchOn(s, watch.Terminations{Groups: []string{"a"}, Causes: []watch.Cause{"elb"}})
	}, []string{"E205"}},
	{"bad addresses", func(s awscdk.Stack) {
		eyeOn(s, sink.Email{From: "ops", To: []string{"team@example.com", "a@example.com\r\nBcc: b@example.com"}, ReplyTo: []string{"@"}, Cc: []string{"ä@example.com"}})
	}, []string{"E301", "E301", "E301", "E301"}},
	{"no recipients", func(s awscdk.Stack) { eyeOn(s, sink.Email{From: "ops@example.com"}) }, []string{"E301"}},
	{"sender known at deployment", func(s awscdk.Stack) {
		from := awscdk.NewCfnParameter(s, jsii.String("From"), nil).ValueAsString()
		eyeOn(s, sink.Email{From: *from, To: []string{"team@example.com"}})
	}, []string{"E302"}},
	{"sender known at deployment, with identity", func(s awscdk.Stack) {
		from := awscdk.NewCfnParameter(s, jsii.String("From"), nil).ValueAsString()
		eyeOn(s, sink.Email{From: *from, To: []string{"team@example.com"}, Identity: "example.com"})
	}, nil},
	{"too many recipients", func(s awscdk.Stack) {
		eyeOn(s, sink.Email{From: "ops@example.com", To: names(30, "a%d@example.com"), Cc: names(21, "b%d@example.com")})
	}, []string{"E303"}},
	{"no resources", func(s awscdk.Stack) {
		eyeOn(s, sink.Topic{}, sink.Queue{}, sink.AmazonQ{}, sink.Bus{}, sink.LogGroup{})
	}, []string{"E304", "E304", "E304", "E304", "E304"}},
	{"FIFO", func(s awscdk.Stack) {
		topic := awssns.NewTopic(s, jsii.String("Topic"), &awssns.TopicProps{Fifo: jsii.Bool(true)})
		eyeOn(s, sink.Topic{Topic: topic}, sink.AmazonQ{Topic: topic},
			sink.Queue{Queue: awssqs.NewQueue(s, jsii.String("Queue"), &awssqs.QueueProps{Fifo: jsii.Bool(true)})})
	}, []string{"E305", "E305", "E305"}},
	{"long input", func(s awscdk.Stack) {
		eyeOn(s, sink.Email{From: "ops@example.com", To: names(50, strings.Repeat("x", 200)+"%d@example.com")})
	}, []string{"E306"}},
	{"no secrets", func(s awscdk.Stack) {
		eyeOnDeployments(s, sink.Slack{}, sink.Teams{}, sink.PagerDuty{}, sink.NewRelic{EntityGUID: "g"}, sink.Datadog{},
			sink.Grafana{URL: "https://grafana.example.com"}, sink.Webhook{SecretURL: sink.Secret{Field: "url"}})
	}, []string{"E307", "E307", "E307", "E307", "E307", "E307", "E307"}},
	{"secrets in two places", func(s awscdk.Stack) {
		both := named(s, "a")
		both.Parameter = parameter(s, "a").Parameter
		field := parameter(s, "b")
		field.Field = "token"
		eyeOn(s, sink.Teams{Webhook: both}, sink.Slack{Token: field, Channel: "ops"})
	}, []string{"E307", "E307"}},
	{"plain parameters", func(s awscdk.Stack) {
		eyeOn(s,
			sink.Teams{Webhook: sink.Secret{Parameter: awsssm.StringParameter_FromStringParameterName(s, jsii.String("A"), jsii.String("a"))}},
			sink.Teams{Webhook: sink.Secret{Parameter: awsssm.NewStringParameter(s, jsii.String("B"), &awsssm.StringParameterProps{StringValue: jsii.String("b")})}})
	}, []string{"E307", "E307"}},
	{"URLs", func(s awscdk.Stack) {
		for i, url := range []string{"grafana.example.com", "http://grafana.example.com", "https://grafana.example.com/api/", "https://:443", "https://me:pass@grafana.example.com", "https://grafana.example.com?orgId=1", "https://a b", "HTTPS://grafana.example.com", ""} {
			extraeye.NewEye(s, fmt.Sprintf("Eye%d", i), &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"},
				Sinks: []sink.Sink{sink.Grafana{URL: url, Token: named(s, fmt.Sprint(i))}}})
		}
		eyeOn(s, sink.Webhook{URL: "http://example.com/hook"}, sink.Webhook{URL: "ftp://10.0.0.1/hook", AllowPrivate: true},
			sink.Webhook{URL: "https://169.254.169.254/latest"}, sink.Webhook{URL: "https://[::ffff:10.0.0.1]/"}, sink.Webhook{URL: "https://localhost"},
			sink.Webhook{URL: "https://hooks.slack.com/services/T0/B0/X"}, sink.Webhook{URL: "https://prod-1.westeurope.logic.azure.com/workflows/x"})
	}, slices.Repeat([]string{"E308"}, 16)},
	{"good URLs", func(s awscdk.Stack) {
		url := awscdk.NewCfnParameter(s, jsii.String("URL"), nil).ValueAsString()
		eyeOn(s, sink.Webhook{URL: "http://10.0.0.1:8080/hook", AllowPrivate: true}, sink.Webhook{URL: "https://example.com/hook"}, sink.Webhook{URL: *url},
			sink.Grafana{URL: "https://grafana.example.com/g/", Token: parameter(s, "a")})
	}, nil},
	{"what excludes another", func(s awscdk.Stack) {
		a, b := named(s, "a"), named(s, "b")
		eyeOnDeployments(s,
			sink.Slack{Token: a, Channel: "ops", Webhook: b}, sink.Slack{Webhook: b, Channel: "ops"},
			sink.NewRelic{APIKey: a, EntityGUID: "g", EntitySearch: "name = 'a'"},
			sink.Webhook{URL: "https://example.com", SecretURL: a})
	}, []string{"E309", "E309", "E309", "E309"}},
	{"what needs another", func(s awscdk.Stack) {
		a := named(s, "a")
		eyeOnDeployments(s,
			sink.Slack{Token: a}, sink.Slack{Webhook: a, MentionFrom: sink.Warning},
			sink.NewRelic{APIKey: a}, sink.Webhook{SigningKey: a},
			sink.Grafana{URL: "https://grafana.example.com", Token: a, PanelID: 7})
	}, []string{"E309", "E309", "E309", "E309", "E309"}},
	{"settings", func(s awscdk.Stack) {
		a := named(s, "a")
		bus := awsevents.EventBus_FromEventBusName(s, jsii.String("Default"), jsii.String("default"))
		eyeOnDeployments(s,
			sink.Slack{Token: a, Channel: " ops"}, sink.Slack{Webhook: a, Mention: "@somebody"}, sink.Slack{Webhook: a, Mention: "<!here>, <!channel>"},
			sink.NewRelic{APIKey: a, EntityGUID: "g\n"}, sink.NewRelic{APIKey: a, EntitySearch: "s "}, sink.Bus{Bus: bus},
			sink.Datadog{APIKey: a, Site: "EU1"}, sink.Datadog{APIKey: a, Site: "app.datadoghq.com"}, sink.Datadog{APIKey: a, Site: "https://datadoghq.eu"},
			sink.Grafana{URL: "https://grafana.example.com", Token: a, DashboardUID: "d", PanelID: -1})
	}, slices.Repeat([]string{"E310"}, 10)},
	{"resources elsewhere", func(s awscdk.Stack) {
		there := awscdk.NewStack(awscdk.App_Of(s), jsii.String("there"), &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("eu-west-1")}})
		bus := awsevents.EventBus_FromEventBusArn(there, jsii.String("Default"), jsii.String("arn:aws:events:eu-west-1:111122223333:event-bus/default"))
		logs := awslogs.LogGroup_FromLogGroupArn(there, jsii.String("Logs"), jsii.String("arn:aws:logs:us-east-1:999999999999:log-group:/x:*"))
		queue := awssqs.NewQueue(there, jsii.String("Queue"), &awssqs.QueueProps{Encryption: awssqs.QueueEncryption_KMS_MANAGED})
		extraeye.NewEye(there, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}, Sinks: []sink.Sink{sink.Bus{Bus: bus}, sink.LogGroup{LogGroup: logs}, sink.Queue{Queue: queue}}})
		for _, err := range *assertions.Annotations_FromStack(there).FindError(jsii.String("*"), assertions.Match_AnyValue()) {
			//lint:ignore SA1019 the assertions return this type
			awscdk.Annotations_Of(s).AddError(jsii.String(err.Entry.Data.(string)))
		}
	}, []string{"E310", "E310", "E310"}},
	{"value of a secret", func(s awscdk.Stack) {
		url := "https://example.com/" + *awscdk.SecretValue_SecretsManager(jsii.String("hook"), nil).UnsafeUnwrap()
		eyeOn(s, sink.Webhook{URL: url})
	}, []string{"E307"}},
	{"names in ARNs", func(s awscdk.Stack) {
		eyeOn(s, sink.Email{From: "ops@example.com", To: []string{"team@example.com"}, Identity: "*", ConfigurationSet: "a b"})
	}, []string{"E310", "E310"}},
	{"wildcards", func(s awscdk.Stack) {
		watchOn(s, watch.Deployments{Applications: []string{"*"}, Groups: []string{"prod-?"}})
	}, []string{"E202", "E202"}},
	{"service", func(s awscdk.Stack) {
		for i, service := range []string{"  ", "a\nb", strings.Repeat("x", 129)} {
			extraeye.NewEye(s, fmt.Sprint("Eye", i), &extraeye.EyeProps{Service: service, AutoScalingGroupNames: []string{"g"}, Sinks: []sink.Sink{mail}})
		}
	}, []string{"E310", "E310", "E310"}},
	{"mentions", func(s awscdk.Stack) {
		a := named(s, "a")
		eyeOn(s, sink.Slack{Webhook: a, Mention: "<!channel>"}, sink.Slack{Webhook: a, Mention: "<@U0123> <!subteam^S0123>", MentionFrom: sink.Info})
	}, nil},
	{"severity and tags", func(s awscdk.Stack) {
		a := named(s, "a")
		eyeOn(s, sink.Slack{Webhook: a, Mention: "<!here>", MentionFrom: "high"},
			sink.Datadog{APIKey: a, Tags: []string{"", strings.Repeat("x", 201), "a", "a"}},
			sink.Grafana{URL: "https://grafana.example.com", Token: a, Tags: []string{"a\nb"}})
	}, []string{"E202", "E202", "E202", "E203", "E205"}},
	{"names of every watch", func(s awscdk.Stack) {
		for _, w := range []watch.Watch{
			watch.Launches{}, watch.Terminations{}, watch.InstanceRefreshes{}, watch.Lifecycle{}, watch.Instances{},
			watch.Deployments{}, watch.DeploymentInstances{}, watch.ECSTasks{}, watch.ECSDeployments{}, watch.ECSServices{}, watch.Alarms{},
		} {
			watchOnNext(s, w)
		}
	}, slices.Repeat([]string{"E201"}, 11)},
	{"lists that are empty by mistake", func(s awscdk.Stack) {
		none, names := []string{}, []string{"a"}
		for _, w := range []watch.Watch{
			watch.SpotInterruptions{Groups: none}, watch.Health{Services: none},
			watch.Alarms{Names: none}, watch.Alarms{Names: names, Prefixes: none},
			watch.Deployments{Applications: names, Groups: none}, watch.DeploymentInstances{Applications: names, Groups: none},
			watch.ECSTasks{Clusters: names, Services: none}, watch.ECSDeployments{Clusters: names, Services: none}, watch.ECSServices{Clusters: names, Services: none},
		} {
			watchOnNext(s, w)
		}
	}, slices.Repeat([]string{"E201"}, 9)},
	{"choices of every watch", func(s awscdk.Stack) {
		a := []string{"a"}
		for _, w := range []watch.Watch{
			watch.InstanceRefreshes{Groups: a, States: []watch.RefreshState{"Done"}},
			watch.Instances{InstanceIDs: []string{"i-1"}, States: []watch.InstanceState{"RUNNING"}},
			watch.ECSTasks{Clusters: a, Reasons: []watch.StopReason{"oom"}},
			watch.ECSDeployments{Clusters: a, States: []watch.ECSState{"FAILED"}},
			watch.DeploymentInstances{Applications: a, States: []watch.State{"FAILED"}},
			watch.Alarms{Names: a, States: []watch.AlarmState{"alarm"}},
			watch.Health{Categories: []watch.HealthCategory{"abuse"}},
			watch.Pattern{Pattern: events(nil), Title: "t", Severity: "high"},
		} {
			watchOnNext(s, w)
		}
	}, slices.Repeat([]string{"E205"}, 8)},
	{"names that are none", func(s awscdk.Stack) {
		cluster := awsecs.NewCluster(s, jsii.String("Cluster"), &awsecs.ClusterProps{Vpc: awsec2.Vpc_FromVpcAttributes(s, jsii.String("VPC"), &awsec2.VpcAttributes{VpcId: jsii.String("vpc-1"), AvailabilityZones: jsii.Strings("eu-west-1a")})})
		for _, w := range []watch.Watch{
			watch.Instances{InstanceIDs: []string{"web-1"}},
			watch.ECSTasks{Clusters: []string{"a"}, Services: []string{"arn:aws:ecs:eu-west-1:210987654321:service/a/b"}},
			watch.ECSServices{Clusters: []string{"a"}, Services: []string{*cluster.ClusterArn()}},
			watch.ECSServices{Clusters: []string{"a"}, Services: []string{"a/b"}},
			watch.ECSDeployments{Clusters: []string{"a/b"}},
			watch.ECSDeployments{Clusters: []string{"arn:aws:ecs:eu-west-1:210987654321:service/a/b"}},
			watch.Terminations{Groups: []string{"arn:aws:autoscaling:eu-west-1:210987654321:autoScalingGroup:1:autoScalingGroupName/a"}},
			watch.Alarms{Names: []string{"arn:aws:cloudwatch:eu-west-1:210987654321:alarm:a"}},
		} {
			watchOnNext(s, w)
		}
		// These are some: two clusters of one name.
		watchOnNext(s, watch.ECSTasks{Clusters: []string{*cluster.ClusterArn(), "a", "arn:aws:ecs:eu-west-1:210987654321:cluster/a"}})
	}, slices.Repeat([]string{"E202"}, 8)},
	{"alarms told twice", func(s awscdk.Stack) {
		watchOnNext(s, watch.Alarms{Names: []string{"web-cpu", "db"}, Prefixes: []string{"web-", "web-a"}})
		watchOnNext(s, watch.Alarms{Names: []string{"web-cpu", "db"}, Prefixes: []string{"api-"}})
	}, []string{"E203", "E203"}},
	{"waits", func(s awscdk.Stack) {
		for _, after := range []time.Duration{-time.Second, time.Millisecond, 90*time.Second + 1, 48*time.Hour + time.Second} {
			watchOnNext(s, watch.Lifecycle{Groups: []string{"g"}, After: after})
		}
		watchOnNext(s, watch.Lifecycle{Groups: []string{"g"}, After: 48 * time.Hour})
	}, slices.Repeat([]string{"E310"}, 4)},
	{"patterns", func(s awscdk.Stack) {
		for _, p := range []*awsevents.EventPattern{
			nil, {}, {DetailType: jsii.Strings("Scheduled Event")}, {Source: &[]*string{}},
			events(map[string]any{}), events(map[string]any{"state": "FAILED"}), events(map[string]any{"a": map[string]any{"b": []string{}}}),
		} {
			watchOnNext(s, watch.Pattern{Pattern: p, Title: "t"})
		}
		watchOnNext(s, watch.Pattern{Pattern: events(map[string]any{"name": names(300, "some-name-%d")}), Title: "t"})
	}, []string{"E206", "E207", "E207", "E207", "E207", "E207", "E207", "E207"}},
	{"paths", func(s awscdk.Stack) {
		watchOn(s, watch.Pattern{Pattern: events(nil), Title: "{$.detail.} failed", Facts: []watch.Fact{
			{Label: "A"}, {Label: "B", Path: "$.resources[x]"}, {Label: "C", Path: "$.resources[0]"}, {Label: "D", Path: "$.detail['a b']"},
		}})
	}, []string{"E208", "E208", "E208"}},
	{"words", func(s awscdk.Stack) {
		watchOnNext(s, watch.Pattern{Pattern: events(nil), Facts: []watch.Fact{{Path: "$.id"}, {Label: "a\nb", Path: "$.id"}, {Label: strings.Repeat("a", 65), Path: "$.id"}}})
		watchOnNext(s, watch.Pattern{Pattern: events(nil), Title: "a\nb", Facts: slices.Repeat([]watch.Fact{{Label: "a", Path: "$.id"}}, 21)})
	}, slices.Repeat([]string{"E310"}, 6)},
	{"notifier props", func(s awscdk.Stack) {
		extraeye.NewNotifier(s, "Notifier", &extraeye.NotifierProps{Memory: 64, Timeout: time.Second})
	}, []string{"E401", "E401"}},
	{"too many rules", func(s awscdk.Stack) {
		for _, id := range names(46, "Eye%d") {
			extraeye.NewEye(s, id, &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}, Sinks: []sink.Sink{mail}})
		}
	}, []string{"E403"}},
	{"too much allowed", func(s awscdk.Stack) {
		for _, id := range names(40, "Eye%d") {
			extraeye.NewEye(s, id, &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}, Sinks: []sink.Sink{sink.Email{From: id + "@example.com", To: []string{"team@example.com"}}}})
		}
	}, []string{"E404"}},
	{"all at once", func(s awscdk.Stack) {
		extraeye.NewEye(s, "Eye", &extraeye.EyeProps{
			AutoScalingGroupNames: []string{""}, CodeDeployApplications: []string{"a", "a"},
			Sinks: []sink.Sink{sink.Email{From: "ops", To: []string{"team"}}},
		})
	}, []string{"E202", "E203", "E301", "E301"}},
}

func eyeOn(s awscdk.Stack, sinks ...sink.Sink) {
	extraeye.NewEye(s, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}, Sinks: sinks})
}

func watchOn(s awscdk.Stack, w watch.Watch) {
	extraeye.NewEye(s, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{mail}}).Watch(w)
}

// watchOnNext is watchOn for a stack that may have an Eye.
func watchOnNext(s awscdk.Stack, w watch.Watch) {
	id := fmt.Sprint("Eye", len(*s.Node().Children()))
	extraeye.NewEye(s, id, &extraeye.EyeProps{Sinks: []sink.Sink{mail}}).Watch(w)
}

// events is a pattern of a team's own events.
func events(detail map[string]any) *awsevents.EventPattern {
	p := &awsevents.EventPattern{Source: jsii.Strings("some.service")}
	if detail != nil {
		p.Detail = &detail
	}
	return p
}

func TestProblems(t *testing.T) {
	for _, tt := range problems {
		t.Run(tt.name, func(t *testing.T) {
			stack := newStack(t)
			tt.define(stack)
			codes, texts := reported(stack)
			slices.Sort(codes)
			if !slices.Equal(codes, tt.codes) {
				t.Errorf("reported %q, want %q:\n%s", codes, tt.codes, strings.Join(texts, "\n"))
			}
			for _, text := range texts {
				if strings.Contains(text, "%!") || strings.Contains(text, "Severity[") || strings.Contains(text, "pass@") || strings.ContainsAny(text, "\n\r") {
					t.Errorf("the message is garbled: %q", text)
				}
			}
		})
	}
}

// TestEveryProblemIsReportable walks the codes: each has a mistake above and an
// anchor in the docs.
func TestEveryProblemIsReportable(t *testing.T) {
	docs, err := os.ReadFile("../../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := map[binding.Code]string{
		binding.PatternTooLong: "TestPatternTooLong",
		binding.NotCompiled:    "TestNotCompiled",
	}
	for _, code := range binding.Codes() {
		if !strings.Contains(string(docs), "\n## "+string(code)+"\n") {
			t.Errorf("docs/errors.md does not explain %s", code)
		}
		made := elsewhere[code] != ""
		for _, tt := range problems {
			made = made || slices.Contains(tt.codes, string(code))
		}
		if !made {
			t.Errorf("no test makes the mistake of %s", code)
		}
	}
}

// TestOtherStacksSynthesize checks that one team's mistake is one team's.
func TestOtherStacksSynthesize(t *testing.T) {
	app := newApp(t, nil)
	wrong := awscdk.NewStack(app, jsii.String("wrong"), nil)
	right := awscdk.NewStack(app, jsii.String("right"), nil)
	eyeOn(wrong, nil)
	service(right)
	if n := len(resources(t, template(t, right), "AWS::Events::Rule")); n != 2 {
		t.Errorf("the stack beside has %d rules, want 2", n)
	}
	if codes, _ := reported(wrong); len(codes) != 1 {
		t.Errorf("reported %q, want one mistake", codes)
	}
	if codes, _ := reported(right); len(codes) != 0 {
		t.Errorf("the stack beside reports %q", codes)
	}
}

func TestNilPanics(t *testing.T) {
	for name, define := range map[string]func(){
		"nil scope":          func() { extraeye.NewEye(nil, "Eye", &extraeye.EyeProps{}) },
		"nil props":          func() { extraeye.NewEye(newStack(t), "Eye", nil) },
		"nil notifier scope": func() { extraeye.NewNotifier(nil, "Notifier", nil) },
	} {
		func() {
			defer func() {
				if r := recover(); r == nil {
					t.Errorf("%s does not panic", name)
				}
			}()
			define()
		}()
	}
}

// TestPropsAreNotWritten checks that the caller may use its slices again.
func TestPropsAreNotWritten(t *testing.T) {
	sinks := make([]sink.Sink, 1, 4)
	sinks[0] = mail
	props := &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}, Sinks: sinks}
	extraeye.NewEye(newStack(t), "Eye", props)
	if props.Service != "" || props.Notifier != nil || len(props.Sinks) != 1 {
		t.Errorf("the props were written to: %+v", props)
	}
	notifier := &extraeye.NotifierProps{}
	extraeye.NewNotifier(newStack(t), "Notifier", notifier)
	if *notifier != (extraeye.NotifierProps{}) {
		t.Errorf("the props were written to: %+v", notifier)
	}
}

// TestPatternTooLong binds a watch of the library's own whose values no pattern
// can hold.
func TestPatternTooLong(t *testing.T) {
	stack := newStack(t)
	watchOn(stack, long{})
	if codes, texts := reported(stack); !slices.Equal(codes, []string{"E206"}) {
		t.Errorf("reported %q: %q", codes, texts)
	}
}

type long struct{}

func (long) Bind(constructs.Construct) binding.Watch {
	return binding.Watch{Name: "Long", Source: "s", DetailTypes: []string{"d"}, Fields: []binding.Field{
		{Path: "detail.k", Values: binding.Choices([]string{"short", strings.Repeat("x", 2048)})},
	}}
}
