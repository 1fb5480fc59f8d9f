package cdktest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

// Mail is a sink like any other.
var Mail = sink.Email{From: "ops@example.com", To: []string{"team@example.com"}}

// Queue is a sink that rules deliver to without the notifier.
func Queue(stack awscdk.Stack) sink.Sink {
	return sink.Queue{Queue: awssqs.NewQueue(stack, jsii.String("Queue"), nil)}
}

// Secret is a secret that was made elsewhere.
func Secret(s awscdk.Stack, name string) sink.Secret {
	return sink.FromSecretsManager(awssecretsmanager.Secret_FromSecretNameV2(s, jsii.String("Secret-"+name), jsii.String(name)), "")
}

// Parameter is a SecureString that was made elsewhere.
func Parameter(s awscdk.Stack, name string) sink.Secret {
	return sink.FromParameter(SecureString(s, name), nil)
}

// SecureString is the parameter of Parameter.
func SecureString(s awscdk.Stack, name string) awsssm.IParameter {
	return awsssm.StringParameter_FromSecureStringParameterAttributes(s, jsii.String("Parameter-"+name),
		&awsssm.SecureStringParameterAttributes{ParameterName: jsii.String("/some-service/" + name)})
}

// Service is an Eye with all defaults.
func Service(stack awscdk.Stack) *extraeye.Eye {
	return extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
		AutoScalingGroupNames:  []string{"some-service-production", "some-service-canary"},
		CodeDeployApplications: []string{"some-service"},
		Sinks:                  []sink.Sink{Mail},
	})
}

// Watch is an Eye of some watches that sends mails. It is the stack's only one.
func Watch(stack awscdk.Stack, watches ...watch.Watch) *extraeye.Eye {
	return WatchAs(stack, "Eye", watches...)
}

// WatchAs is an Eye of some watches that sends mails.
func WatchAs(stack awscdk.Stack, id string, watches ...watch.Watch) *extraeye.Eye {
	eye := extraeye.NewEye(stack, id, &extraeye.EyeProps{Service: "some-service", Sinks: []sink.Sink{Mail}})
	for _, w := range watches {
		eye.Watch(w)
	}
	return eye
}

// Send is an Eye of deployments that sends to some sinks.
func Send(stack awscdk.Stack, sinks ...sink.Sink) *extraeye.Eye {
	return extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Service: "some-service", CodeDeployApplications: []string{"some-service"}, Sinks: sinks})
}

// Rule is a rule of an Eye, as in the template.
type Rule struct {
	ID         string
	Properties map[string]any
	// Pattern is the event pattern as EventBridge gets it, except for intrinsics.
	Pattern string
	// Deliveries are what the notifier gets, for each target but those that get the raw
	// event. In place of the event is an empty object.
	Deliveries []wire.Delivery
}

// Rules returns the rules of an Eye in their order.
func (all Template) Rules(t *testing.T, stack awscdk.Stack, eye *extraeye.Eye) []Rule {
	t.Helper()
	var rules []Rule
	for _, rule := range eye.Rules() {
		r := Rule{ID: *stack.GetLogicalId(rule)}
		r.Properties = all["Resources"].(map[string]any)[r.ID].(map[string]any)["Properties"].(map[string]any)
		r.Pattern = Encode(t, r.Properties["EventPattern"])
		for _, target := range r.Properties["Targets"].([]any) {
			transformer, ok := target.(map[string]any)["InputTransformer"].(map[string]any)
			if !ok {
				continue
			}
			var delivery wire.Delivery
			input := strings.Replace(Flat(transformer["InputTemplate"]), "<aws.events.event.json>", "{}", 1)
			if err := json.Unmarshal([]byte(input), &delivery); err != nil {
				t.Fatalf("%v: %s", err, input)
			}
			r.Deliveries = append(r.Deliveries, delivery)
		}
		rules = append(rules, r)
	}
	return rules
}

// Rules synthesizes a stack and returns the rules of an Eye in their order.
func Rules(t *testing.T, stack awscdk.Stack, eye *extraeye.Eye) []Rule {
	t.Helper()
	return Synthesize(t, stack).Rules(t, stack, eye)
}

// Patterns returns the event patterns of rules.
func Patterns(rules []Rule) []string {
	var all []string
	for _, r := range rules {
		all = append(all, r.Pattern)
	}
	return all
}

// Watched returns what rules hand the notifier of what is watched.
func Watched(rules []Rule) []wire.Watch {
	var all []wire.Watch
	for _, o := range orders(rules) {
		all = append(all, o.Watch)
	}
	return all
}

// Sent returns what rules hand the notifier of where it sends.
func Sent(rules []Rule) []wire.Sink {
	var all []wire.Sink
	for _, o := range orders(rules) {
		all = append(all, o.Sinks...)
	}
	return all
}

// orders returns the orders of all deliveries of rules.
func orders(rules []Rule) (all []wire.Order) {
	for _, r := range rules {
		for _, d := range r.Deliveries {
			all = append(all, d.Orders()...)
		}
	}
	return all
}
