package extraeye_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// TestOverlaps checks that what arrives twice at a sink is warned of, and nothing else.
func TestOverlaps(t *testing.T) {
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	pattern := func(source string) watch.Watch {
		return watch.Pattern{Pattern: &awsevents.EventPattern{Source: jsii.Strings(source)}, Title: source}
	}
	for name, tt := range map[string]struct {
		one, two watch.Watch
		mail     string // what arrives twice by mail
		queue    string // and in a queue, which gets the raw events; the same if it is empty
	}{
		"same": {
			one: watch.Launches{AutoScalingGroupNames: []string{"a"}}, two: watch.Launches{AutoScalingGroupNames: []string{"a"}}, mail: `"a"`,
		},
		"one of several": {
			one: watch.Launches{AutoScalingGroupNames: []string{"a", "b"}}, two: watch.Launches{AutoScalingGroupNames: []string{"c", "b"}, Successful: true}, mail: `"b"`,
		},
		"other groups": {
			one: watch.Launches{AutoScalingGroupNames: []string{"a"}}, two: watch.Launches{AutoScalingGroupNames: []string{"b"}},
		},
		"other events of the same group": {
			one: watch.Launches{AutoScalingGroupNames: []string{"a"}}, two: watch.InstanceRefreshes{AutoScalingGroupNames: []string{"a"}},
		},
		"other states": {
			one: watch.Deployments{CodeDeployApplications: []string{"a"}, States: []watch.DeploymentState{watch.DeploymentFailed}},
			two: watch.Deployments{CodeDeployApplications: []string{"a"}, States: []watch.DeploymentState{watch.DeploymentSucceeded}},
		},
		"other deployment groups": {
			one: watch.Deployments{CodeDeployApplications: []string{"a"}, DeploymentGroups: []string{"production"}},
			two: watch.Deployments{CodeDeployApplications: []string{"a"}, DeploymentGroups: []string{"canary"}},
		},
		"all deployment groups": {
			one: watch.Deployments{CodeDeployApplications: []string{"a"}, DeploymentGroups: []string{"production"}},
			two: watch.Deployments{CodeDeployApplications: []string{"a"}}, mail: `"a"`,
		},
		"some causes and all": {
			one: watch.Terminations{AutoScalingGroupNames: []string{"a"}}, two: watch.Terminations{AutoScalingGroupNames: []string{"a"}, Causes: watch.AllCauses()}, mail: `"a"`,
		},
		"other causes": {
			one: watch.Terminations{AutoScalingGroupNames: []string{"a"}},
			two: watch.Terminations{AutoScalingGroupNames: []string{"a"}, Causes: []watch.Cause{watch.CauseScaleIn}}, queue: `"a"`,
		},
		"other creators": {
			one: watch.Deployments{CodeDeployApplications: []string{"a"}},
			two: watch.Deployments{CodeDeployApplications: []string{"a"}, Creators: []watch.Creator{watch.CreatorAutoScaling}}, queue: `"a"`,
		},
		"other reasons": {
			one: watch.ECSTasks{ClusterNames: []string{"a"}, Reasons: []watch.StopReason{watch.StopSpot}},
			two: watch.ECSTasks{ClusterNames: []string{"a"}, Reasons: []watch.StopReason{watch.StopOutOfMemory}}, queue: "cluster/a",
		},
		"a rollback and other deployments": {
			one: watch.ECSDeployments{ClusterNames: []string{"a"}, States: []watch.ECSDeploymentState{watch.ECSDeploymentRollingBack}},
			two: watch.ECSDeployments{ClusterNames: []string{"a"}, States: []watch.ECSDeploymentState{watch.ECSDeploymentInProgress}}, queue: "service/a/",
		},
		"a service of the cluster": {
			one: watch.ECSDeployments{ClusterNames: []string{"a"}, ServiceNames: []string{"s"}}, two: watch.ECSDeployments{ClusterNames: []string{"a"}}, mail: "service/a/",
		},
		"a service of another cluster": {
			one: watch.ECSServices{ClusterNames: []string{"a"}, ServiceNames: []string{"s"}}, two: watch.ECSServices{ClusterNames: []string{"b"}},
		},
		"all services of AWS": {
			one: watch.Health{}, two: watch.Health{Services: []string{"EC2"}}, mail: `"issue"`,
		},
		"an alarm with a prefix": {
			one: watch.Alarms{AlarmNames: []string{"web-cpu"}}, two: watch.Alarms{AlarmNamePrefixes: []string{"db-", "web-"}}, mail: `"web-"`,
		},
		"a prefix of an alarm": {
			one: watch.Alarms{AlarmNamePrefixes: []string{"web-"}}, two: watch.Alarms{AlarmNames: []string{"db-1", "web-cpu"}}, mail: `"web-cpu"`,
		},
		"an alarm and a tag that it may have": {
			one: watch.Alarms{AlarmNames: []string{"web-cpu"}}, two: watch.Alarms{AlarmTags: map[string][]string{"team": {"web"}}},
		},
		"alarms with one tag": {
			one: watch.Alarms{AlarmTags: map[string][]string{"team": {"web"}}}, two: watch.Alarms{AlarmTags: map[string][]string{"team": {"api", "web"}}}, mail: `"web"`,
		},
		"all alarms with a tag, and one": {
			one: watch.Alarms{AlarmTags: map[string][]string{"team": {"web"}}}, two: watch.Alarms{AlarmNames: []string{"web-cpu"}, AlarmTags: map[string][]string{"team": {"web"}}}, mail: `"web"`,
		},
		"Spot Instances of other groups": {
			one: watch.SpotInterruptions{AutoScalingGroupNames: []string{"a"}}, two: watch.SpotInterruptions{AutoScalingGroupNames: []string{"b"}}, queue: "the same events",
		},
		"all Spot Instances": {
			one: watch.SpotInterruptions{AutoScalingGroupNames: []string{"a"}}, two: watch.SpotInterruptions{}, mail: "the same events",
		},
		"a reminder": {
			one: watch.Lifecycle{AutoScalingGroupNames: []string{"a"}}, two: watch.Lifecycle{AutoScalingGroupNames: []string{"a"}, After: time.Hour}, queue: `"a"`,
		},
		"patterns":       {one: pattern("a"), two: pattern("a"), mail: "the same events"},
		"other patterns": {one: pattern("a"), two: pattern("b")},
	} {
		t.Run(name, func(t *testing.T) {
			for kind, newSink := range map[string]func(awscdk.Stack) sink.Sink{
				"mail":  func(awscdk.Stack) sink.Sink { return cdktest.Mail },
				"queue": cdktest.Queue,
			} {
				want := tt.mail
				if kind == "queue" && tt.queue != "" {
					want = tt.queue
				}
				stack := cdktest.Stack(t)
				to := newSink(stack)
				for i, w := range []watch.Watch{tt.one, tt.two} {
					extraeye.NewEye(stack, []string{"One", "Two"}[i], &extraeye.EyeProps{Sinks: []sink.Sink{to}}).Watch(w)
				}
				codes, texts := cdktest.Reported(stack)
				switch {
				case want == "" && len(codes) > 0:
					t.Errorf("%s: warned of %q", kind, texts)
				case want == "":
				case !slices.Equal(codes, []string{"W105"}) || !strings.Contains(texts[0], want) || !strings.Contains(texts[0], "some-stack/One/"):
					t.Errorf("%s: warned of %q, want %s and the other watch", kind, texts, want)
				}
			}
		})
	}
}

// TestOverlapsInAnEye checks that the watches of one Eye are compared as well, and that a
// warning can be acknowledged.
func TestOverlapsInAnEye(t *testing.T) {
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	for _, acknowledged := range []bool{false, true} {
		stack := cdktest.Stack(t)
		eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{cdktest.Mail}})
		eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"web"}})
		eye.Watch(watch.Terminations{AutoScalingGroupNames: []string{"web", "api"}})
		if acknowledged {
			awscdk.Validations_Of(eye).Acknowledge(&awscdk.Acknowledgment{Id: jsii.String("extraeye:W105"), Reason: jsii.String("we want it twice")})
		}
		if codes, texts := cdktest.Reported(stack); len(codes) == 0 != acknowledged {
			t.Errorf("reported %q, acknowledged: %t", texts, acknowledged)
		}
	}
}
