package extraeye_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

// mistakes are mistakes in the props of Eyes and notifiers.
var mistakes = []cdktest.Mistake{
	cdktest.Reports("nothing wrong", func(s awscdk.Stack) { cdktest.Service(s) }),
	cdktest.Reports("no sinks", func(s awscdk.Stack) {
		extraeye.NewEye(s, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}})
	}, "E101"),
	cdktest.Reports("no watch", func(s awscdk.Stack) {
		extraeye.NewEye(s, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{cdktest.Mail}})
	}, "E102"),
	cdktest.Reports("nil watch", func(s awscdk.Stack) {
		extraeye.NewEye(s, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{cdktest.Mail}}).Watch(nil)
	}, "E102"),
	cdktest.Reports("watch comes later", func(s awscdk.Stack) {
		extraeye.NewEye(s, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{cdktest.Mail}}).Watch(watch.Terminations{AutoScalingGroupNames: []string{"g"}})
	}),
	cdktest.Reports("nil sink", func(s awscdk.Stack) { cdktest.Send(s, cdktest.Mail, nil) }, "E103"),
	cdktest.Reports("same sink twice", func(s awscdk.Stack) { cdktest.Send(s, cdktest.Mail, cdktest.Mail) }, "E104"),
	cdktest.Reports("same watch twice", func(s awscdk.Stack) {
		eye, queue := extraeye.NewEye(s, "Eye", &extraeye.EyeProps{}), cdktest.Queue(s)
		for range 2 {
			eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"twice"}, Causes: watch.AllCauses()}, queue, cdktest.Mail)
		}
	}, "E105"),
	cdktest.Reports("same events for another sink, or by another cause", func(s awscdk.Stack) {
		eye := extraeye.NewEye(s, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{cdktest.Mail}})
		eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"twice"}})
		eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"twice"}, Causes: []watch.Cause{watch.CauseScaleIn}})
		eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"twice"}}, cdktest.Queue(s))
	}),
	cdktest.Reports("no names", func(s awscdk.Stack) {
		extraeye.NewEye(s, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: []string{}, CodeDeployApplications: []string{}, Sinks: []sink.Sink{cdktest.Mail}})
	}, "E201", "E201"),
	cdktest.Reports("timelines", func(s awscdk.Stack) {
		eyes := []*extraeye.Eye{cdktest.Service(s)}
		extraeye.NewTimeline(s, "NoEyes", &extraeye.TimelineProps{})
		extraeye.NewTimeline(s, "NilEye", &extraeye.TimelineProps{Eyes: []*extraeye.Eye{nil}})
		extraeye.NewTimeline(s, "Service", &extraeye.TimelineProps{Eyes: eyes, Service: " shop"})
		extraeye.NewTimeline(s, "Name", &extraeye.TimelineProps{Eyes: eyes, DashboardName: "a b"})
		extraeye.NewTimeline(s, "Long", &extraeye.TimelineProps{Eyes: eyes, DashboardName: strings.Repeat("x", 256)})
		extraeye.NewTimeline(s, "Many", &extraeye.TimelineProps{Eyes: eyes, Metrics: slices.Repeat([]extraeye.TimelineMetric{{Metric: orders()}}, 21)})
		extraeye.NewTimeline(s, "Metrics", &extraeye.TimelineProps{Eyes: eyes, Metrics: []extraeye.TimelineMetric{
			{}, {Metric: orders(), Label: "a\nb", Unit: strings.Repeat("x", 65), Worse: "up"},
			{Metric: awscloudwatch.NewMathExpression(&awscloudwatch.MathExpressionProps{Expression: jsii.String("a*2"), UsingMetrics: &map[string]awscloudwatch.IMetric{"a": orders()}})},
		}})
	}, "E202", "E202", "E205", "E310", "E310", "E310", "E310", "E310", "E310", "E310", "E310"),
	cdktest.Reports("timeline at its limits", func(s awscdk.Stack) {
		eye := cdktest.Watch(s, watch.Terminations{AutoScalingGroupNames: cdktest.Names(wire.MaxTimelineNames, "g%d")})
		extraeye.NewTimeline(s, "Timeline", &extraeye.TimelineProps{
			Eyes: []*extraeye.Eye{eye}, DashboardName: strings.Repeat("x", 255), Metrics: slices.Repeat([]extraeye.TimelineMetric{{Metric: orders()}}, wire.MaxTimelineMetrics),
		})
	}),
	cdktest.Reports("timeline of too much", func(s awscdk.Stack) {
		eye := cdktest.Watch(s, watch.Terminations{AutoScalingGroupNames: cdktest.Names(100, "g%d")})
		extraeye.NewTimeline(s, "Timeline", &extraeye.TimelineProps{Eyes: []*extraeye.Eye{eye}})
		eye.Watch(watch.Launches{AutoScalingGroupNames: []string{"one more"}})
		eye.Watch(watch.Launches{AutoScalingGroupNames: []string{"another"}})
	}, "E310"),
	cdktest.Reports("timeline of another Region", func(s awscdk.Stack) {
		there := awscdk.NewStack(s.Node().Root().(awscdk.App), jsii.String("There"), &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String("123456789012"), Region: jsii.String("us-east-1")}})
		here := awscdk.NewStack(s.Node().Root().(awscdk.App), jsii.String("Here"), &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String("123456789012"), Region: jsii.String("eu-west-1")}})
		extraeye.NewTimeline(here, "Timeline", &extraeye.TimelineProps{Eyes: []*extraeye.Eye{cdktest.Service(there)}})
		cdktest.Copy(s, here)
	}, "E311"),
	cdktest.Reports("empty names", func(s awscdk.Stack) {
		extraeye.NewEye(s, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: []string{"a", "", " "}, Sinks: []sink.Sink{cdktest.Mail}})
	}, "E202", "E202"),
	cdktest.Reports("service", func(s awscdk.Stack) {
		for i, service := range []string{"  ", "a\nb", strings.Repeat("x", 129)} {
			extraeye.NewEye(s, fmt.Sprint("Eye", i), &extraeye.EyeProps{Service: service, AutoScalingGroupNames: []string{fmt.Sprint("g", i)}, Sinks: []sink.Sink{cdktest.Mail}})
		}
	}, "E310", "E310", "E310"),
	cdktest.Reports("notifier props", func(s awscdk.Stack) {
		extraeye.NewNotifier(s, "Notifier", &extraeye.NotifierProps{Memory: 64, Timeout: time.Second, LogRetention: "13 days"})
	}, "E401", "E401", "E401"),
	cdktest.Reports("notifier and topic elsewhere", func(s awscdk.Stack) {
		in := func(id, region string) awscdk.Stack {
			return awscdk.NewStack(awscdk.App_Of(s), jsii.String(id), &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String(region)}})
		}
		here, there := in("here", "eu-west-1"), in("there", "us-east-1")
		topic := awssns.Topic_FromTopicArn(here, jsii.String("Topic"), jsii.String("arn:aws:sns:us-east-1:111122223333:topic"))
		extraeye.NewNotifier(here, "Notifier", &extraeye.NotifierProps{AlarmTopic: topic})
		extraeye.NewEye(here, "Eye", &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}, Sinks: []sink.Sink{cdktest.Mail}, Notifier: extraeye.NewNotifier(there, "Notifier", nil)})
		cdktest.Copy(s, here)
	}, "E311", "E311"),
	cdktest.Reports("journal elsewhere", func(s awscdk.Stack) {
		app := awscdk.App_Of(s)
		here := awscdk.NewStack(app, jsii.String("here"), &awscdk.StackProps{Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("eu-west-1")}})
		for i, env := range [][2]string{{"111122223333", "us-east-1"}, {"444455556666", "eu-west-1"}} {
			there := awscdk.NewStack(app, jsii.String(fmt.Sprint("there", i)), &awscdk.StackProps{Env: &awscdk.Environment{Account: &env[0], Region: &env[1]}})
			extraeye.NewEye(here, fmt.Sprint("Eye", i), &extraeye.EyeProps{
				AutoScalingGroupNames: []string{fmt.Sprint("g", i)}, Sinks: []sink.Sink{cdktest.Mail}, Journal: extraeye.NewJournal(there, "Journal", nil),
			})
		}
		cdktest.Copy(s, here)
	}, "E311", "E311"),
	cdktest.Reports("journal's retention", func(s awscdk.Stack) {
		extraeye.NewJournal(s, "Journal", &extraeye.JournalProps{Retention: "13 days"})
	}, "E310"),
	cdktest.Reports("functions at their limits", func(s awscdk.Stack) {
		extraeye.NewNotifier(s, "Least", &extraeye.NotifierProps{Memory: 128, Timeout: 10 * time.Second})
		extraeye.NewNotifier(s, "Most", &extraeye.NotifierProps{Memory: 10240, Timeout: 15 * time.Minute})
	}),
	cdktest.Reports("functions beyond their limits", func(s awscdk.Stack) {
		extraeye.NewNotifier(s, "Small", &extraeye.NotifierProps{Memory: 127})
		extraeye.NewNotifier(s, "Large", &extraeye.NotifierProps{Memory: 10241})
		extraeye.NewNotifier(s, "Short", &extraeye.NotifierProps{Timeout: 9 * time.Second})
		extraeye.NewNotifier(s, "Long", &extraeye.NotifierProps{Timeout: 15*time.Minute + time.Second})
		extraeye.NewNotifier(s, "Odd", &extraeye.NotifierProps{Timeout: 10*time.Second + time.Millisecond})
	}, "E401", "E401", "E401", "E401", "E401"),
	cdktest.Reports("more rules than a stack has room for", func(s awscdk.Stack) {
		cdktest.Watch(s, watch.Terminations{AutoScalingGroupNames: cdktest.Names(30_000, "some-service-%05d-production")})
	}, "E403"),
	cdktest.Reports("too much allowed", func(s awscdk.Stack) {
		for _, id := range cdktest.Names(40, "Eye%d") {
			extraeye.NewEye(s, id, &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}, Sinks: []sink.Sink{sink.Email{From: id + "@example.com", To: []string{"team@example.com"}}}})
		}
	}, "E404"),
	cdktest.Reports("all at once", func(s awscdk.Stack) {
		extraeye.NewEye(s, "Eye", &extraeye.EyeProps{
			AutoScalingGroupNames: []string{""}, CodeDeployApplications: []string{"a", "a"},
			Sinks: []sink.Sink{sink.Email{From: "ops", To: []string{"team"}}},
		})
	}, "E202", "E203", "E301", "E301"),
}

