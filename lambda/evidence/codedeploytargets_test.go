package evidence

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/lambda/event/codedeploy"

	"github.com/aws/aws-sdk-go-v2/aws"
	awscodedeploy "github.com/aws/aws-sdk-go-v2/service/codedeploy"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/lambda/event"
)

// TestTarget reads the recorded answer.
func TestTarget(t *testing.T) {
	raw, err := os.ReadFile("testdata/codedeploy-api-getdeploymenttarget-instance.json")
	if err != nil {
		t.Fatal(err)
	}
	s := &fakeService{answers: map[string]func(map[string]any) string{"GetDeploymentTarget": always(string(raw))}}
	l, _ := lookups(t, s.ServeHTTP)
	golden.JSON(t, "testdata/codedeploy-api-getdeploymenttarget-instance.info.json", l.target(context.Background(), "eu-west-1", "d-1", "i-1"))

	for name, want := range map[string]string{
		`{"__type":"DeploymentTargetDoesNotExistException"}`: "CodeDeploy does not know the instance as one of the deployment's",
		`{"deploymentTarget":null}`:                          "CodeDeploy's answer could not be read",
		`{"deploymentTarget":{"instanceTarget":[]}}`:         "",
		`{"deploymentTarget":{}}`:                            "",
	} {
		s := &fakeService{answers: map[string]func(map[string]any) string{"GetDeploymentTarget": always(name)}}
		l, _ := lookups(t, s.ServeHTTP)
		if got := l.target(context.Background(), "eu-west-1", "d-1", "i-1"); got.Problem != want || got.Known != (want == "") {
			t.Errorf("%s: found %+v", name, got)
		}
	}
	if got := l.target(context.Background(), "eu-west-1", "d-1", ""); got.Problem != "the event does not name the deployment and the instance" {
		t.Errorf("problem is %q", got.Problem)
	}
}

// TestGatherOfADeploymentInstance shows that EC2 is not asked about an instance that
// is not its own.
func TestGatherOfADeploymentInstance(t *testing.T) {
	for instance, asked := range map[string]bool{"rack-4": false, "i-1": true} {
		bubble(t, instance, func(t *testing.T) {
			l, _ := lookups(t, (&fakeService{}).ServeHTTP)
			s := &codedeploy.DeploymentInstance{DeploymentID: "d-1", InstanceID: instance}
			l.Gather(context.Background(), &event.Event{Subject: s})
			if s.Target.Problem == "" || s.Info.Problem == "" || (s.Instance.Problem != "") != asked {
				t.Errorf("%s: %+v", instance, s)
			}
		})
	}
}

// failedTarget is the answer for a target of a platform whose script failed at a time.
func failedTarget(platform, id string, at int) string {
	return fmt.Sprintf(`{%q:{"targetId":%q,"status":"Failed","lifecycleEvents":[
		{"lifecycleEventName":"Install","status":"Succeeded","diagnostics":{"errorCode":"Success","message":"Succeeded"}},
		{"lifecycleEventName":"ApplicationStart","status":"Failed","endTime":%d,
		 "diagnostics":{"errorCode":"ScriptFailed","scriptName":"start.sh","message":"it failed","logTail":"[stderr]no"}},
		{"lifecycleEventName":"ValidateService","status":"Skipped"}]}}`, platform, id, at)
}

