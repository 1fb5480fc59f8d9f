package evidence

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
)

// trail is LookupEvents' answer: a call of someone else, and the one that made the
// deployment.
func trail(deployment, identity string) string {
	record := func(deployment, identity string) map[string]any {
		return map[string]any{
			"EventId": "1", "EventName": "CreateDeployment", "EventSource": "codedeploy.amazonaws.com", "EventTime": 1467324391.0,
			"CloudTrailEvent": `{"eventVersion":"1.08","userIdentity":` + identity + `,"eventName":"CreateDeployment","responseElements":{"deploymentId":"` + deployment + `"}}`,
		}
	}
	text, _ := json.Marshal(map[string]any{"Events": []any{record("d-other", `{"type":"IAMUser","userName":"mallory"}`), record(deployment, identity)}})
	return string(text)
}

func TestMaker(t *testing.T) {
	const role = `"arn":"arn:aws:sts::123456789012:assumed-role/Deployer/alice"`
	tests := []struct {
		name, answer  string
		want, problem string
	}{
		{"user", trail("d-1", `{"type":"IAMUser","arn":"arn:aws:iam::123456789012:user/team/alice","userName":"alice"}`), "alice", ""},
		{"role", trail("d-1", `{"type":"AssumedRole",`+role+`,"sessionContext":{"sessionIssuer":{"type":"Role","userName":"Deployer"}}}`), "alice (role Deployer)", ""},
		{"role without its issuer", trail("d-1", `{"type":"AssumedRole",`+role+`}`), "alice (role Deployer)", ""},
		{"role without an ARN", trail("d-1", `{"type":"AssumedRole","principalId":"AROA:alice"}`), "", "CloudTrail's record does not say who made it"},
		{"root", trail("d-1", `{"type":"Root","arn":"arn:aws:iam::123456789012:root"}`), "the root user", ""},
		{"service", trail("d-1", `{"type":"AWSService","invokedBy":"cloudformation.amazonaws.com"}`), "cloudformation.amazonaws.com", ""},
		{"federated", trail("d-1", `{"type":"FederatedUser","arn":"arn:aws:sts::123456789012:federated-user/alice"}`), "alice", ""},
		{"of other types", trail("d-1", `{"type":[],"arn":7,"userName":"alice","sessionContext":"x"}`), "alice", ""},
		{"nobody", trail("d-1", `null`), "", "CloudTrail's record does not say who made it"},
		{"another's", trail("d-2", `{"userName":"alice"}`), "", "CloudTrail does not have it, or not yet"},
		{"none", `{"Events":[]}`, "", "CloudTrail does not have it, or not yet"},
		{"no records", `{"Events":[null,7,{},{"CloudTrailEvent":null},{"CloudTrailEvent":"{"},{"CloudTrailEvent":"{\"responseElements\":null}"}]}`, "", "CloudTrail does not have it, or not yet"},
		{"empty", `{}`, "", "CloudTrail's answer could not be read"},
		{"of another type", `{"Events":{}}`, "", "CloudTrail's answer could not be read"},
		{"denied", `{"__type":"AccessDeniedException"}`, "", "cloudtrail:LookupEvents was denied; the notifier's role has no permission for it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, _ := lookups(t, (&fakeService{answers: map[string]func(map[string]any) string{"LookupEvents": always(tt.answer)}}).ServeHTTP)
			got := l.createdBy(context.Background(), "eu-west-1", &codedeploy.DeploymentInfo{ID: "d-1", Creator: wire.CreatorUser, Created: made})
			if got.Value != tt.want || got.Problem != tt.problem || got.Known != (tt.problem == "") {
				t.Errorf("found %+v, want %q, %q", got, tt.want, tt.problem)
			}
		})
	}
	l, _ := lookups(t, func(w http.ResponseWriter, r *http.Request) { t.Error("asked CloudTrail") })
	for _, c := range []wire.Creator{wire.CreatorRollback, wire.CreatorAutoScaling, wire.CreatorCodeDeploy, "new"} {
		if got := l.createdBy(context.Background(), "eu-west-1", &codedeploy.DeploymentInfo{ID: "d-1", Creator: c, Created: made}); got != (event.Finding[string]{}) {
			t.Errorf("%s: found %+v", c, got)
		}
	}
	if got := l.createdBy(context.Background(), "eu-west-1", &codedeploy.DeploymentInfo{ID: "d-1"}); got.Problem != "CodeDeploy does not say when the deployment was made" {
		t.Errorf("found %+v", got)
	}
}

func TestMakerIsAskedForAsTheSDK(t *testing.T) {
	ctx := context.Background()
	askBoth(t, map[string]func(map[string]any) string{"LookupEvents": always(`{"Events":[]}`)},
		func(l *Lookups) { l.createdBy(ctx, "eu-west-1", &codedeploy.DeploymentInfo{ID: "d-1", Created: made}) },
		func(cfg aws.Config) error {
			_, err := cloudtrail.NewFromConfig(cfg).LookupEvents(ctx, &cloudtrail.LookupEventsInput{
				LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyEventName, AttributeValue: aws.String("CreateDeployment")}},
				StartTime:        aws.Time(made.Add(-5 * time.Minute)), EndTime: aws.Time(made.Add(5 * time.Minute)), MaxResults: aws.Int32(50),
			})
			return err
		})
}

