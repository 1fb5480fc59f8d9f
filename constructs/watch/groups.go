package watch

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
var autoScalingGroup = binding.Kind{What: "Auto Scaling group", Names: "AutoScalingGroupNames", Refs: "AutoScalingGroupRefs", MaxLength: 255}

// onGroups is a watch of what Auto Scaling groups do.
func onGroups(name string, scope constructs.Construct, names []string, refs []awsautoscaling.IAutoScalingGroup, detailTypes ...string) binding.Watch {
	b := binding.Watch{Name: name, Source: "aws.autoscaling", DetailTypes: detailTypes}
	groups := required(&b, scope, autoScalingGroup, names, refs, awsautoscaling.IAutoScalingGroup.AutoScalingGroupName)
	b.Recorded = recordedGroups(scope, groups)
	b.Fields = []binding.Field{{Path: "detail.AutoScalingGroupName", Values: autoScalingGroup.Values(groups)}}
	return b
}
