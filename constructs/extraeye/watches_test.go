package extraeye_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

// allWatches are one of every watch, with every prop.
func allWatches() []watch.Watch {
	groups, applications, clusters := []string{"web", "worker"}, []string{"web", "worker"}, []string{"main", "batch"}
	return []watch.Watch{
		watch.Terminations{Groups: groups, Causes: watch.AllCauses},
		watch.Launches{Groups: groups, Successful: true},
		watch.InstanceRefreshes{Groups: groups, States: watch.AllRefreshStates},
		watch.Lifecycle{Groups: groups, After: 90 * time.Second},
		watch.Instances{InstanceIDs: []string{"i-0123456789abcdef0"}, States: watch.AllInstanceStates},
		watch.SpotInterruptions{Groups: groups, Recommendations: true},
		watch.Deployments{Applications: applications, Groups: []string{"production"}, States: watch.AllStates, Creators: watch.AllCreators, Changes: true, Who: true},
		watch.DeploymentInstances{Applications: applications, Groups: []string{"production"}, States: watch.AllStates},
		watch.ECSTasks{Clusters: clusters, Services: []string{"web"}, Reasons: watch.AllStopReasons},
		watch.ECSDeployments{Clusters: clusters, Services: []string{"web", "worker"}, States: watch.AllECSStates},
		watch.ECSServices{Clusters: clusters, Services: []string{"web", "worker"}, SteadyStates: true},
		watch.Alarms{Names: []string{"web-cpu"}, Prefixes: []string{"db-", "queue-"}, States: watch.AllAlarmStates},
		watch.Health{Services: []string{"EC2", "ABUSE"}, Categories: watch.AllHealthCategories},
		watch.Pattern{
			Pattern: &awsevents.EventPattern{
				Source: jsii.Strings("aws.codebuild"), DetailType: jsii.Strings("CodeBuild Build State Change"),
				Account: jsii.Strings("123456789012"), Region: jsii.Strings("eu-west-1"), Version: jsii.Strings("0"),
				Id: awsevents.Match_Exists(), Time: awsevents.Match_Prefix(jsii.String("2026-")), Resources: awsevents.Match_Suffix(jsii.String("/web")),
				Detail: &map[string]any{
					"build-status": awsevents.Match_AnyOf(awsevents.Match_ExactString(jsii.String("FAILED")), awsevents.Match_Prefix(jsii.String("STOP"))),
					"additional-information": map[string]any{
						"initiator": awsevents.Match_AnythingBut("nobody"), "cache": []any{"a", 1, true},
					},
				},
			},
			Title: "Build of {$.detail.project-name} failed", Severity: watch.Warning,
			Facts: []watch.Fact{{Label: "Build", Path: "$.detail.build-id"}, {Label: "Project", Path: "$.resources[0]"}},
		},
	}
}

// defaultWatches are one of every watch, with no more than it needs.
func defaultWatches() []watch.Watch {
	a := []string{"a"}
	return []watch.Watch{
		watch.Terminations{Groups: a}, watch.Launches{Groups: a}, watch.InstanceRefreshes{Groups: a}, watch.Lifecycle{Groups: a},
		watch.Instances{InstanceIDs: []string{"i-0123456789abcdef0"}}, watch.SpotInterruptions{},
		watch.Deployments{Applications: a}, watch.DeploymentInstances{Applications: a},
		watch.ECSTasks{Clusters: a}, watch.ECSDeployments{Clusters: a}, watch.ECSServices{Clusters: a},
		watch.Alarms{Names: a}, watch.Health{},
		watch.Pattern{Pattern: &awsevents.EventPattern{Source: jsii.Strings("some.service")}, Title: "Something happened"},
	}
}

func watchAll(stack awscdk.Stack, watches []watch.Watch) *extraeye.Eye {
	eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Service: "some-service", Sinks: []sink.Sink{mail}})
	for _, w := range watches {
		eye.Watch(w)
	}
	return eye
}

// watching returns what each rule of an Eye tells the notifier is watched.
func watching(t *testing.T, template map[string]any, stack awscdk.Stack, eye *extraeye.Eye) []wire.Watch {
	t.Helper()
	var all []wire.Watch
	for _, rule := range eye.Rules() {
		properties := template["Resources"].(map[string]any)[*stack.GetLogicalId(rule)].(map[string]any)["Properties"].(map[string]any)
		for _, target := range properties["Targets"].([]any) {
			transformer, ok := target.(map[string]any)["InputTransformer"].(map[string]any)
			if !ok {
				continue
			}
			var delivery wire.Delivery
			input := strings.Replace(flat(transformer["InputTemplate"]), "<aws.events.event.json>", "{}", 1)
			if err := json.Unmarshal([]byte(input), &delivery); err != nil {
				t.Fatalf("%v: %s", err, input)
			}
			all = append(all, delivery.Watch)
		}
	}
	return all
}

