package watch_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscodedeploy"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// Every kind of application and of deployment group will do.
var (
	_ = []watch.CodeDeployApplication{awscodedeploy.IServerApplication(nil), awscodedeploy.ILambdaApplication(nil), awscodedeploy.IEcsApplication(nil)}
	_ = []watch.DeploymentGroup{awscodedeploy.IServerDeploymentGroup(nil), awscodedeploy.ILambdaDeploymentGroup(nil), awscodedeploy.IEcsDeploymentGroup(nil)}
)

// things are CDK's own objects of every kind that a watch takes.
type things struct {
	group       awsautoscaling.AutoScalingGroup
	application awscodedeploy.ServerApplication
	deployments awscodedeploy.ServerDeploymentGroup
	cluster     awsecs.Cluster
	service     awsecs.FargateService
	alarm       awscloudwatch.Alarm
	instance    awsec2.Instance
}

func newThings(stack awscdk.Stack) things {
	var t things
	network := awsec2.NewVpc(stack, jsii.String("VPC"), nil)
	small, image := awsec2.NewInstanceType(jsii.String("t4g.micro")), awsec2.MachineImage_LatestAmazonLinux2023(&awsec2.AmazonLinux2023ImageSsmParameterProps{
		CpuType: awsec2.AmazonLinuxCpuType_ARM_64,
	})
	t.group = awsautoscaling.NewAutoScalingGroup(stack, jsii.String("Group"), &awsautoscaling.AutoScalingGroupProps{
		Vpc: network,
		LaunchTemplate: awsec2.NewLaunchTemplate(stack, jsii.String("LaunchTemplate"), &awsec2.LaunchTemplateProps{
			InstanceType: small, MachineImage: image, SecurityGroup: awsec2.NewSecurityGroup(stack, jsii.String("SecurityGroup"), &awsec2.SecurityGroupProps{Vpc: network}),
		}),
	})
	t.application = awscodedeploy.NewServerApplication(stack, jsii.String("Application"), nil)
	t.deployments = awscodedeploy.NewServerDeploymentGroup(stack, jsii.String("Deployments"), &awscodedeploy.ServerDeploymentGroupProps{
		Application: t.application, AutoScalingGroups: &[]awsautoscaling.IAutoScalingGroup{t.group}, InstallAgent: jsii.Bool(false),
	})
	t.cluster = awsecs.NewCluster(stack, jsii.String("Cluster"), &awsecs.ClusterProps{Vpc: network})
	task := awsecs.NewFargateTaskDefinition(stack, jsii.String("Task"), nil)
	task.AddContainer(jsii.String("web"), &awsecs.ContainerDefinitionOptions{Image: awsecs.ContainerImage_FromRegistry(jsii.String("web"), nil)})
	t.service = awsecs.NewFargateService(stack, jsii.String("Service"), &awsecs.FargateServiceProps{Cluster: t.cluster, TaskDefinition: task})
	t.alarm = awscloudwatch.NewAlarm(stack, jsii.String("Alarm"), &awscloudwatch.AlarmProps{
		Metric:    awscloudwatch.NewMetric(&awscloudwatch.MetricProps{Namespace: jsii.String("web"), MetricName: jsii.String("Errors")}),
		Threshold: jsii.Number(1), EvaluationPeriods: jsii.Number(1),
	})
	t.instance = awsec2.NewInstance(stack, jsii.String("Instance"), &awsec2.InstanceProps{Vpc: network, InstanceType: small, MachineImage: image})
	return t
}