// fleet defines a fleet of one team, changed.
func fleet(change func(s awscdk.Stack, props *extraeye.FleetProps)) func(awscdk.Stack) {
	return func(s awscdk.Stack) {
		props := &extraeye.FleetProps{Teams: []extraeye.Team{{Name: "checkout", Sinks: []sink.Sink{cdktest.Mail}, Services: []extraeye.Service{{Name: "cart", AutoScalingGroupNames: []string{"cart"}}}}}}
		change(s, props)
		extraeye.NewFleet(s, "Fleet", props)
	}
}

// fleetMistakes are mistakes in the props of fleets.
var fleetMistakes = []cdktest.Mistake{
	cdktest.Reports("nothing wrong", fleet(func(awscdk.Stack, *extraeye.FleetProps) {})),
	cdktest.Reports("no file", func(s awscdk.Stack) { extraeye.NewFleet(s, "Fleet", extraeye.LoadFleet("testdata/nowhere.yaml")) }, "E501"),
	cdktest.Reports("all that is wrong in a file", func(s awscdk.Stack) { extraeye.NewFleet(s, "Fleet", extraeye.LoadFleet("testdata/services.yaml")) }, "E501", "E501", "E501"),
	cdktest.Reports("no teams", fleet(func(_ awscdk.Stack, p *extraeye.FleetProps) { p.Teams = nil }), "E503"),
	cdktest.Reports("bad names", fleet(func(_ awscdk.Stack, p *extraeye.FleetProps) {
		p.TeamTag = " team"
		p.Teams[0].Name, p.Teams[0].Sinks, p.Teams[0].Accounts = "", nil, []string{"1"}
		p.Teams[0].Services[0].AutoScalingGroupNames = []string{"a*"}
	}), "E503", "E503", "E503", "E503", "E503"),
	cdktest.Reports("a name of two teams", fleet(func(_ awscdk.Stack, p *extraeye.FleetProps) {
		p.Teams = append(p.Teams, p.Teams[0])
		p.Teams[1].Name = "search"
	}), "E502"),
	cdktest.Reports("sinks", fleet(func(s awscdk.Stack, p *extraeye.FleetProps) {
		p.Teams[0].Sinks = []sink.Sink{nil, cdktest.Queue(s), sink.Email{From: "ops", To: []string{"team@example.com"}}, sink.Topic{Topic: awssns.NewTopic(s, jsii.String("Topic"), nil)}}
	}), "E103", "E301", "E504", "E504"),
	cdktest.Reports("watches that need names", fleet(func(_ awscdk.Stack, p *extraeye.FleetProps) {
		p.Watches = []watch.Watch{watch.Terminations{}, watch.SpotInterruptions{AutoScalingGroupNames: []string{"g"}}, nil}
	}), "E102", "E504"),
	cdktest.Reports("a name that is known at deployment", fleet(func(s awscdk.Stack, p *extraeye.FleetProps) {
		p.Teams[0].Services[0].AutoScalingGroupNames = []string{*awscdk.NewCfnParameter(s, jsii.String("Name"), nil).ValueAsString()}
	}), "E504"),
	cdktest.Reports("two fleets of one notifier", func(s awscdk.Stack) {
		notifier := extraeye.NewNotifier(s, "Notifier", nil)
		for _, id := range []string{"One", "Two"} {
			extraeye.NewFleet(s, id, &extraeye.FleetProps{Notifier: notifier, Teams: []extraeye.Team{{Name: "a", Sinks: []sink.Sink{cdktest.Mail}}}})
		}
	}, "E504"),
	cdktest.Reports("ten managed policies", withPolicies(100, 8)),
	cdktest.Reports("one too many", withPolicies(100, 9), "W404"),
	cdktest.Reports("many secrets", withPolicies(600, 0), "W404"),
	cdktest.Reports("as many as AWS raises the quota to", withPolicies(100, 18), "W404"),
	cdktest.Reports("more than that", withPolicies(100, 19), "E404"),
}

