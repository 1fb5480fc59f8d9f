// Command infrastructure is a CDK app that creates what it watches: an Auto Scaling
// group, the CodeDeploy application that deploys to it, and an alarm. It writes no names.
// The rules refer to the resources, so they follow when one is replaced.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscodedeploy"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	stack := awscdk.NewStack(app, jsii.String("some-service-infrastructure"), nil)

	group := newGroup(stack)
	groups := []awsautoscaling.IAutoScalingGroup{group}
	busy := awscloudwatch.NewAlarm(stack, jsii.String("Busy"), &awscloudwatch.AlarmProps{
		AlarmDescription: jsii.String("The instances of some-service are busy."),
		Metric: awscloudwatch.NewMetric(&awscloudwatch.MetricProps{
			Namespace:     jsii.String("AWS/EC2"),
			MetricName:    jsii.String("CPUUtilization"),
			DimensionsMap: &map[string]*string{"AutoScalingGroupName": group.AutoScalingGroupName()},
		}),
		Threshold:         jsii.Number(90),
		EvaluationPeriods: jsii.Number(3),
	})
	application := awscodedeploy.NewServerApplication(stack, jsii.String("Application"), nil)
	awscodedeploy.NewServerDeploymentGroup(stack, jsii.String("DeploymentGroup"), &awscodedeploy.ServerDeploymentGroupProps{
		Application:       application,
		AutoScalingGroups: &groups,
		Alarms:            &[]interfacesawscloudwatch.IAlarmRef{busy},
		AutoRollback:      &awscodedeploy.AutoRollbackConfig{FailedDeployment: jsii.Bool(true), DeploymentInAlarm: jsii.Bool(true)},
	})

	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
		Service:                   "some-service",
		AutoScalingGroupRefs:      groups,
		CodeDeployApplicationRefs: []watch.CodeDeployApplication{application},
		Sinks:                     []sink.Sink{sink.Email{From: "ops@example.com", To: []string{"team@example.com"}}},
	})
	eye.Watch(watch.Launches{AutoScalingGroupRefs: groups})
	eye.Watch(watch.InstanceRefreshes{AutoScalingGroupRefs: groups})
	eye.Watch(watch.Alarms{AlarmRefs: []awscloudwatch.IAlarm{busy}})

	app.Synth(nil)
}

// newGroup is an Auto Scaling group in the network that the team has.
func newGroup(stack awscdk.Stack) awsautoscaling.AutoScalingGroup {
	network := awsec2.Vpc_FromVpcAttributes(stack, jsii.String("Network"), &awsec2.VpcAttributes{
		VpcId:                      jsii.String("vpc-0123456789abcdef0"),
		AvailabilityZones:          jsii.Strings("eu-west-1a", "eu-west-1b"),
		PrivateSubnetIds:           jsii.Strings("subnet-0123456789abcdef0", "subnet-0123456789abcdef1"),
		PrivateSubnetRouteTableIds: jsii.Strings("rtb-0123456789abcdef0", "rtb-0123456789abcdef1"),
	})
	template := awsec2.NewLaunchTemplate(stack, jsii.String("LaunchTemplate"), &awsec2.LaunchTemplateProps{
		InstanceType: awsec2.NewInstanceType(jsii.String("t4g.small")),
		MachineImage: awsec2.MachineImage_LatestAmazonLinux2023(&awsec2.AmazonLinux2023ImageSsmParameterProps{CpuType: awsec2.AmazonLinuxCpuType_ARM_64}),
		UserData:     awsec2.UserData_ForLinux(nil), // to which CodeDeploy's agent is added
		Role: awsiam.NewRole(stack, jsii.String("InstanceRole"), &awsiam.RoleProps{
			AssumedBy: awsiam.NewServicePrincipal(jsii.String("ec2.amazonaws.com"), nil),
		}),
		SecurityGroup: awsec2.NewSecurityGroup(stack, jsii.String("SecurityGroup"), &awsec2.SecurityGroupProps{
			Vpc:         network,
			Description: jsii.String("The instances of some-service"),
		}),
		RequireImdsv2: jsii.Bool(true),
		BlockDevices: &[]*awsec2.BlockDevice{{
			DeviceName: jsii.String("/dev/xvda"),
			Volume:     awsec2.BlockDeviceVolume_Ebs(jsii.Number(8), &awsec2.EbsDeviceOptions{Encrypted: jsii.Bool(true), VolumeType: awsec2.EbsDeviceVolumeType_GP3}),
		}},
	})
	return awsautoscaling.NewAutoScalingGroup(stack, jsii.String("Group"), &awsautoscaling.AutoScalingGroupProps{
		Vpc:            network,
		LaunchTemplate: template,
		MinCapacity:    jsii.Number(2),
		MaxCapacity:    jsii.Number(4),
		UpdatePolicy:   awsautoscaling.UpdatePolicy_RollingUpdate(nil),
	})
}
