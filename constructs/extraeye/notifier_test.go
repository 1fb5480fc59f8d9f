package extraeye_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

func TestNotifierProps(t *testing.T) {
	stack := cdktest.Stack(t)
	code := t.TempDir()
	if err := os.WriteFile(filepath.Join(code, "bootstrap"), []byte("mine"), 0o755); err != nil {
		t.Fatal(err)
	}
	extraeye.NewNotifier(stack, "Notifier", &extraeye.NotifierProps{
		Memory: 1024, Timeout: time.Minute, LogRetention: awslogs.RetentionDays_ONE_WEEK,
		Architecture: awslambda.Architecture_X86_64(), Code: awslambda.Code_FromAsset(jsii.String(code), nil),
		AlarmTopic: awssns.NewTopic(stack, jsii.String("Topic"), nil),
	})
	cdktest.Must(t, func() {
		template := assertions.Template_FromStack(stack, nil)
		template.HasResourceProperties(jsii.String("AWS::Lambda::Function"), map[string]any{
			"MemorySize": 1024, "Timeout": 60, "Architectures": []any{"x86_64"},
		})
		template.HasResourceProperties(jsii.String("AWS::Logs::LogGroup"), map[string]any{"RetentionInDays": 7})
		template.HasResourceProperties(jsii.String("AWS::CloudWatch::Alarm"), map[string]any{
			"AlarmActions": []any{map[string]any{"Ref": "TopicBFC7AF6E"}},
		})
	})
}

func TestNotifierDefaults(t *testing.T) {
	stack := cdktest.Stack(t)
	extraeye.NewNotifier(stack, "Notifier", nil)
	cdktest.Must(t, func() {
		template := assertions.Template_FromStack(stack, nil)
		template.HasResourceProperties(jsii.String("AWS::Lambda::Function"), map[string]any{
			"Runtime": "provided.al2023", "Architectures": []any{"arm64"}, "Environment": assertions.Match_Absent(),
		})
		template.HasResourceProperties(jsii.String("AWS::Logs::LogGroup"), map[string]any{"RetentionInDays": 30})
		template.HasResourceProperties(jsii.String("AWS::SQS::Queue"), map[string]any{
			"MessageRetentionPeriod": 14 * 24 * 60 * 60, "SqsManagedSseEnabled": true,
		})
		template.HasResourceProperties(jsii.String("AWS::SQS::QueuePolicy"), map[string]any{
			"PolicyDocument": map[string]any{"Statement": assertions.Match_ArrayWith(&[]any{assertions.Match_ObjectLike(&map[string]any{
				"Effect": "Deny", "Condition": map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}},
			})})},
		})
		template.ResourceCountIs(jsii.String("AWS::Lambda::EventInvokeConfig"), jsii.Number(1))
		template.ResourceCountIs(jsii.String("AWS::CloudWatch::Alarm"), jsii.Number(2))
	})
}

// TestOnlyWhatIsNeededIsGranted compares the actions of the role with what the
// watches and sinks of the stack need.
func TestOnlyWhatIsNeededIsGranted(t *testing.T) {
	for name, tt := range map[string]struct {
		define  func(awscdk.Stack)
		actions []string
	}{
		"terminations by mail": {func(s awscdk.Stack) { cdktest.Watch(s, watch.Terminations{AutoScalingGroupNames: []string{"g"}}) },
			[]string{"autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeScalingActivities", "ec2:DescribeApplicationStatus", "ec2:DescribeInstances", "ec2:GetConsoleOutput", "ses:SendEmail"}},
		"successful deployments": {func(s awscdk.Stack) {
			cdktest.Watch(s, watch.Deployments{CodeDeployApplications: []string{"a"}, States: []watch.DeploymentState{watch.DeploymentSucceeded}})
		}, []string{"codedeploy:BatchGetDeployments", "codedeploy:GetDeployment", "codedeploy:ListDeployments", "ses:SendEmail"}},
		"launches": {func(s awscdk.Stack) { cdktest.Watch(s, watch.Launches{AutoScalingGroupNames: []string{"g"}}) },
			[]string{"autoscaling:DescribeAutoScalingGroups", "ec2:DescribeInstances", "ses:SendEmail"}},
		"deployments to a topic": {func(s awscdk.Stack) {
			extraeye.NewEye(s, "Eye", &extraeye.EyeProps{
				CodeDeployApplications: []string{"a"},
				Sinks:                  []sink.Sink{sink.Topic{Topic: awssns.NewTopic(s, jsii.String("T"), nil)}},
			})
		}, []string{
			"codedeploy:BatchGetDeploymentTargets", "codedeploy:BatchGetDeployments", "codedeploy:GetDeployment",
			"codedeploy:ListDeploymentTargets", "codedeploy:ListDeployments", "sns:Publish",
		}},
		"nothing": {func(s awscdk.Stack) { extraeye.NewNotifier(s, "N", nil) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack(t)
			tt.define(stack)
			actions := cdktest.Synthesize(t, stack).Actions()
			want := append(slices.Clone(always), tt.actions...)
			slices.Sort(want)
			if !slices.Equal(actions, want) {
				t.Errorf("the role may %q, want %q", actions, want)
			}
		})
	}
}