func TestFailedTargets(t *testing.T) {
	ids := func(ids ...string) func(map[string]any) string {
		text, _ := json.Marshal(map[string]any{"targetIds": append([]string{}, ids...)})
		return always(string(text))
	}
	targets := func(all ...string) func(map[string]any) string {
		return always(`{"deploymentTargets":[` + strings.Join(all, ",") + `]}`)
	}
	var many []string
	for i := range 30 {
		many = append(many, fmt.Sprint("i-", i))
	}
	tests := []struct {
		name      string
		list, get func(map[string]any) string
		want      string
		problem   string
		known     bool
	}{
		{"none", ids(), nil, "", "", true},
		{"the first to fail first", ids("i-1", "i-2", "i-3"),
			targets(failedTarget("instanceTarget", "i-2", 1467324300), failedTarget("instanceTarget", "i-1", 1467324200), `{"instanceTarget":{"targetId":"i-3","status":"Failed"}}`), "i-1 i-2 i-3", "", true},
		{"a function", ids("f"), targets(failedTarget("lambdaTarget", "f", 1)), "f", "", true},
		{"a service", ids("c:s"), targets(failedTarget("ecsTarget", "c:s", 1)), "c:s", "", true},
		{"a stack", ids("x"), targets(failedTarget("cloudFormationTarget", "x", 1)), "x", "", true},
		{"what else there is", ids("i-1"), targets(`null`, `{}`, `{"newTarget":{"targetId":"i-1"}}`, `{"instanceTarget":{"targetId":"i-9"}}`, `{"instanceTarget":7}`), "i-1", "", true},
		{"more than can be read", ids(many...), targets(failedTarget("instanceTarget", "i-7", 1)), "i-7 " + strings.ReplaceAll(strings.Join(many, " ")+" ", "i-7 ", ""), "", true},
		{"details denied", ids("i-1"), always(`{"__type":"AccessDeniedException"}`), "i-1", "codedeploy:BatchGetDeploymentTargets was denied; the notifier's role has no permission for it", true},
		{"denied", always(`{"__type":"AccessDeniedException"}`), nil, "", "codedeploy:ListDeploymentTargets was denied; the notifier's role has no permission for it", false},
		{"unreadable", always(`{"targetIds":null}`), nil, "", "CodeDeploy's answer could not be read", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &fakeService{answers: map[string]func(map[string]any) string{"ListDeploymentTargets": tt.list, "BatchGetDeploymentTargets": tt.get}}
			l, _ := lookups(t, s.ServeHTTP)
			got := l.failedTargets(context.Background(), "eu-west-1", "d-1")
			var found []string
			for _, target := range got.Value {
				found = append(found, target.ID)
			}
			if strings.Join(found, " ") != strings.TrimSpace(tt.want) || got.Problem != tt.problem || got.Known != tt.known {
				t.Errorf("found %v, %+v", found, got.Problem)
			}
			if asked := s.asked["BatchGetDeploymentTargets"]; len(asked) > 0 && strings.Count(asked[0], "i-") > batch {
				t.Errorf("asked for too many: %s", asked)
			}
			if len(found) > 0 && len(got.Value[0].LifecycleEvents) > 0 {
				want := codedeploy.LifecycleEvent{Name: "ApplicationStart", Status: "Failed", ErrorCode: "ScriptFailed", Script: "start.sh", Message: "it failed", LogTail: "[stderr]no"}
				if steps := got.Value[0].LifecycleEvents; len(steps) != 3 || steps[1] != want || steps[0].ErrorCode != "" {
					t.Errorf("steps are %+v", steps)
				}
			}
		})
	}
}

func TestTargetsAreAskedForAsTheSDK(t *testing.T) {
	ctx := context.Background()
	answers := map[string]func(map[string]any) string{
		"ListDeploymentTargets": always(`{"targetIds":["i-1","i-2"]}`), "BatchGetDeploymentTargets": always(`{"deploymentTargets":[]}`), "GetDeploymentTarget": always(`{"deploymentTarget":{}}`),
	}
	askBoth(t, answers,
		func(l *Lookups) {
			l.failedTargets(ctx, "eu-west-1", "d-1")
			l.target(ctx, "eu-west-1", "d-1", "i-1")
		},
		func(cfg aws.Config) error {
			client := awscodedeploy.NewFromConfig(cfg)
			if _, err := client.ListDeploymentTargets(ctx, &awscodedeploy.ListDeploymentTargetsInput{DeploymentId: aws.String("d-1"), TargetFilters: map[string][]string{"TargetStatus": {"Failed"}}}); err != nil {
				return err
			}
			if _, err := client.BatchGetDeploymentTargets(ctx, &awscodedeploy.BatchGetDeploymentTargetsInput{DeploymentId: aws.String("d-1"), TargetIds: []string{"i-1", "i-2"}}); err != nil {
				return err
			}
			_, err := client.GetDeploymentTarget(ctx, &awscodedeploy.GetDeploymentTargetInput{DeploymentId: aws.String("d-1"), TargetId: aws.String("i-1")})
			return err
		})
}
