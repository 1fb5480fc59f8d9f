package watch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/watch"
)

// mistakes are mistakes in the props of watches.
var mistakes = []cdktest.Mistake{
	cdktest.Reports("name with a blank", func(s awscdk.Stack) { cdktest.Watch(s, watch.Terminations{Groups: []string{"a "}}) }, "E202"),
	cdktest.Reports("name with a line break", func(s awscdk.Stack) { cdktest.Watch(s, watch.Terminations{Groups: []string{"a\nb"}}) }, "E202"),
	cdktest.Reports("long name", func(s awscdk.Stack) {
		cdktest.Watch(s, watch.Deployments{Applications: []string{strings.Repeat("a", 101)}})
	}, "E202"),
	cdktest.Reports("duplicate names", func(s awscdk.Stack) {
		cdktest.Watch(s, watch.Deployments{Applications: []string{"a", "b", "a"}, Groups: []string{"g", "g"}})
	}, "E203", "E203"),
	cdktest.Reports("list token", func(s awscdk.Stack) {
		list := awscdk.NewCfnParameter(s, jsii.String("Groups"), &awscdk.CfnParameterProps{Type: jsii.String("CommaDelimitedList")}).ValueAsList()
		cdktest.Watch(s, watch.Terminations{Groups: []string{*(*list)[0]}})
	}, "E204"),
	cdktest.Reports("unknown choices", func(s awscdk.Stack) {
		cdktest.Watch(s, watch.Deployments{Applications: []string{"a"}, States: []watch.State{"FAILED"}, Creators: []watch.Creator{"me"}})
	}, "E205", "E205"),
	cdktest.Reports("unknown cause", func(s awscdk.Stack) {
		cdktest.Watch(s, watch.Terminations{Groups: []string{"a"}, Causes: []watch.Cause{"elb"}})
	}, "E205"),
	cdktest.Reports("wildcards", func(s awscdk.Stack) {
		cdktest.Watch(s, watch.Deployments{Applications: []string{"*"}, Groups: []string{"prod-?"}})
	}, "E202", "E202"),
	cdktest.Reports("names of every watch", func(s awscdk.Stack) {
		for _, w := range []watch.Watch{
			watch.Launches{}, watch.Terminations{}, watch.InstanceRefreshes{}, watch.Lifecycle{}, watch.Instances{},
			watch.Deployments{}, watch.DeploymentInstances{}, watch.ECSTasks{}, watch.ECSDeployments{}, watch.ECSServices{}, watch.Alarms{},
		} {
			watchNext(s, w)
		}
	}, slices.Repeat([]string{"E201"}, 11)...),
	cdktest.Reports("lists that are empty by mistake", func(s awscdk.Stack) {
		none, names := []string{}, []string{"a"}
		for _, w := range []watch.Watch{
			watch.SpotInterruptions{Groups: none}, watch.Health{Services: none},
			watch.Alarms{Names: none}, watch.Alarms{Names: names, Prefixes: none},
			watch.Deployments{Applications: names, Groups: none}, watch.DeploymentInstances{Applications: names, Groups: none},
			watch.ECSTasks{Clusters: names, Services: none}, watch.ECSDeployments{Clusters: names, Services: none}, watch.ECSServices{Clusters: names, Services: none},
		} {
			watchNext(s, w)
		}
	}, slices.Repeat([]string{"E201"}, 9)...),
	cdktest.Reports("choices of every watch", func(s awscdk.Stack) {
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
			watchNext(s, w)
		}
	}, slices.Repeat([]string{"E205"}, 8)...),
	cdktest.Reports("names that are none", func(s awscdk.Stack) {
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
			watchNext(s, w)
		}
		// These are some: two clusters of one name.
		watchNext(s, watch.ECSTasks{Clusters: []string{*cluster.ClusterArn(), "a", "arn:aws:ecs:eu-west-1:210987654321:cluster/a"}})
	}, slices.Repeat([]string{"E202"}, 8)...),
	cdktest.Reports("alarms told twice", func(s awscdk.Stack) {
		watchNext(s, watch.Alarms{Names: []string{"web-cpu", "db"}, Prefixes: []string{"web-", "web-a"}})
		watchNext(s, watch.Alarms{Names: []string{"web-cpu", "db"}, Prefixes: []string{"api-"}})
	}, "E203", "E203"),
	cdktest.Reports("waits", func(s awscdk.Stack) {
		for _, after := range []time.Duration{-time.Second, time.Millisecond, 90*time.Second + 1, 48*time.Hour + time.Second} {
			watchNext(s, watch.Lifecycle{Groups: []string{"g"}, After: after})
		}
		watchNext(s, watch.Lifecycle{Groups: []string{"g"}, After: 48 * time.Hour})
	}, slices.Repeat([]string{"E310"}, 4)...),
	cdktest.Reports("patterns", func(s awscdk.Stack) {
		for _, p := range []*awsevents.EventPattern{
			nil, {}, {DetailType: jsii.Strings("Scheduled Event")}, {Source: &[]*string{}},
			events(map[string]any{}), events(map[string]any{"state": "FAILED"}), events(map[string]any{"a": map[string]any{"b": []string{}}}),
		} {
			watchNext(s, watch.Pattern{Pattern: p, Title: "t"})
		}
		watchNext(s, watch.Pattern{Pattern: events(map[string]any{"name": cdktest.Names(300, "some-name-%d")}), Title: "t"})
	}, "E206", "E207", "E207", "E207", "E207", "E207", "E207", "E207"),
	cdktest.Reports("paths", func(s awscdk.Stack) {
		cdktest.Watch(s, watch.Pattern{Pattern: events(nil), Title: "{$.detail.} failed", Facts: []watch.Fact{
			{Label: "A"}, {Label: "B", Path: "$.resources[x]"}, {Label: "C", Path: "$.resources[0]"}, {Label: "D", Path: "$.detail['a b']"},
		}})
	}, "E208", "E208", "E208"),
	cdktest.Reports("words", func(s awscdk.Stack) {
		watchNext(s, watch.Pattern{Pattern: events(nil), Facts: []watch.Fact{{Path: "$.id"}, {Label: "a\nb", Path: "$.id"}, {Label: strings.Repeat("a", 65), Path: "$.id"}}})
		watchNext(s, watch.Pattern{Pattern: events(nil), Title: "a\nb", Facts: slices.Repeat([]watch.Fact{{Label: "a", Path: "$.id"}}, 21)})
	}, slices.Repeat([]string{"E310"}, 6)...),
}

// watchNext is an Eye of a stack that may have others.
func watchNext(s awscdk.Stack, w watch.Watch) {
	cdktest.WatchAs(s, fmt.Sprint("Eye", len(*s.Node().Children())), w)
}

// events is a pattern of a team's own events.
func events(detail map[string]any) *awsevents.EventPattern {
	p := &awsevents.EventPattern{Source: jsii.Strings("some.service")}
	if detail != nil {
		p.Detail = &detail
	}
	return p
}

func TestMistakes(t *testing.T) { cdktest.Mistakes(t, mistakes) }

func TestEveryCodeIsReported(t *testing.T) { cdktest.EveryCode(t, "E2", mistakes) }