func manyApplications(stack awscdk.Stack) {
	extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{CodeDeployApplications: cdktest.Names(300, "some-service-%03d"), Sinks: []sink.Sink{cdktest.Mail}})
}

// TestManyApplicationsStayUnderThePolicyLimit checks the 10,240 characters that
// the inline policies of a role may have.
func TestManyApplicationsStayUnderThePolicyLimit(t *testing.T) {
	stack := cdktest.Stack(t)
	manyApplications(stack)
	cdktest.Must(t, func() {
		assertions.Template_FromStack(stack, nil).HasResourceProperties(jsii.String("AWS::IAM::Policy"), map[string]any{
			"PolicyDocument": map[string]any{"Statement": assertions.Match_ArrayWith(&[]any{assertions.Match_ObjectLike(&map[string]any{
				"Action": []any{"codedeploy:GetDeployment", "codedeploy:ListDeployments", "codedeploy:BatchGetDeployments"},
				"Resource": map[string]any{"Fn::Join": []any{"", []any{
					"arn:", map[string]any{"Ref": "AWS::Partition"}, ":codedeploy:", map[string]any{"Ref": "AWS::Region"}, ":",
					map[string]any{"Ref": "AWS::AccountId"}, ":deploymentgroup:*",
				}}},
			})})},
		})
	})
}

// larger is an aspect that an organization might have.
type larger struct {
	visited map[string]bool
}

func (l *larger) Visit(node constructs.IConstruct) {
	l.visited[*node.Node().Path()] = true
	if f, ok := node.(awslambda.CfnFunction); ok {
		f.SetMemorySize(jsii.Number(256))
	}
}

func TestAspectsAndBoundariesReachEverything(t *testing.T) {
	app := cdktest.App(t)
	stack := awscdk.NewStack(app, jsii.String("some-stack"), nil)
	cdktest.Service(stack)
	aspect := &larger{visited: map[string]bool{}}
	awscdk.Aspects_Of(app).Add(aspect, nil)
	boundary := awsiam.ManagedPolicy_FromAwsManagedPolicyName(jsii.String("PowerUserAccess"))
	awsiam.PermissionsBoundary_Of(app).Apply(boundary)
	cdktest.Must(t, func() {
		template := assertions.Template_FromStack(stack, nil)
		template.AllResourcesProperties(jsii.String("AWS::Lambda::Function"), map[string]any{"MemorySize": 256})
		template.AllResourcesProperties(jsii.String("AWS::IAM::Role"), map[string]any{"PermissionsBoundary": assertions.Match_AnyValue()})
	})
	for _, path := range []string{"some-stack/Eye/Terminations/Rule1", "some-stack/ExtraeyeNotifier/Function/Resource", "some-stack/ExtraeyeNotifier/DeadLetterQueue/Resource"} {
		if !aspect.visited[path] {
			t.Errorf("the aspect was not shown %s", path)
		}
	}
}
