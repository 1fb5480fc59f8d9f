package event

import (
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// TestGoldenEvidence compares whole notices whose evidence was found, was not
// found, and changes what is told.
func TestGoldenEvidence(t *testing.T) {
	termination := func(name, problem string) func(*Event) {
		return func(e *Event) {
			e.Subject.(*Termination).Machine = Finding[Machine]{Value: Machine{Name: name}, Known: problem == "", Problem: problem}
		}
	}
	deployment := func(info DeploymentInfo) func(*Event) {
		return func(e *Event) { e.Subject.(*Deployment).Info = Found(info) }
	}
	started := time.Date(2016, 6, 30, 22, 2, 1, 0, time.UTC)
	s3 := Revision{Bucket: "releases", Key: "some-service/myApplication-1.4.2.zip", Version: "uTec", ETag: `"dd56"`}
	tests := []struct {
		name, event string
		evidence    func(*Event)
	}{
		{"name-found", "asg-terminate-elb-health-check", termination("web-3", "")},
		{"name-not-found", "asg-terminate-elb-health-check", termination("", "the instance is no longer known to EC2")},
		{"deployed-s3", "codedeploy-deployment-success-doc", deployment(DeploymentInfo{
			Creator: wire.CreatorUser, Description: "Friday's release", Config: "CodeDeployDefault.OneAtATime", Platform: "Server", Revision: s3,
			Created: started, Completed: started.Add(4*time.Minute + 30*time.Second), Instances: []InstanceCount{{"Succeeded", 3}, {"Skipped", 1}},
		})},
		{"failed-github", "codedeploy-deployment-failure-synth", deployment(DeploymentInfo{
			Creator: wire.CreatorUser, Revision: Revision{Repository: "some-team/some-service", Commit: "fa85936e9c31736c051f10d77297aa55d1f0c3b2"},
			Created: started, Instances: []InstanceCount{{"Failed", 2}}, ErrorCode: "HEALTH_CONSTRAINTS",
			ErrorMessage: "Deployment failed: Constraint default violated: No hosts succeeded.", RolledBackBy: "d-A1B2C3124",
		})},
		{"rolled-back", "codedeploy-deployment-success-doc", deployment(DeploymentInfo{
			Creator: wire.CreatorRollback, Revision: s3, RollbackOf: "d-A1B2C3123", RollbackMessage: "Deployment d-123456789 is a rollback of d-A1B2C3123",
		})},
		{"rollback-failed", "codedeploy-deployment-failure-synth", deployment(DeploymentInfo{Creator: wire.CreatorRollback, RollbackOf: "d-1"})},
		{"appspec-ecs", "codedeploy-deployment-ready-ecs-adapted", deployment(DeploymentInfo{
			Creator: wire.CreatorUser, Platform: "ECS", Revision: Revision{AppSpec: "Resources:\n  - TargetService:\n      Properties:\n        TaskDefinition: \"arn:aws:ecs:ap-northeast-2:123456789012:task-definition/todo:7\"\n"},
		})},
		{"info-not-found", "codedeploy-deployment-stop-synth", func(e *Event) {
			e.Subject.(*Deployment).Info = NotFound[DeploymentInfo]("codedeploy:GetDeployment was denied")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			goldenWith(t, tt.name, tt.event, wire.Watch{Service: "some-service"}, tt.evidence)
		})
	}
}

func TestRevisionName(t *testing.T) {
	tests := []struct {
		revision Revision
		want     string
	}{
		{Revision{Key: "WordPressApp.zip"}, "WordPressApp"},
		{Revision{Key: "a/b/some-service-1.4.2.tar.gz"}, "some-service-1.4.2"},
		{Revision{Key: "some-service-1.4.2.tgz"}, "some-service-1.4.2"},
		{Revision{Key: "some-service-1.4.2"}, "some-service-1.4.2"},
		{Revision{Key: "some-service-1.4.2.ZIP"}, "some-service-1.4.2"},
		{Revision{Key: ".zip"}, ".zip"},
		{Revision{Key: "release/"}, "release"},
		{Revision{Commit: "fa85936e9c31736c051f10d77297aa55d1f0c3b2"}, "fa85936"},
		{Revision{Commit: "fa85936EXAMPLEa31736c051f10d77297EXAMPLE"}, "fa85936"},
		{Revision{Commit: "main"}, "main"},
		{Revision{Commit: "not-a-commit"}, "not-a-commit"},
		{Revision{AppSpec: `{"version":1,"Resources":[{"TargetService":{"Type":"AWS::ECS::Service","Properties":{"TaskDefinition":"arn:aws:ecs:us-east-1:1:task-definition/web:12","LoadBalancerInfo":{"ContainerName":"app"}}}}]}`}, "web:12"},
		{Revision{AppSpec: "Resources:\n  - S:\n      Properties:\n        # TaskDefinition: old:1\n        TaskDefinition: web:13 # new\n"}, "web:13"},
		{Revision{AppSpec: "Resources:\n  - myFunction:\n      Type: AWS::Lambda::Function\n      Properties:\n        Name: \"myFunction\"\n        Alias: live\n        CurrentVersion: '1'\n        TargetVersion: '2'\n"}, "myFunction:2"},
		{Revision{AppSpec: "Resources: [{f: {Properties: {Name: f, TargetVersion: 4}}}]"}, "f:4"},
		{Revision{AppSpec: "TargetVersion: 9"}, "9"},
		{Revision{AppSpec: "Name: f"}, ""},
		{Revision{AppSpec: `{"TaskDefinition":null}`}, "null"},
		{Revision{AppSpec: "TaskDefinition:"}, ""},
		{Revision{AppSpec: "arbitrary text"}, ""},
		{Revision{}, ""},
	}
	for _, tt := range tests {
		if got := tt.revision.Name(); got != tt.want {
			t.Errorf("%+v: Name() = %q, want %q", tt.revision, got, tt.want)
		}
	}
}

func TestGitHubCommit(t *testing.T) {
	for repository, want := range map[string]string{
		"some-team/some-service": "https://github.com/some-team/some-service/commit/abc",
		"some-team":              "",
		"a/b/c":                  "",
		"/b":                     "",
		"a b/<c>":                "https://github.com/a%20b/%3Cc%3E/commit/abc",
	} {
		if got := gitHubCommit(repository, "abc"); got != want {
			t.Errorf("gitHubCommit(%q) = %q, want %q", repository, got, want)
		}
	}
}

func TestConsole(t *testing.T) {
	tests := []struct{ region, got, want string }{
		{"eu-central-1", consoleFor("eu-central-1").instance("i-1"), "https://eu-central-1.console.aws.amazon.com/ec2/home?region=eu-central-1#InstanceDetails:instanceId=i-1"},
		{"cn-north-1", consoleFor("cn-north-1").deployment("d-1"), "https://cn-north-1.console.amazonaws.cn/codesuite/codedeploy/deployments/d-1?region=cn-north-1"},
		{"us-gov-west-1", consoleFor("us-gov-west-1").group("g"), "https://console.amazonaws-us-gov.com/ec2/home?region=us-gov-west-1#AutoScalingGroupDetails:id=g;view=details"},
		{"us-iso-east-1", consoleFor("us-iso-east-1").group("g"), ""},
		{"no region", consoleFor("").group("g"), ""},
		{"no name", consoleFor("eu-west-1").group(""), ""},
		{"hostile region", consoleFor("evil.example/?").group("g"), ""},
		{"name with spaces", consoleFor("eu-west-1").group("a b/ü"), "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#AutoScalingGroupDetails:id=a%20b%2F%C3%BC;view=details"},
		{"names with braces", consoleFor("eu-west-1").deploymentGroup("{}", "g"), "https://eu-west-1.console.aws.amazon.com/codesuite/codedeploy/applications/%7B%7D/deployment-groups/g?region=eu-west-1"},
		{"object", consoleFor("eu-west-1").object("b", "a b/c&d.zip"), "https://eu-west-1.console.aws.amazon.com/s3/object/b?prefix=a+b%2Fc%26d.zip&region=eu-west-1"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.region, tt.got, tt.want)
		}
	}
}