// forwarder defines a Forwarder in account 444455556666, changed.
func forwarder(change func(p *extraeye.ForwarderProps)) func(awscdk.Stack) {
	return func(s awscdk.Stack) {
		member := inEnv(awscdk.App_Of(s), "member", "444455556666", "us-east-1")
		props := &extraeye.ForwarderProps{To: centralBus, Organization: organization}
		change(props)
		extraeye.NewForwarder(member, "Forwarder", props)
		cdktest.Copy(s, member)
	}
}

// bus gives a fleet a bus.
func bus(b extraeye.Bus) func(awscdk.Stack) {
	return fleet(func(_ awscdk.Stack, p *extraeye.FleetProps) { p.Bus = &b })
}

// forwardingMistakes are mistakes in the props of Forwarders and buses.
var forwardingMistakes = []cdktest.Mistake{
	cdktest.Reports("a bus of an organization", bus(extraeye.Bus{Organization: organization})),
	cdktest.Reports("a bus of accounts", bus(extraeye.Bus{Accounts: []string{"444455556666"}, ExternalID: "some-id"})),
	cdktest.Reports("a bus of nobody", bus(extraeye.Bus{}), "E505"),
	cdktest.Reports("a bus of both", bus(extraeye.Bus{Organization: organization, Accounts: []string{"444455556666"}, NoLookUps: true}), "E505"),
	cdktest.Reports("a bus of accounts without an external ID", bus(extraeye.Bus{Accounts: []string{"444455556666"}}), "E505"),
	cdktest.Reports("a bus of wrong names", bus(extraeye.Bus{Name: "default", Organization: "acme", ExternalID: "a b", LookUpRole: strings.Repeat("x", 41)}), "E505", "E505", "E505", "E505"),
	cdktest.Reports("a bus of wrong accounts", bus(extraeye.Bus{Name: "a/b", Accounts: []string{"1", "444455556666", "444455556666"}, NoLookUps: true}), "E505", "E505", "E505"),
	cdktest.Reports("a bus with a name that is known at deployment", fleet(func(s awscdk.Stack, p *extraeye.FleetProps) {
		p.Bus = &extraeye.Bus{Organization: organization, Name: *awscdk.NewCfnParameter(s, jsii.String("Name"), nil).ValueAsString()}
	}), "E505"),
	cdktest.Reports("a bus of more accounts than its policy has room for", bus(extraeye.Bus{Accounts: cdktest.Names(400, "1111222%05d"), NoLookUps: true}), "E404"),
	cdktest.Reports("a forwarder", forwarder(func(*extraeye.ForwarderProps) {})),
	cdktest.Reports("a forwarder by default", forwarder(func(p *extraeye.ForwarderProps) { *p = extraeye.ForwarderProps{} }), "E505", "E505"),
	cdktest.Reports("a forwarder to what is no bus", forwarder(func(p *extraeye.ForwarderProps) { p.To = "arn:aws:sqs:eu-west-1:111122223333:queue" }), "E505"),
	cdktest.Reports("a forwarder to its own account and Region", forwarder(func(p *extraeye.ForwarderProps) { p.To = "arn:aws:events:us-east-1:444455556666:event-bus/extraeye" }), "E505"),
	cdktest.Reports("a forwarder within its account", forwarder(func(p *extraeye.ForwarderProps) { p.To = "arn:aws:events:eu-west-1:444455556666:event-bus/extraeye" })),
	cdktest.Reports("a forwarder to a bus that is known at deployment", func(s awscdk.Stack) {
		to := awscdk.NewCfnParameter(s, jsii.String("To"), nil).ValueAsString()
		extraeye.NewForwarder(s, "Forwarder", &extraeye.ForwarderProps{To: *to, Organization: organization})
	}, "E505"),
	cdktest.Reports("a forwarder that trusts whom", forwarder(func(p *extraeye.ForwarderProps) { p.ExternalID = "some-id" }), "E505"),
	cdktest.Reports("a forwarder that trusts all", forwarder(func(p *extraeye.ForwarderProps) { p.Organization = "" }), "E505"),
	cdktest.Reports("a forwarder of wrong names", forwarder(func(p *extraeye.ForwarderProps) { p.Organization, p.LookUpRole = "*", "a b" }), "E505", "E505"),
	cdktest.Reports("a forwarder of wrong watches", forwarder(func(p *extraeye.ForwarderProps) {
		p.Watches = []watch.Watch{nil, watch.Instances{InstanceIDs: []string{"i-0123456789abcdef0"}}, watch.Terminations{Causes: []watch.Cause{"x"}}}
	}), "E102", "E205", "E504"),
	cdktest.Reports("a forwarder of nothing", forwarder(func(p *extraeye.ForwarderProps) { p.Watches = []watch.Watch{} }), "E102"),
	cdktest.Reports("a topic elsewhere", func(s awscdk.Stack) {
		app := awscdk.App_Of(s)
		here := inEnv(app, "here", "444455556666", "us-east-1")
		topic := awssns.Topic_FromTopicArn(here, jsii.String("Topic"), jsii.String("arn:aws:sns:eu-west-1:444455556666:topic"))
		extraeye.NewForwarder(here, "Forwarder", &extraeye.ForwarderProps{To: centralBus, Organization: organization, AlarmTopic: topic})
		cdktest.Copy(s, here)
	}, "E311"),
}

