package rehearse

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/standin"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/decode"
	"github.com/extraeye/extraeye/lambda/notice"
)

// watched are, for every watch, a rule's pattern, the watch, and the events that are
// told and that are not.
var watched = map[string]struct {
	pattern, watch string
	told, untold   string
}{
	"terminations": {
		`{"source":["aws.autoscaling"],"detail-type":["EC2 Instance Terminate Successful","EC2 Instance Terminate Unsuccessful"],"detail":{"AutoScalingGroupName":["checkout-production"]}}`,
		`{"releases":{"applications":["billing","checkout"],"who":true}}`,
		"termination-elb-health-check termination-ec2-status-check termination-unknown-cause termination-failed", "termination-scale-in",
	},
	"launches": {
		`{"source":["aws.autoscaling"],"detail-type":["EC2 Instance Launch Unsuccessful","EC2 Instance Launch Successful"],"detail":{"AutoScalingGroupName":["checkout-production"]}}`,
		`{}`, "launch-no-capacity launch-bad-template launch-success", "",
	},
	"instanceRefreshes": {
		`{"source":["aws.autoscaling"],"detail-type":[{"prefix":"EC2 Auto Scaling Instance Refresh "}],"detail":{"AutoScalingGroupName":["checkout-production"]}}`,
		`{}`, "instance-refresh-started instance-refresh-checkpoint instance-refresh-baking instance-refresh-failed instance-refresh-rollback-started " +
			"instance-refresh-rollback-failed instance-refresh-rollback-succeeded instance-refresh-cancelled instance-refresh-succeeded", "",
	},
	"lifecycle": {
		`{"source":["aws.autoscaling"],"detail-type":["EC2 Instance-launch Lifecycle Action","EC2 Instance-terminate Lifecycle Action"],"detail":{"AutoScalingGroupName":["checkout-production"]}}`,
		`{"afterSeconds":600}`, "lifecycle-launch-waiting lifecycle-terminate-waiting", "lifecycle-launch-continued",
	},
	"instances": {
		`{"source":["aws.ec2"],"detail-type":["EC2 Instance State-change Notification"],"detail":{"instance-id":["i-0123456789abcdef0"],"state":["stopped","terminated","running"]}}`,
		`{}`, "instance-stopped instance-terminated instance-running", "",
	},
	"spotInterruptions": {
		`{"source":["aws.ec2"],"detail-type":["EC2 Spot Instance Interruption Warning","EC2 Instance Rebalance Recommendation"]}`,
		`{"groups":["checkout-production"]}`, "spot-rebalance spot-interruption", "",
	},
	"deployments": {
		`{"source":["aws.codedeploy"],"detail-type":["CodeDeploy Deployment State-change Notification"],"detail":{"application":["checkout"],"state":["SUCCESS","FAILURE"]}}`,
		`{"changes":true,"who":true}`, "deployment-failure deployment-recovery deployment-rollback", "deployment-success deployment-autoscaling",
	},
	"deploymentInstances": {
		`{"source":["aws.codedeploy"],"detail-type":["CodeDeploy Instance State-change Notification"],"detail":{"application":["checkout"],"state":["FAILURE"]}}`,
		`{}`, "deployment-instance-failure", "",
	},
	"ecsTasks": {
		`{"source":["aws.ecs"],"detail-type":["ECS Task State Change"],"detail":{"clusterArn":["arn:aws:ecs:eu-central-1:111122223333:cluster/blue"],"group":["service:checkout"],"lastStatus":["STOPPED"]}}`,
		`{}`, "task-out-of-memory task-elb-health-check task-exit-code task-failed-to-start task-spot", "task-scaling",
	},
	"ecsDeployments": {
		`{"source":["aws.ecs"],"detail-type":["ECS Deployment State Change"],"resources":[{"prefix":"arn:aws:ecs:eu-central-1:111122223333:service/blue/"}],"detail":{"eventName":["SERVICE_DEPLOYMENT_IN_PROGRESS","SERVICE_DEPLOYMENT_COMPLETED","SERVICE_DEPLOYMENT_FAILED"]}}`,
		`{}`, "ecs-deployment-completed ecs-deployment-failed ecs-deployment-rolling-back", "ecs-deployment-in-progress",
	},
	"ecsServices": {
		`{"source":["aws.ecs"],"detail-type":["ECS Service Action"],"detail":{"clusterArn":["arn:aws:ecs:eu-central-1:111122223333:cluster/blue"],"eventType":["ERROR","WARN"]}}`,
		`{}`, "ecs-service-placement-failure ecs-service-start-impaired", "",
	},
	"alarms": {
		`{"source":["aws.cloudwatch"],"detail-type":["CloudWatch Alarm State Change"],"detail":{"alarmName":[{"prefix":"checkout-"}],"state":{"value":["ALARM","OK"]}}}`,
		`{}`, "alarm-raised alarm-ok", "",
	},
	"health": {
		`{"source":["aws.health"],"detail-type":["AWS Health Event","AWS Health Abuse Event"]}`,
		`{}`, "health-issue health-issue-resolved health-scheduled-change health-notification health-abuse", "health-issue-backup",
	},
	"pattern": {
		`{"source":["aws.codebuild"],"detail-type":["CodeBuild Build State Change"],"detail":{"build-status":["FAILED"]}}`,
		`{"title":"Build of {$.detail.project-name} failed","severity":"error","facts":[{"label":"Phase","path":"$.detail.additional-information.phases[0].phase-type"}]}`,
		"made-up-codebuild-build-state-change", "",
	},
}

