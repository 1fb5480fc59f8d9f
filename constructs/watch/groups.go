package watch

import "github.com/extraeye/extraeye/constructs/internal/binding"

// maxGroupName is the longest name of an Auto Scaling group, in characters.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
const maxGroupName = 255

// onGroups is a watch of what Auto Scaling groups do.
func onGroups(name string, groups []string, detailTypes ...string) binding.Watch {
	return binding.Watch{
		Name:        name,
		Source:      "aws.autoscaling",
		DetailTypes: detailTypes,
		Fields:      []binding.Field{{Path: "detail.AutoScalingGroupName", Values: binding.Values(maxGroupName, groups)}},
		Problems:    binding.CheckNames(name+".Groups", "Auto Scaling group", groups, maxGroupName),
	}
}