func TestForwardingMistakes(t *testing.T) { cdktest.Mistakes(t, forwardingMistakes) }

func TestMistakes(t *testing.T) { cdktest.Mistakes(t, mistakes) }

func TestFleetMistakes(t *testing.T) { cdktest.Mistakes(t, fleetMistakes) }

// TestSinksAreNamed checks that a message names a sink by its place among those of its kind.
func TestSinksAreNamed(t *testing.T) {
	stack := cdktest.Stack(t)
	cdktest.Send(stack, mailTo("a"), cdktest.Queue(stack), mailTo("b"), mailTo("b"))
	_, texts := cdktest.Reported(stack)
	has(t, "what is reported", strings.Join(texts, "\n"), "the sink Email3 of ", " is the same as Email2,")
}

func TestEveryCodeIsReported(t *testing.T) {
	cdktest.EveryCode(t, "E1", mistakes)
	cdktest.EveryCode(t, "E4", mistakes, binding.NotCompiled, binding.TemplateTooLarge) // which TestNotCompiled and TestTemplateAtItsLimit make
	cdktest.EveryCode(t, "E5", slices.Concat(fleetMistakes, forwardingMistakes))
	cdktest.EveryCode(t, "W", slices.Concat(mistakes, fleetMistakes), binding.Overlap, binding.ManyRules) // which TestOverlaps and TestRulesUpToTheLimits make
}