func TestRequester(t *testing.T) {
	call := func(name, at, identity string) string {
		return `{"eventName":"` + name + `","eventTime":"` + at + `","userIdentity":` + identity + `}`
	}
	const alice, bob = `{"type":"IAMUser","userName":"alice"}`, `{"type":"IAMUser","userName":"bob"}`
	const scaling = `{"type":"AssumedRole","arn":"arn:aws:sts::123456789012:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling","invokedBy":"autoscaling.amazonaws.com"}`
	at := made.Add(-time.Minute)
	for name, tt := range map[string]struct {
		records []string
		want    autoscaling.Request
	}{
		"terminated": {[]string{call("TerminateInstances", "2026-06-30T19:59:00Z", alice)}, autoscaling.Request{Call: "TerminateInstances", By: "alice", At: at}},
		"stopped, then terminated by Auto Scaling": {
			[]string{call("TerminateInstances", "2026-06-30T20:00:00Z", scaling), call("StopInstances", "2026-06-30T19:59:00Z", alice)},
			autoscaling.Request{Call: "StopInstances", By: "alice", At: at},
		},
		"the last of two": {
			[]string{call("TerminateInstances", "2026-06-30T19:59:00Z", bob), call("StopInstances", "2026-06-30T19:50:00Z", alice)},
			autoscaling.Request{Call: "TerminateInstances", By: "bob", At: at},
		},
		"nobody":      {[]string{call("StopInstances", "2026-06-30T19:59:00Z", "null")}, autoscaling.Request{Call: "StopInstances", At: at}},
		"other calls": {[]string{call("RunInstances", "2026-06-30T19:59:00Z", alice), call("CreateTags", "2026-06-30T19:59:00Z", alice)}, autoscaling.Request{}},
		"denied":      {[]string{`{"eventName":"StopInstances","eventTime":"2026-06-30T19:59:00Z","errorCode":"Client.UnauthorizedOperation","userIdentity":` + alice + `}`}, autoscaling.Request{}},
		"garbage":     {[]string{`{`, `7`, `{"eventName":{},"eventTime":[]}`}, autoscaling.Request{}},
		"none":        {nil, autoscaling.Request{}},
	} {
		events := []any{}
		for _, record := range tt.records {
			events = append(events, map[string]any{"CloudTrailEvent": record})
		}
		text, _ := json.Marshal(map[string]any{"Events": events})
		l, _ := lookups(t, (&fakeService{answers: map[string]func(map[string]any) string{"LookupEvents": always(string(text))}}).ServeHTTP)
		got := l.requestedBy(context.Background(), "eu-west-1", instance, made)
		problem := ""
		if tt.want.Call == "" {
			problem = notInTrail
		}
		if got.Value != tt.want || got.Problem != problem || got.Known != (problem == "") {
			t.Errorf("%s: found %+v, want %+v, %q", name, got, tt.want, problem)
		}
	}
	l, _ := lookups(t, func(w http.ResponseWriter, r *http.Request) { t.Error("asked CloudTrail") })
	if got := l.requestedBy(context.Background(), "eu-west-1", "", made); got.Problem != "the event names no instance" {
		t.Errorf("found %+v", got)
	}
}

func TestRequesterIsAskedForAsTheSDK(t *testing.T) {
	ctx := context.Background()
	askBoth(t, map[string]func(map[string]any) string{"LookupEvents": always(`{"Events":[]}`)},
		func(l *Lookups) { l.requestedBy(ctx, "eu-west-1", instance, made) },
		func(cfg aws.Config) error {
			_, err := cloudtrail.NewFromConfig(cfg).LookupEvents(ctx, &cloudtrail.LookupEventsInput{
				LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyResourceName, AttributeValue: aws.String(instance)}},
				StartTime:        aws.Time(made.Add(-30 * time.Minute)), EndTime: aws.Time(made.Add(time.Minute)), MaxResults: aws.Int32(50),
			})
			return err
		})
}

// TestByAWS shows which calls a service of AWS made by itself.
func TestByAWS(t *testing.T) {
	for who, want := range map[string]bool{
		`{"type":"AWSService","invokedBy":"ecs.amazonaws.com"}`:                                                          true,
		`{"type":"AssumedRole","arn":"arn:aws:sts::123456789012:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling"}`: true,
		`{"type":"AssumedRole","arn":"arn:aws:sts::123456789012:assumed-role/Admin/alice"}`:                              false,
		`{}`: false,
	} {
		record, _ := json.Marshal(map[string]string{"CloudTrailEvent": `{"eventName":"UpdateService","userIdentity":` + who + `}`})
		if got := ReadTrailEvent(record); got.ByAWS != want || got.Call != "UpdateService" {
			t.Errorf("%s: %+v", who, got)
		}
	}
}