// TestGoldenWatches checks what every watch becomes, and that every watch of the
// contract is among them.
func TestGoldenWatches(t *testing.T) {
	stack := newStack(t)
	eye := watchAll(stack, allWatches())
	if codes, texts := reported(stack); len(codes) > 0 {
		t.Fatal(texts)
	}
	all := template(t, stack)
	goldenTemplate(t, "testdata/watches.template.json", all)
	told := watching(t, all, stack, eye)
	for _, f := range reflect.VisibleFields(reflect.TypeFor[wire.Watch]()) {
		if f.Type.Kind() == reflect.Pointer && !slices.ContainsFunc(told, func(w wire.Watch) bool { return !reflect.ValueOf(w).FieldByIndex(f.Index).IsNil() }) {
			t.Errorf("no watch here is bound to wire.Watch.%s", f.Name)
		}
	}
}

// TestPatternsOfWatches checks the events that each watch asks for when it is given
// no more than it needs.
func TestPatternsOfWatches(t *testing.T) {
	const asg, ecs, codedeploy = `"source":["aws.autoscaling"]}`, `"source":["aws.ecs"]}`, `"source":["aws.codedeploy"]}`
	const group = `{"detail":{"AutoScalingGroupName":["a"]},"detail-type":`
	const arn = "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:"
	want := []string{
		group + `["EC2 Instance Terminate Successful","EC2 Instance Terminate Unsuccessful"],` + asg,
		group + `["EC2 Instance Launch Unsuccessful"],` + asg,
		group + `["EC2 Auto Scaling Instance Refresh Succeeded","EC2 Auto Scaling Instance Refresh Failed","EC2 Auto Scaling Instance Refresh Cancelled",` +
			`"EC2 Auto Scaling Instance Refresh Rollback Started","EC2 Auto Scaling Instance Refresh Rollback Succeeded","EC2 Auto Scaling Instance Refresh Rollback Failed"],` + asg,
		group + `["EC2 Instance-launch Lifecycle Action","EC2 Instance-terminate Lifecycle Action"],` + asg,
		`{"detail":{"instance-id":["i-0123456789abcdef0"],"state":["stopped","terminated"]},"detail-type":["EC2 Instance State-change Notification"],"source":["aws.ec2"]}`,
		`{"detail-type":["EC2 Spot Instance Interruption Warning"],"source":["aws.ec2"]}`,
		`{"detail":{"application":["a"],"state":["SUCCESS","FAILURE","STOP"]},"detail-type":["CodeDeploy Deployment State-change Notification"],` + codedeploy,
		`{"detail":{"application":["a"],"state":["FAILURE"]},"detail-type":["CodeDeploy Instance State-change Notification"],` + codedeploy,
		`{"detail":{"clusterArn":["` + arn + `cluster/a"],"lastStatus":["STOPPED"]},"detail-type":["ECS Task State Change"],` + ecs,
		`{"detail":{"eventName":["SERVICE_DEPLOYMENT_IN_PROGRESS","SERVICE_DEPLOYMENT_COMPLETED","SERVICE_DEPLOYMENT_FAILED"]},"detail-type":["ECS Deployment State Change"],` +
			`"resources":[{"prefix":"` + arn + `service/a/"}],` + ecs,
		`{"detail":{"clusterArn":["` + arn + `cluster/a"],"eventType":["ERROR","WARN"]},"detail-type":["ECS Service Action"],` + ecs,
		`{"detail":{"alarmName":["a"],"state":{"value":["ALARM","OK"]}},"detail-type":["CloudWatch Alarm State Change"],"source":["aws.cloudwatch"]}`,
		`{"detail":{"eventTypeCategory":["issue","investigation","scheduledChange"]},"detail-type":["AWS Health Event","AWS Health Abuse Event"],"source":["aws.health"]}`,
		`{"source":["some.service"]}`,
	}
	stack := newStack(t)
	eye := watchAll(stack, defaultWatches())
	var got []string
	for _, p := range patterns(t, stack, eye) {
		got = append(got, flatJSON(t, p))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the rules match\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestDefaultsOfWatches checks what the notifier is told of each watch when it is
// given no more than it needs.
func TestDefaultsOfWatches(t *testing.T) {
	want := []string{
		`{"terminations":{"releases":{"applications":["a"]}}}`, `{"launches":{}}`, `{"instanceRefreshes":{}}`, `{"lifecycle":{"afterSeconds":600}}`,
		`{"instances":{}}`, `{"spotInterruptions":{}}`, `{"deployments":{}}`, `{"deploymentInstances":{}}`,
		`{"ecsTasks":{}}`, `{"ecsDeployments":{}}`, `{"ecsServices":{}}`, `{"alarms":{"recoveriesOnly":true}}`, `{"health":{}}`,
		`{"pattern":{"title":"Something happened","severity":"info"}}`,
	}
	stack := newStack(t)
	eye := watchAll(stack, defaultWatches())
	var got []string
	for _, w := range watching(t, template(t, stack), stack, eye) {
		w.Service = ""
		text, err := json.Marshal(w)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(text))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the notifier is told\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestNamesThatAreKnownAtDeployment checks that every name may be one, and how long
// each is taken to be.
func TestNamesThatAreKnownAtDeployment(t *testing.T) {
	stack := newStack(t)
	next := 0
	tokens := func(n int) []string {
		var all []string
		for range n {
			next++
			all = append(all, *awscdk.NewCfnParameter(stack, jsii.String(fmt.Sprint("P", next)), nil).ValueAsString())
		}
		return all
	}
	group := tokens(1)
	for name, tt := range map[string]struct {
		watch watch.Watch
		rules int
	}{
		"groups":        {watch.Launches{Groups: tokens(20)}, 3},
		"refreshes":     {watch.InstanceRefreshes{Groups: group}, 1},
		"hooks":         {watch.Lifecycle{Groups: group}, 1},
		"instances":     {watch.Instances{InstanceIDs: tokens(80)}, 1},
		"Spot groups":   {watch.SpotInterruptions{Groups: group}, 1},
		"applications":  {watch.DeploymentInstances{Applications: tokens(20), Groups: group}, 2},
		"releases":      {watch.Deployments{Applications: tokens(2)}, 1},
		"clusters":      {watch.ECSTasks{Clusters: tokens(10), Services: group}, 2},
		"services":      {watch.ECSServices{Clusters: group, Services: tokens(10)}, 4},
		"alarms":        {watch.Alarms{Names: tokens(5), Prefixes: tokens(5)}, 2},
		"Health's":      {watch.Health{Services: group}, 1},
		"event pattern": {watch.Pattern{Pattern: &awsevents.EventPattern{Source: jsii.Strings(group[0])}, Title: "t"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			eye := extraeye.NewEye(stack, strings.ReplaceAll(name, " ", ""), &extraeye.EyeProps{Sinks: []sink.Sink{mail}})
			eye.Watch(tt.watch)
			if n := len(eye.Rules()); n != tt.rules {
				t.Errorf("%d rules, want %d", n, tt.rules)
			}
		})
	}
	if codes, texts := reported(stack); len(codes) > 0 {
		t.Error(texts)
	}
}

// TestListsThatAreKnownAtDeployment checks that an event pattern may have one: it is
// not packed.
func TestListsThatAreKnownAtDeployment(t *testing.T) {
	stack := newStack(t)
	list := awscdk.NewCfnParameter(stack, jsii.String("Sources"), &awscdk.CfnParameterProps{Type: jsii.String("CommaDelimitedList")}).ValueAsList()
	eye := watchAll(stack, []watch.Watch{watch.Pattern{Pattern: &awsevents.EventPattern{Source: list}, Title: "t"}})
	if codes, texts := reported(stack); len(codes) > 0 {
		t.Fatal(texts)
	}
	if got := patterns(t, stack, eye)[0]; got != `{"source":{"Ref":"Sources"}}` {
		t.Errorf("the rule matches %s", got)
	}
}

// flatJSON writes the intrinsics in a JSON text as Fn::Sub would have them.
func flatJSON(t *testing.T, text string) string {
	t.Helper()
	var walk func(v any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		case map[string]any:
			for key := range v {
				if key == "Ref" || strings.HasPrefix(key, "Fn::") {
					return flat(v)
				}
				v[key] = walk(v[key])
			}
		}
		return v
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(walk(v)); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}