// TestOtherStacksSynthesize checks that one team's mistake is one team's.
func TestOtherStacksSynthesize(t *testing.T) {
	app := cdktest.App(t)
	wrong := awscdk.NewStack(app, jsii.String("wrong"), nil)
	right := awscdk.NewStack(app, jsii.String("right"), nil)
	cdktest.Send(wrong, nil)
	cdktest.Service(right)
	if n := len(cdktest.Synthesize(t, right).Resources("AWS::Events::Rule")); n != 2 {
		t.Errorf("the stack beside has %d rules, want 2", n)
	}
	if codes, _ := cdktest.Reported(wrong); len(codes) != 1 {
		t.Errorf("reported %q, want one mistake", codes)
	}
	if codes, _ := cdktest.Reported(right); len(codes) != 0 {
		t.Errorf("the stack beside reports %q", codes)
	}
}

func TestNilPanics(t *testing.T) {
	for want, define := range map[string]func(){
		`extraeye.NewEye("Eye"): scope is nil; give it the stack`:              func() { extraeye.NewEye(nil, "Eye", &extraeye.EyeProps{}) },
		`extraeye.NewEye("Eye"): props are nil; give it &extraeye.EyeProps{…}`: func() { extraeye.NewEye(cdktest.Stack(t), "Eye", nil) },
		`extraeye.NewNotifier("Notifier"): scope is nil; give it the stack`:    func() { extraeye.NewNotifier(nil, "Notifier", nil) },
		`extraeye.NewJournal("Journal"): scope is nil; give it the stack`:      func() { extraeye.NewJournal(nil, "Journal", nil) },
		`extraeye.NewForwarder("F"): scope is nil; give it the stack`:          func() { extraeye.NewForwarder(nil, "F", &extraeye.ForwarderProps{}) },
		`extraeye.NewForwarder("F"): props are nil; give it &extraeye.ForwarderProps{…}`: func() {
			extraeye.NewForwarder(cdktest.Stack(t), "F", nil)
		},
	} {
		func() {
			defer func() {
				if r := fmt.Sprint(recover()); r != want {
					t.Errorf("it panics with %q, want %q", r, want)
				}
			}()
			define()
		}()
	}
}

