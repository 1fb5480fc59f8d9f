package extraeye_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

// allSinks are one of every sink, with every prop that does not exclude another,
// and what the notifier is told of each that it sends to.
func allSinks(s awscdk.Stack) ([]sink.Sink, []wire.Sink) {
	arn := func(name string) string {
		return "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:" + name
	}
	const topicARN, queueARN = "arn:aws:sns:eu-west-1:210987654321:topic", "arn:aws:sqs:eu-west-1:210987654321:queue"
	topic := awssns.Topic_FromTopicArn(s, jsii.String("Topic"), jsii.String(topicARN))
	slack := named(s, "slack")
	slack.Field = "token"
	sinks := []sink.Sink{
		mail,
		sink.Topic{Topic: topic},
		sink.Slack{Token: slack, Channel: "C0123456789", Mention: "<!here> <!subteam^S0123456789>", MentionFrom: sink.Critical},
		sink.Teams{Webhook: parameter(s, "teams")},
		sink.PagerDuty{RoutingKey: named(s, "pagerduty"), Changes: true, EU: true},
		sink.NewRelic{APIKey: named(s, "newrelic"), EntitySearch: "name = 'some-service'", EU: true},
		sink.Datadog{APIKey: named(s, "datadog"), Site: "us5.datadoghq.com", Tags: []string{"team:web"}},
		sink.Grafana{URL: "https://grafana.example.com/g", Token: parameter(s, "grafana"), DashboardUID: "abc", PanelID: 7, Tags: []string{"web"}},
		sink.Webhook{SecretURL: named(s, "hook"), SigningKey: parameter(s, "signing"), AllowPrivate: true},
		sink.AmazonQ{Topic: topic},
		sink.Queue{Queue: awssqs.Queue_FromQueueArn(s, jsii.String("Queue"), jsii.String(queueARN))},
		sink.Bus{Bus: awsevents.NewEventBus(s, jsii.String("Bus"), nil)},
		sink.LogGroup{LogGroup: awslogs.NewLogGroup(s, jsii.String("LogGroup"), nil)},
	}
	return sinks, []wire.Sink{
		{Email: &wire.Email{From: "ops@example.com", To: []string{"team@example.com"}}},
		{Topic: &wire.Topic{ARN: topicARN}},
		{Slack: &wire.Slack{Token: &wire.Secret{ARN: arn("slack"), Field: "token"}, Channel: "C0123456789", Mention: "<!here> <!subteam^S0123456789>", MentionFrom: wire.Critical}},
		{Teams: &wire.Teams{Webhook: wire.Secret{Parameter: "/some-service/teams"}}},
		{PagerDuty: &wire.PagerDuty{RoutingKey: wire.Secret{ARN: arn("pagerduty")}, Changes: true, EU: true}},
		{NewRelic: &wire.NewRelic{APIKey: wire.Secret{ARN: arn("newrelic")}, EntitySearch: "name = 'some-service'", EU: true}},
		{Datadog: &wire.Datadog{APIKey: wire.Secret{ARN: arn("datadog")}, Site: "us5.datadoghq.com", Tags: []string{"team:web"}}},
		{Grafana: &wire.Grafana{URL: "https://grafana.example.com/g", Token: wire.Secret{Parameter: "/some-service/grafana"}, DashboardUID: "abc", PanelID: 7, Tags: []string{"web"}}},
		{Webhook: &wire.Webhook{SecretURL: &wire.Secret{ARN: arn("hook")}, SigningKey: &wire.Secret{Parameter: "/some-service/signing"}, AllowPrivate: true}},
		{AmazonQ: &wire.AmazonQ{TopicARN: topicARN}},
	}
}

// told returns what the rules of a stack tell the notifier of its sinks.
func told(t *testing.T, template map[string]any) []wire.Sink {
	t.Helper()
	var all []wire.Sink
	rules := resources(t, template, "AWS::Events::Rule")
	slices.SortFunc(rules, func(a, b resource) int { return strings.Compare(a.ID, b.ID) })
	for _, r := range rules {
		for _, target := range r.Properties["Targets"].([]any) {
			transformer, ok := target.(map[string]any)["InputTransformer"].(map[string]any)
			if !ok {
				continue
			}
			var delivery wire.Delivery
			input := strings.Replace(flat(transformer["InputTemplate"]), "<aws.events.event.json>", "{}", 1)
			if err := json.Unmarshal([]byte(input), &delivery); err != nil {
				t.Fatalf("%v: %s", err, input)
			}
			all = append(all, delivery.Sink)
		}
	}
	return all
}

// flat writes a value of a template as Fn::Sub would have it.
func flat(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		if ref, ok := v["Ref"].(string); ok {
			return "${" + ref + "}"
		}
		if get, ok := v["Fn::GetAtt"].([]any); ok {
			return fmt.Sprintf("${%s.%s}", get...)
		}
		if join, ok := v["Fn::Join"].([]any); ok {
			var parts []string
			for _, part := range join[1].([]any) {
				parts = append(parts, flat(part))
			}
			return strings.Join(parts, join[0].(string))
		}
		if choose, ok := v["Fn::Select"].([]any); ok {
			split := choose[1].(map[string]any)["Fn::Split"].([]any)
			parts := strings.Split(flat(split[1]), split[0].(string))
			if at, _ := strconv.Atoi(flat(choose[0])); at < len(parts) {
				return parts[at]
			}
			return fmt.Sprintf("${part %s of %s}", flat(choose[0]), flat(split[1]))
		}
	}
	return fmt.Sprint(v)
}