// everyWatch makes an assembly with a rule for every watch. What waits goes through a state
// machine.
func everyWatch(t *testing.T) string {
	t.Helper()
	resources := map[string]any{
		"Notifier": map[string]any{"Type": "AWS::Lambda::Function"},
		"Waiting": map[string]any{"Type": "AWS::StepFunctions::StateMachine", "Properties": map[string]any{
			"DefinitionString": map[string]any{"Fn::Join": []any{"", []any{
				`{"StartAt":"Wait","States":{"Wait":{"Type":"Wait","SecondsPath":"$.watch.lifecycle.afterSeconds","Next":"Tell"},"Tell":{"Type":"Task","Resource":"arn:`,
				map[string]string{"Ref": "AWS::Partition"}, `:states:::lambda:invoke","Parameters":{"FunctionName":"`, map[string]any{"Fn::GetAtt": []string{"Notifier", "Arn"}},
				`","Payload.$":"$"},"End":true}}}`,
			}}},
		}},
	}
	kinds := reflect.TypeFor[wire.Watch]()
	for i := range kinds.NumField() {
		kind, _, _ := strings.Cut(kinds.Field(i).Tag.Get("json"), ",")
		w, ok := watched[kind]
		if kinds.Field(i).Type.Kind() != reflect.Pointer {
			continue
		}
		if !ok {
			t.Fatalf("the rehearsal of the watch %s is not tested: add it to watched", kind)
		}
		to := "Notifier"
		if kind == "lifecycle" {
			to = "Waiting"
		}
		resources["Rule"+kind] = map[string]any{"Type": "AWS::Events::Rule", "Properties": map[string]any{
			"EventPattern": json.RawMessage(w.pattern),
			"Targets": []any{map[string]any{
				"Id": "T", "Arn": map[string]any{"Fn::GetAtt": []string{to, "Arn"}}, "InputTransformer": map[string]any{
					"InputTemplate": `{"watch":{"` + kind + `":` + w.watch + `},"sink":{"email":{"from":"ops@example.com","to":["team@example.com"]}},"event":<aws.events.event.json>}`,
				},
			}},
		}}
	}
	template, err := json.Marshal(map[string]any{"Resources": resources})
	if err != nil {
		t.Fatal(err)
	}
	return write(t, map[string]string{
		"manifest.json": `{"version":"54.0.0","artifacts":{"S":{"type":"aws:cloudformation:stack","environment":"aws://111122223333/eu-central-1","properties":{"templateFile":"S.json"}}}}`,
		"S.json":        string(template),
	})
}

