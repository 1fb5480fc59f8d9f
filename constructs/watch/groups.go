package watch

import "github.com/extraeye/extraeye/constructs/internal/binding"

// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
var autoScalingGroup = binding.Kind{What: "Auto Scaling group", MaxLength: 255}

// onGroups is a watch of what Auto Scaling groups do.
func onGroups(name string, groups []string, detailTypes ...string) binding.Watch {
	b := binding.Watch{
		Name:        name,
		Source:      "aws.autoscaling",
		DetailTypes: detailTypes,
		Fields:      []binding.Field{{Path: "detail.AutoScalingGroupName", Values: autoScalingGroup.Values(groups)}},
	}
	b.CheckNames(name+".Groups", autoScalingGroup, groups)
	return b
}