// watches are watches of the things, and where a rule matches each of them.
func (t things) watches() map[string]struct {
	watch watch.Watch
	field string
} {
	groups, applications, of := []awsautoscaling.IAutoScalingGroup{t.group}, []watch.CodeDeployApplication{t.application}, []watch.DeploymentGroup{t.deployments}
	clusters, services := []awsecs.ICluster{t.cluster}, []awsecs.IService{t.service}
	return map[string]struct {
		watch watch.Watch
		field string
	}{
		"Terminations":        {watch.Terminations{AutoScalingGroupRefs: groups}, `"AutoScalingGroupName":["GROUP"]`},
		"Launches":            {watch.Launches{AutoScalingGroupRefs: groups}, `"AutoScalingGroupName":["GROUP"]`},
		"InstanceRefreshes":   {watch.InstanceRefreshes{AutoScalingGroupRefs: groups}, `"AutoScalingGroupName":["GROUP"]`},
		"Lifecycle":           {watch.Lifecycle{AutoScalingGroupRefs: groups}, `"AutoScalingGroupName":["GROUP"]`},
		"SpotInterruptions":   {watch.SpotInterruptions{AutoScalingGroupRefs: groups}, ""}, // which the notifier knows
		"Instances":           {watch.Instances{InstanceRefs: []awsec2.IInstance{t.instance}}, `"instance-id":["INSTANCE"]`},
		"Deployments":         {watch.Deployments{CodeDeployApplicationRefs: applications, DeploymentGroupRefs: of}, `"application":["APPLICATION"],"deploymentGroup":["DEPLOYMENTS"]`},
		"DeploymentInstances": {watch.DeploymentInstances{CodeDeployApplicationRefs: applications}, `"application":["APPLICATION"]`},
		"ECSTasks":            {watch.ECSTasks{ClusterRefs: clusters, ServiceRefs: services}, `"clusterArn":["ECS:cluster/CLUSTER"],"group":["service:SERVICE"]`},
		"ECSDeployments":      {watch.ECSDeployments{ClusterRefs: clusters, ServiceRefs: services}, `"resources":["ECS:service/CLUSTER/SERVICE",{"prefix":"ECS:service-deployment/CLUSTER/SERVICE/"}]`},
		"ECSServices":         {watch.ECSServices{ClusterRefs: clusters}, `"clusterArn":["ECS:cluster/CLUSTER"]`},
		"Alarms":              {watch.Alarms{AlarmRefs: []awscloudwatch.IAlarm{t.alarm}}, `"alarmName":["ALARM"]`},
	}
}

// names fills in what the things are called in a stack: what the template refers to.
func (t things) names(stack awscdk.Stack) *strings.Replacer {
	of := func(name *string) string { return cdktest.Flat(stack.Resolve(name)) }
	return strings.NewReplacer("GROUP", of(t.group.AutoScalingGroupName()), "APPLICATION", of(t.application.ApplicationName()),
		"DEPLOYMENTS", of(t.deployments.DeploymentGroupName()), "CLUSTER", of(t.cluster.ClusterName()), "SERVICE", of(t.service.ServiceName()),
		"ALARM", of(t.alarm.AlarmName()), "INSTANCE", of(t.instance.InstanceId()), "ECS", "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}")
}

// TestRefs checks that rules match CDK's own objects, of the same stack and of another
// one, and that the notifier may look up just these.
func TestRefs(t *testing.T) {
	for name, other := range map[string]bool{"of the stack": false, "of another stack": true} {
		t.Run(name, func(t *testing.T) {
			app := cdktest.App(t)
			here := awscdk.NewStack(app, jsii.String("here"), nil)
			there := here
			if other {
				there = awscdk.NewStack(app, jsii.String("there"), nil)
			}
			all := newThings(there)
			eyes := map[string]*extraeye.Eye{}
			for kind, w := range all.watches() {
				eyes[kind] = cdktest.WatchAs(here, "Eye"+kind, w.watch)
			}
			cdktest.Correct(t, here)
			template, names := cdktest.Synthesize(t, here), all.names(here)
			for kind, w := range all.watches() {
				got := cdktest.FlatJSON(t, template.Rules(t, here, eyes[kind])[0].Properties["EventPattern"])
				if want := names.Replace(w.field); !strings.Contains(got, want) {
					t.Errorf("%s: the rule matches\n%s\nwant\n%s", kind, got, want)
				}
			}
			spot := cdktest.Watched(template.Rules(t, here, eyes["SpotInterruptions"]))[0].SpotInterruptions.Groups
			if want := names.Replace("GROUP"); !slices.Equal(spot, []string{want}) {
				t.Errorf("the notifier looks for instances of %q, want %q", spot, want)
			}
			for action, want := range map[string]string{
				"codedeploy:GetDeployment": "arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}:deploymentgroup:APPLICATION/DEPLOYMENTS",
				"ecs:DescribeServices":     "ECS:service/CLUSTER/SERVICE",
			} {
				if want := names.Replace(want); !slices.Contains(granted(template, action), want) {
					t.Errorf("%s is granted for %q, want %q", action, granted(template, action), want)
				}
			}
			if needs := *there.Dependencies(); len(needs) > 0 {
				t.Errorf("the stack of the things needs %s, which watches them", *needs[0].StackName())
			}
			if other && len(*here.Dependencies()) != 1 {
				t.Error("the stack that watches the things does not need theirs")
			}
		})
	}
}

