package watch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/watch"
)

// mistakes are mistakes in the props of watches.
var mistakes = []cdktest.Mistake{
	cdktest.Reports("name with a blank", func(s awscdk.Stack) { cdktest.Watch(s, watch.Terminations{AutoScalingGroupNames: []string{"a "}}) }, "E202"),
	cdktest.Reports("name with a line break", func(s awscdk.Stack) { cdktest.Watch(s, watch.Terminations{AutoScalingGroupNames: []string{"a\nb"}}) }, "E202"),
	cdktest.Reports("long name", func(s awscdk.Stack) {
		cdktest.Watch(s, watch.Deployments{CodeDeployApplications: []string{strings.Repeat("a", 101)}})
	}, "E202"),
	cdktest.Reports("duplicate names", func(s awscdk.Stack) {
		cdktest.Watch(s, watch.Deployments{CodeDeployApplications: []string{"a", "b", "a"}, DeploymentGroups: []string{"g", "g"}})
	}, "E203", "E203"),
	cdktest.Reports("list token", func(s awscdk.Stack) {
		list := awscdk.NewCfnParameter(s, jsii.String("Groups"), &awscdk.CfnParameterProps{Type: jsii.String("CommaDelimitedList")}).ValueAsList()
		cdktest.Watch(s, watch.Terminations{AutoScalingGroupNames: []string{*(*list)[0]}})
	}, "E204"),
	cdktest.Reports("unknown choices", func(s awscdk.Stack) {
		cdktest.Watch(s, watch.Deployments{CodeDeployApplications: []string{"a"}, States: []watch.DeploymentState{"FAILED"}, Creators: []watch.Creator{"me"}})
	}, "E205", "E205"),
	cdktest.Reports("verdicts", func(s awscdk.Stack) {
		for i, verdict := range []time.Duration{-time.Minute, time.Minute, 7 * time.Hour, 30*time.Minute + time.Second} {
			cdktest.WatchAs(s, fmt.Sprint("Eye", i), watch.Deployments{CodeDeployApplications: []string{"a"}, Verdict: verdict}, watch.ECSDeployments{ClusterNames: []string{"a"}, Verdict: verdict})
		}
		cdktest.WatchAs(s, "Always", watch.Deployments{CodeDeployApplications: []string{"a"}, VerdictAlways: true})
		cdktest.WatchAs(s, "NoSuccess",
			watch.Deployments{CodeDeployApplications: []string{"a"}, States: []watch.DeploymentState{watch.DeploymentFailed}, Verdict: time.Hour},
			watch.ECSDeployments{ClusterNames: []string{"a"}, States: []watch.ECSDeploymentState{watch.ECSDeploymentFailed}, Verdict: time.Hour})
	}, slices.Repeat([]string{"E310"}, 11)...),
	cdktest.Reports("good verdicts", func(s awscdk.Stack) {
		for i, verdict := range []time.Duration{5 * time.Minute, 6 * time.Hour} {
			cdktest.WatchAs(s, fmt.Sprint("Eye", i), watch.Deployments{CodeDeployApplications: []string{fmt.Sprint("a", i)}, Verdict: verdict})
		}
	}),
	cdktest.Reports("unknown cause", func(s awscdk.Stack) {
		cdktest.Watch(s, watch.Terminations{AutoScalingGroupNames: []string{"a"}, Causes: []watch.Cause{"elb"}})
	}, "E205"),
	cdktest.Reports("wildcards", func(s awscdk.Stack) {
		cdktest.Watch(s, watch.Deployments{CodeDeployApplications: []string{"*"}, DeploymentGroups: []string{"prod-?"}})
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
			watch.SpotInterruptions{AutoScalingGroupNames: none}, watch.Health{Services: none},
			watch.Alarms{AlarmNames: none}, watch.Alarms{AlarmNames: names, AlarmNamePrefixes: none},
			watch.Alarms{AlarmNames: names, AlarmTags: map[string][]string{}}, watch.Alarms{AlarmTags: map[string][]string{"team": none}},
			watch.Deployments{CodeDeployApplications: names, DeploymentGroups: none}, watch.DeploymentInstances{CodeDeployApplications: names, DeploymentGroups: none},
			watch.ECSTasks{ClusterNames: names, ServiceNames: none}, watch.ECSDeployments{ClusterNames: names, ServiceNames: none}, watch.ECSServices{ClusterNames: names, ServiceNames: none},
		} {
			watchNext(s, w)
		}
	}, slices.Repeat([]string{"E201"}, 11)...),
	cdktest.Reports("choices of every watch", func(s awscdk.Stack) {
		a := []string{"a"}
		for _, w := range []watch.Watch{
			watch.InstanceRefreshes{AutoScalingGroupNames: a, States: []watch.RefreshState{"Done"}},
			watch.Instances{InstanceIDs: []string{"i-1"}, States: []watch.InstanceState{"RUNNING"}},
			watch.ECSTasks{ClusterNames: a, Reasons: []watch.StopReason{"oom"}},
			watch.ECSDeployments{ClusterNames: a, States: []watch.ECSDeploymentState{"FAILED"}},
			watch.DeploymentInstances{CodeDeployApplications: a, States: []watch.DeploymentState{"FAILED"}},
			watch.Alarms{AlarmNames: a, States: []watch.AlarmState{"alarm"}},
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
			watch.ECSTasks{ClusterNames: []string{"a"}, ServiceNames: []string{"arn:aws:ecs:eu-west-1:210987654321:service/a/b"}},
			watch.ECSServices{ClusterNames: []string{"a"}, ServiceNames: []string{*cluster.ClusterArn()}},
			watch.ECSServices{ClusterNames: []string{"a"}, ServiceNames: []string{"a/b"}},
			watch.ECSDeployments{ClusterNames: []string{"a/b"}},
			watch.ECSDeployments{ClusterNames: []string{"arn:aws:ecs:eu-west-1:210987654321:service/a/b"}},
			watch.Terminations{AutoScalingGroupNames: []string{"arn:aws:autoscaling:eu-west-1:210987654321:autoScalingGroup:1:autoScalingGroupName/a"}},
			watch.Alarms{AlarmNames: []string{"arn:aws:cloudwatch:eu-west-1:210987654321:alarm:a"}},
			watch.Alarms{AlarmTags: map[string][]string{"": {"a"}}},
			watch.Alarms{AlarmTags: map[string][]string{"team ": {"a"}}},
			watch.Alarms{AlarmTags: map[string][]string{strings.Repeat("é", 129): {"a"}}},
			watch.Alarms{AlarmTags: map[string][]string{"aws:cloudformation:stack-name": {"a"}}},
			watch.Alarms{AlarmTags: map[string][]string{*cluster.ClusterName(): {"a"}}},
			watch.Alarms{AlarmTags: map[string][]string{"team": {strings.Repeat("a", 257)}}},
		} {
			watchNext(s, w)
		}
		// These are some: the longest tag, and two clusters of one name.
		watchNext(s, watch.Alarms{AlarmTags: map[string][]string{strings.Repeat("é", 128): {strings.Repeat("é", 256)}}})
		watchNext(s, watch.ECSTasks{ClusterNames: []string{*cluster.ClusterArn(), "a", "arn:aws:ecs:eu-west-1:210987654321:cluster/a"}})
	}, slices.Repeat([]string{"E202"}, 14)...),
	cdktest.Reports("ARNs that are known at deployment", func(s awscdk.Stack) {
		all := newThings(s)
		arn := all.group.AutoScalingGroupArn()
		for _, w := range []watch.Watch{
			watch.Terminations{AutoScalingGroupNames: []string{*arn}},
			watch.Launches{AutoScalingGroupNames: []string{"a", *arn}},
			watch.SpotInterruptions{AutoScalingGroupNames: []string{*arn}},
			watch.Deployments{CodeDeployApplications: []string{*all.application.ApplicationArn()}},
			watch.Deployments{CodeDeployApplications: []string{"a"}, DeploymentGroups: []string{*all.deployments.DeploymentGroupArn()}},
			watch.Alarms{AlarmNames: []string{*all.alarm.AlarmArn()}},
			watch.Alarms{AlarmNamePrefixes: []string{*all.alarm.AlarmArn()}},
			watch.ECSTasks{ClusterNames: []string{*all.service.ServiceArn()}},
			watch.ECSTasks{ClusterNames: []string{"a"}, ServiceNames: []string{*all.service.ServiceArn()}},
			watch.ECSServices{ClusterNames: []string{"a"}, ServiceNames: []string{*awscdk.Fn_Sub(jsii.String("arn:${AWS::Partition}:ecs:eu-west-1:210987654321:service/a/b"), nil)}},
			watch.Instances{InstanceIDs: []string{"arn:aws:ec2:eu-west-1:210987654321:instance/" + *all.instance.InstanceId()}},
		} {
			watchNext(s, w)
		}
		// These are names, or of a cluster, of which an ARN may be given.
		watchNext(s, watch.Terminations{AutoScalingGroupNames: []string{*all.group.AutoScalingGroupName(), "web-" + *all.group.AutoScalingGroupName(), *awscdk.Fn_ImportValue(jsii.String("name"))}})
		watchNext(s, watch.ECSServices{ClusterNames: []string{*all.cluster.ClusterArn()}, ServiceNames: []string{*all.service.ServiceName()}})
	}, slices.Repeat([]string{"E202"}, 11)...),
	cdktest.Reports("choices that are known at deployment", func(s awscdk.Stack) {
		state := awscdk.NewCfnParameter(s, jsii.String("State"), nil).ValueAsString()
		cdktest.Watch(s, watch.Alarms{AlarmNames: []string{"a"}, States: []watch.AlarmState{watch.AlarmState(*state)}})
	}, "E205"),
	cdktest.Reports("alarms that would be reported twice", func(s awscdk.Stack) {
		watchNext(s, watch.Alarms{AlarmNames: []string{"web-cpu", "db"}, AlarmNamePrefixes: []string{"web-", "web-a"}})
		watchNext(s, watch.Alarms{AlarmNames: []string{"web-cpu", "db"}, AlarmNamePrefixes: []string{"api-"}})
	}, "E203", "E203"),
	cdktest.Reports("waits", func(s awscdk.Stack) {
		for _, after := range []time.Duration{-time.Second, time.Millisecond, 90*time.Second + 1, 48*time.Hour + time.Second} {
			watchNext(s, watch.Lifecycle{AutoScalingGroupNames: []string{"g"}, After: after})
		}
		watchNext(s, watch.Lifecycle{AutoScalingGroupNames: []string{"g"}, After: 48 * time.Hour})
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
	cdktest.Reports("titles and labels", func(s awscdk.Stack) {
		watchNext(s, watch.Pattern{Pattern: events(nil), Facts: []watch.Fact{{Path: "$.id"}, {Label: "a\nb", Path: "$.id"}, {Label: strings.Repeat("a", 65), Path: "$.id"}}})
		watchNext(s, watch.Pattern{Pattern: events(nil), Title: "a\nb", Facts: slices.Repeat([]watch.Fact{{Label: "a", Path: "$.id"}}, 21)})
	}, slices.Repeat([]string{"E310"}, 6)...),
	cdktest.Reports("longest pattern, title and labels", func(s awscdk.Stack) {
		name := strings.Repeat("a", 2048-len(`{"detail":{"name":[""]},"source":["some.service"]}`))
		watchNext(s, watch.Pattern{
			Pattern: events(map[string]any{"name": []string{name}}), Title: strings.Repeat("é", 256),
			Facts: slices.Repeat([]watch.Fact{{Label: strings.Repeat("é", 64), Path: "$.id"}}, 20),
		})
		watchNext(s, watch.Pattern{Pattern: events(map[string]any{"name": []string{name + "a"}}), Title: "t"})
	}, "E206"),
	cdktest.Reports("objects that cannot be watched", func(s awscdk.Stack) {
		here := awscdk.NewStack(awscdk.App_Of(s), jsii.String("here"), &awscdk.StackProps{Env: &awscdk.Environment{
			Account: jsii.String("111122223333"), Region: jsii.String("eu-central-1"),
		}})
		group := func(scope constructs.Construct, id string) awsautoscaling.IAutoScalingGroup {
			return awsautoscaling.AutoScalingGroup_FromAutoScalingGroupName(scope, jsii.String(id), jsii.String(id))
		}
		a := group(here, "a")
		cdktest.Watch(here, watch.Launches{AutoScalingGroupNames: []string{"a"}, AutoScalingGroupRefs: []awsautoscaling.IAutoScalingGroup{
			a, nil, group(inAnotherRegion(s), "b"), group(here, "c"), group(here, "d"), a,
		}})
		cdktest.Copy(s, here)
	}, "E203", "E203", "E209", "E209"),
	cdktest.Reports("no objects", func(s awscdk.Stack) {
		watchNext(s, watch.Launches{AutoScalingGroupRefs: []awsautoscaling.IAutoScalingGroup{}})
		watchNext(s, watch.ECSTasks{ClusterNames: []string{"a"}, ServiceRefs: []awsecs.IService{}})
	}, "E201", "E201"),
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
