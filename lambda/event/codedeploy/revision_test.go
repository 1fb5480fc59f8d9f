package codedeploy

import "testing"

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
		{Revision{Key: "some-service-1.4.2.yaml"}, "some-service-1.4.2"},
		{Revision{Key: "some-service-1.4.2.final"}, "some-service-1.4.2.final"},
		{Revision{Key: "some-service-1.4.b"}, "some-service-1.4.b"},
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
		{Revision{AppSpec: `{"TaskDefinition":{"Ref":"web"}}`}, ""},
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