// granted returns the resources that an action is allowed for.
func granted(template cdktest.Template, action string) (resources []string) {
	for _, s := range template.Statements() {
		if !slices.Contains(cdktest.ActionsOf(s), action) {
			continue
		}
		many, ok := s["Resource"].([]any)
		if !ok {
			many = []any{s["Resource"]}
		}
		for _, r := range many {
			resources = append(resources, cdktest.Flat(r))
		}
	}
	return resources
}

// TestSeesEverything checks that no watch needs a name where it sees everything of its kind.
func TestSeesEverything(t *testing.T) {
	scope := constructs.NewConstruct(cdktest.Stack(t), jsii.String("Fleet"))
	binding.SetSeesEverything(scope)
	cdktest.EachWatch(t, func(kind string, c cdktest.WatchCase) {
		nothing := reflect.Zero(reflect.TypeOf(c.Minimal(cdktest.A))).Interface().(watch.Watch)
		for _, p := range nothing.Bind(scope).Problems {
			if p.Code == binding.NoNames {
				t.Errorf("%s: %s", kind, p.Message)
			}
		}
	})
}

// TestRefsOfAnEye checks that an Eye takes them as its watches do, and that what it knows of
// releases is the application, whichever comes first.
func TestRefsOfAnEye(t *testing.T) {
	stack := cdktest.Stack(t)
	all := newThings(stack)
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
		AutoScalingGroupRefs:      []awsautoscaling.IAutoScalingGroup{all.group},
		CodeDeployApplicationRefs: []watch.CodeDeployApplication{all.application},
		Sinks:                     []sink.Sink{cdktest.Mail},
	})
	cdktest.Correct(t, stack)
	rules := cdktest.Rules(t, stack, eye)
	if len(rules) != 2 {
		t.Fatalf("%d rules, want 2", len(rules))
	}
	want := all.names(stack).Replace("APPLICATION")
	if releases := cdktest.Watched(rules)[0].Terminations.Releases; releases == nil || !slices.Equal(releases.Applications, []string{want}) {
		t.Errorf("the notifier looks for releases of %+v, want %s", releases, want)
	}
}

// TestRefsAndNames checks that names and objects are watched together.
func TestRefsAndNames(t *testing.T) {
	stack := cdktest.Stack(t)
	imported := awsautoscaling.AutoScalingGroup_FromAutoScalingGroupName(stack, jsii.String("Imported"), jsii.String("b"))
	eye := cdktest.Watch(stack, watch.Launches{AutoScalingGroupNames: []string{"a"}, AutoScalingGroupRefs: []awsautoscaling.IAutoScalingGroup{imported}})
	cdktest.Correct(t, stack)
	if got := cdktest.Rules(t, stack, eye)[0].Pattern; !strings.Contains(got, `"AutoScalingGroupName":["a","b"]`) {
		t.Errorf("the rule matches %s", got)
	}
}

// inAnotherRegion is a scope in another region than any stack here.
func inAnotherRegion(stack awscdk.Stack) constructs.Construct {
	return awscdk.NewStack(awscdk.App_Of(stack), jsii.String("there"), &awscdk.StackProps{Env: &awscdk.Environment{
		Account: jsii.String("111122223333"), Region: jsii.String("eu-west-1"),
	}})
}