// TestPropsAreNotWritten checks that the caller may use its slices again.
func TestPropsAreNotWritten(t *testing.T) {
	sinks := make([]sink.Sink, 1, 4)
	sinks[0] = cdktest.Mail
	props := &extraeye.EyeProps{AutoScalingGroupNames: []string{"g"}, Sinks: sinks}
	extraeye.NewEye(cdktest.Stack(t), "Eye", props)
	if props.Service != "" || props.Notifier != nil || len(props.Sinks) != 1 {
		t.Errorf("the props were written to: %+v", props)
	}
	notifier := &extraeye.NotifierProps{}
	extraeye.NewNotifier(cdktest.Stack(t), "Notifier", notifier)
	if *notifier != (extraeye.NotifierProps{}) {
		t.Errorf("the props were written to: %+v", notifier)
	}
}

// TestPatternTooLong binds a watch of the library's own whose value a pattern can just hold, and one
// whose value none can.
func TestPatternTooLong(t *testing.T) {
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	stack := cdktest.Stack(t)
	eye := cdktest.Watch(stack)
	characters := func(value int) int {
		rule := eye.Watch(long(value)).Rules()[0]
		return utf8.RuneCountInString(cdktest.Encode(t, stack.Resolve(rule.EventPattern())))
	}
	full := 2048 - characters(1) + 1
	if got := characters(full); got != 2048 {
		t.Errorf("a pattern of %d characters, want 2048", got)
	}
	if codes, texts := cdktest.Reported(stack); len(codes) > 0 {
		t.Errorf("reported %q: %q", codes, texts)
	}
	eye.Watch(long(full + 1))
	if codes, texts := cdktest.Reported(stack); !slices.Equal(codes, []string{"E206"}) {
		t.Errorf("reported %q: %q", codes, texts)
	}
}

// long is a watch of a value of so many characters.
type long int

func (l long) Bind(constructs.Construct) binding.Watch {
	return binding.Watch{Name: "Long", Source: "s", DetailTypes: []string{"d"}, Fields: []binding.Field{
		{Path: "detail.k", Values: binding.Choices([]string{strings.Repeat("x", int(l))})},
	}}
}