func eyeOnDeployments(s awscdk.Stack, sinks ...sink.Sink) {
	extraeye.NewEye(s, "Eye", &extraeye.EyeProps{Service: "some-service", CodeDeployApplications: []string{"some-service"}, Sinks: sinks})
}

func TestGoldenSinks(t *testing.T) {
	stack := newStack(t)
	sinks, want := allSinks(stack)
	eyeOnDeployments(stack, sinks...)
	if codes, texts := reported(stack); len(codes) > 0 {
		t.Fatal(texts)
	}
	all := template(t, stack)
	got := told(t, all)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the notifier is told\n%s\nwant\n%s", encode(t, got), encode(t, want))
	}
	goldenTemplate(t, "testdata/sinks.template.json", all)

	// A reference to the secret's value would be resolved in the template.
	if text := encode(t, all); strings.Contains(text, "{{resolve:") {
		t.Error("a secret is in the template")
	}
	// Every sink of the contract is among them.
	for _, f := range reflect.VisibleFields(reflect.TypeFor[wire.Sink]()) {
		if !slices.ContainsFunc(got, func(s wire.Sink) bool { return !reflect.ValueOf(s).FieldByIndex(f.Index).IsNil() }) {
			t.Errorf("no sink here is bound to wire.Sink.%s", f.Name)
		}
	}
}

func encode(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestDefaultsOfSinks checks what the notifier is told when a prop is left out.
func TestDefaultsOfSinks(t *testing.T) {
	stack := newStack(t)
	eyeOnDeployments(stack,
		sink.Slack{Webhook: parameter(stack, "a"), Mention: "<!here>"},
		sink.Datadog{APIKey: parameter(stack, "b")})
	got := told(t, template(t, stack))
	if len(got) != 2 || got[0].Slack.MentionFrom != wire.Error || got[1].Datadog.Site != "datadoghq.com" {
		t.Errorf("the notifier is told %s", encode(t, got))
	}
}

// TestSinksThatDifferInTheirResource checks that two sinks are not taken for one
// because their constructs look alike from Go.
func TestSinksThatDifferInTheirResource(t *testing.T) {
	stack := newStack(t)
	topic := func(id string) awssns.ITopic { return awssns.NewTopic(stack, jsii.String(id), nil) }
	queue := func(id string) awssqs.IQueue { return awssqs.NewQueue(stack, jsii.String(id), nil) }
	eyeOn(stack,
		sink.Topic{Topic: topic("A")}, sink.Topic{Topic: topic("B")},
		sink.Queue{Queue: queue("C")}, sink.Queue{Queue: queue("D")},
		sink.Teams{Webhook: named(stack, "e")}, sink.Teams{Webhook: named(stack, "f")})
	if codes, texts := reported(stack); len(codes) > 0 {
		t.Error(texts)
	}
}

// TestNativeSinks checks that rules which share a bus or a group share what lets
// them in.
func TestNativeSinks(t *testing.T) {
	stack := newStack(t)
	bus := sink.Bus{Bus: awsevents.EventBus_FromEventBusArn(stack, jsii.String("Bus"), jsii.String("arn:aws:events:eu-west-1:210987654321:event-bus/central"))}
	group := sink.LogGroup{LogGroup: awslogs.LogGroup_FromLogGroupName(stack, jsii.String("Group"), jsii.String("/aws/events/some-service"))}
	for _, id := range []string{"One", "Two"} {
		eye := extraeye.NewEye(stack, id, &extraeye.EyeProps{})
		eye.Watch(watch.Terminations{Groups: []string{"g"}}, bus, group)
		eye.Watch(watch.Deployments{Applications: []string{"a"}}, bus, group)
	}
	all := template(t, stack)

	var roles []string
	for _, r := range resources(t, all, "AWS::IAM::Role") {
		if r.Properties["Description"] == "extraeye: puts events on a bus" {
			roles = append(roles, "${"+r.ID+".Arn}")
		}
	}
	if len(roles) != 2 {
		t.Errorf("%d roles for the buses of two Eyes, want 2", len(roles))
	}
	groupARN := "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/events/some-service"
	for _, r := range resources(t, all, "AWS::Events::Rule") {
		targets := map[string]string{}
		for _, target := range r.Properties["Targets"].([]any) {
			target := target.(map[string]any)
			targets[flat(target["Arn"])] = flat(target["RoleArn"])
			if target["InputTransformer"] != nil {
				t.Errorf("%s: a native target gets something else than the event", r.ID)
			}
		}
		if role := targets["arn:aws:events:eu-west-1:210987654321:event-bus/central"]; !slices.Contains(roles, role) {
			t.Errorf("%s: the bus is reached as %q, want one of %q", r.ID, role, roles)
		}
		if role, ok := targets[groupARN]; !ok || role != "<nil>" {
			t.Errorf("%s: the targets are %v, want the group as %s without a role", r.ID, targets, groupARN)
		}
	}
	policies := resources(t, all, "AWS::Logs::ResourcePolicy")
	if len(policies) != 1 {
		t.Fatalf("%d resource policies for one group, want 1: an account has 10", len(policies))
	}
	var document struct {
		Statement []struct {
			Action, Resource string
			Condition        map[string]map[string]string
		}
	}
	if err := json.Unmarshal([]byte(flat(policies[0].Properties["PolicyDocument"])), &document); err != nil {
		t.Fatal(err)
	}
	if s := document.Statement; len(s) != 2 || s[0].Resource != groupARN+":*" || s[1].Resource != groupARN+":*" || s[0].Condition != nil ||
		s[1].Action != "logs:PutLogEvents" || s[1].Condition["ArnLike"]["aws:SourceArn"] != "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*" {
		t.Errorf("the resource policy says %+v", s)
	}
}
