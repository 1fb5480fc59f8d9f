package event

import "testing"

func TestConsole(t *testing.T) {
	tests := []struct{ region, got, want string }{
		{"eu-central-1", ConsoleFor("eu-central-1").Instance("i-1"), "https://eu-central-1.console.aws.amazon.com/ec2/home?region=eu-central-1#InstanceDetails:instanceId=i-1"},
		{"cn-north-1", ConsoleFor("cn-north-1").Deployment("d-1"), "https://cn-north-1.console.amazonaws.cn/codesuite/codedeploy/deployments/d-1?region=cn-north-1"},
		{"us-gov-west-1", ConsoleFor("us-gov-west-1").AutoScalingGroup("g"), "https://console.amazonaws-us-gov.com/ec2/home?region=us-gov-west-1#AutoScalingGroupDetails:id=g;view=details"},
		{"us-iso-east-1", ConsoleFor("us-iso-east-1").AutoScalingGroup("g"), ""},
		{"no region", ConsoleFor("").AutoScalingGroup("g"), ""},
		{"no name", ConsoleFor("eu-west-1").AutoScalingGroup(""), ""},
		{"hostile region", ConsoleFor("evil.example/?").AutoScalingGroup("g"), ""},
		{"name with spaces", ConsoleFor("eu-west-1").AutoScalingGroup("a b/ü"), "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#AutoScalingGroupDetails:id=a%20b%2F%C3%BC;view=details"},
		{"names with braces", ConsoleFor("eu-west-1").DeploymentGroup("{}", "g"), "https://eu-west-1.console.aws.amazon.com/codesuite/codedeploy/applications/%7B%7D/deployment-groups/g?region=eu-west-1"},
		{"object", ConsoleFor("eu-west-1").Object("b", "a b/c&d.zip"), "https://eu-west-1.console.aws.amazon.com/s3/object/b?prefix=a+b%2Fc%26d.zip&region=eu-west-1"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.region, tt.got, tt.want)
		}
	}
}

func TestECSConsole(t *testing.T) {
	c := ConsoleFor("eu-west-1")
	const base = "https://eu-west-1.console.aws.amazon.com/ecs/v2/"
	for _, tt := range []struct{ got, want string }{
		{c.ECSCluster("a b"), base + "clusters/a%20b/services?region=eu-west-1"},
		{c.ECSService("c", "s/ü"), base + "clusters/c/services/s%2F%C3%BC/health?region=eu-west-1"},
		{c.ECSDeployments("c", "s"), base + "clusters/c/services/s/deployments?region=eu-west-1"},
		{c.ECSStoppedTasks("c", "s"), base + "clusters/c/services/s/tasks?status=STOPPED&region=eu-west-1"},
		{c.ECSTask("c", "0123"), base + "clusters/c/tasks/0123/configuration?region=eu-west-1"},
		{c.TaskDefinition("web:42"), base + "task-definitions/web/42/containers?region=eu-west-1"},
		{c.TaskDefinition("web"), ""},
		{c.ECSService("", "s"), ""},
		{ConsoleFor("").ECSCluster("c"), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}