// Every watch has built-in events, and those that it wants are told as what they are.
func TestEveryWatch(t *testing.T) {
	report, problems := rehearsal(t, Options{Assembly: everyWatch(t)})
	if len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
	outcomes, called, asked := map[string]string{}, map[string]bool{}, map[string][]string{}
	for _, i := range report.Items {
		outcomes[i.File] = string(i.Outcome)
		if i.Outcome == result.Failed {
			t.Errorf("%s failed: %s", i.File, i.Reason)
		}
		var delivery wire.Delivery
		if err := json.Unmarshal(i.Input, &delivery); err != nil {
			t.Fatalf("%s: %v in %s", i.File, err, i.Input)
		}
		if kind := decode.Decode(delivery.Event, delivery.Watch).Notice(time.Now()).Kind; kind == notice.KindUnknown {
			t.Errorf("%s is told as unknown", i.File)
		}
		for _, c := range i.AWSCalls() {
			called[c.Service+"."+c.Operation] = true
			if action := c.Service + ":" + c.Operation; action != aliasOnce {
				asked[delivery.Watch.Kind()] = append(asked[delivery.Watch.Kind()], action)
			}
			if c.Status != 200 {
				t.Errorf("%s: %s %s is answered with %d: %s", i.File, c.Service, c.Operation, c.Status, c.Input)
			}
		}
		for _, f := range i.Facts {
			if f.Label == "Not looked up" {
				t.Errorf("%s: not looked up: %s", i.File, f.Value)
			}
		}
	}
	checkStory(t, report.Items)
	for kind, granted := range grants(t) {
		slices.Sort(asked[kind])
		if got := slices.Compact(asked[kind]); !slices.Equal(got, granted) {
			t.Errorf("%s asks for\n%q\nand may ask for\n%q", kind, got, granted)
		}
	}
	for _, operation := range standin.Operations() {
		reads := strings.HasSuffix(operation, ".GetSecretValue") || operation == "ssm.GetParameter"
		if !called[operation] && !reads && operation != "sns.Publish" { // which other sinks call
			t.Errorf("nothing asks for %s, which is played", operation)
		}
	}
	for kind, w := range watched {
		for outcome, names := range map[result.Outcome]string{result.Sent: w.told, result.Skipped: w.untold} {
			for name := range strings.FieldsSeq(names) {
				if got := outcomes[name]; got != string(outcome) {
					t.Errorf("%s: %s is %q, want %s", kind, name, got, outcome)
				}
				delete(outcomes, name)
			}
		}
	}
	if len(outcomes) > 0 {
		t.Errorf("told, but not meant to be: %v", outcomes)
	}
}

// aliasOnce is what the notifier asks for once, whichever watch comes first.
const aliasOnce = "iam:ListAccountAliases"

// grants are the actions that the constructs grant for each watch.
func grants(t *testing.T) map[string][]string {
	t.Helper()
	raw, err := os.ReadFile("../../../../constructs/extraeye/testdata/grants.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	always := slices.DeleteFunc(all["always"], func(action string) bool {
		return action == aliasOnce || strings.HasPrefix(action, "logs:") || strings.HasPrefix(action, "sqs:") // no delivery does
	})
	delete(all, "always")
	for kind := range all {
		all[kind] = append(all[kind], always...)
		slices.Sort(all[kind])
	}
	return all
}

// What waits is told as late as it would be.
func TestWaiting(t *testing.T) {
	now := time.Date(2026, 11, 22, 21, 0, 0, 0, time.UTC)
	delivery := func(watch, at string) []byte {
		return []byte(fmt.Sprintf(`{"watch":%s,"sink":{"email":{}},"event":{"id":"e","time":%s}}`, watch, at))
	}
	cases := []struct {
		name, watch, at string
		want            string
		waited          time.Duration
	}{
		{"what is young grows old", `{"lifecycle":{"afterSeconds":600}}`, `"2026-11-22T20:59:00Z"`, `"2026-11-22T20:50:00Z"`, 10 * time.Minute},
		{"what is old grows young", `{"lifecycle":{"afterSeconds":600}}`, `"2020-11-22T20:00:00Z"`, `"2026-11-22T20:50:00Z"`, 10 * time.Minute},
		{"an event without a time", `{"lifecycle":{"afterSeconds":600}}`, `null`, `null`, 10 * time.Minute},
		{"another watch", `{"launches":{}}`, `"2026-11-22T20:59:00Z"`, `"2026-11-22T20:59:00Z"`, 0},
	}
	for _, c := range cases {
		later, waited := wait(delivery(c.watch, c.at), now)
		var got struct {
			Event struct{ Time json.RawMessage }
		}
		if err := json.Unmarshal(later, &got); err != nil || string(got.Event.Time) != c.want || waited != c.waited {
			t.Errorf("%s: got %s, %s, want %s, %s", c.name, got.Event.Time, waited, c.want, c.waited)
		}
	}
	for _, c := range []struct {
		reason string
		waited time.Duration
		want   string
	}{{"r", 0, "r"}, {"", 10 * time.Minute, "told after 10 minutes, as long as the watch waits"}, {"r", time.Hour, "after 1 hour: r"}} {
		if got := after(c.reason, c.waited); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
