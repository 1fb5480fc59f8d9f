package extraeye_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
)

// TestCounts counts each limit of AWS over the template of every watch with 300 names, by other code than
// the library's: a template is within all limits, or the library reports an error. With EXTRAEYE_LIMITS
// set, it also does with 1, with 100, and with 300 of the longest names.
func TestCounts(t *testing.T) {
	if testing.Short() {
		t.Skip("it synthesizes many stacks")
	}
	type names struct{ n, longer int }
	sizes := []names{{300, 0}}
	if os.Getenv("EXTRAEYE_LIMITS") != "" {
		sizes = []names{{1, 0}, {100, 0}, {300, 0}, {300, 200}}
	}
	t.Setenv("CDK_OUTDIR", t.TempDir()) // nothing is printed
	for _, size := range sizes {
		names := namesOf(size.n, size.longer)
		cdktest.EachWatch(t, func(kind string, c cdktest.WatchCase) {
			stack := awscdk.NewStack(cdktest.App(t), jsii.String("some-service-production"), nil)
			eye := extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{Sinks: []sink.Sink{cdktest.Mail, cdktest.Queue(stack)}})
			eye.Watch(c.Full(names))
			codes, texts := cdktest.Reported(stack)
			reported := slices.ContainsFunc(codes, func(code string) bool { return strings.HasPrefix(code, "E") })
			over := countsOf(t, cdktest.Synthesize(t, stack))
			if len(over) > 0 && !reported {
				t.Errorf("%s with %d names: %s, and nothing is reported", kind, size.n, strings.Join(over, "; "))
			}
			// Whose look-ups find the group of an instance: it matches none, and the notifier gets all of them.
			if want := kind == "spotInterruptions" && size.n == 300; reported != want {
				t.Errorf("%s with %d names, %d longer: reported %q", kind, size.n, size.longer, texts)
			}
		})
	}
}

// namesOf are n names of each kind that have so many more characters than usual, as far as AWS allows that.
func namesOf(n, longer int) cdktest.WatchNames {
	names := func(format string, longest int) []string {
		more := min(longer, longest-len(fmt.Sprintf(format, 0)))
		return cdktest.Names(n, format+strings.Repeat("x", more))
	}
	return cdktest.WatchNames{
		Groups: names("some-service-%03d-production", 255), Applications: names("some-service-%03d", 100), Clusters: names("some-cluster-%03d", 255),
		Instances: names("i-0123456789abcd%03d", 19), Alarms: names("some-service-%03d-errors", 255),
	}
}

// mostOf are the quotas on what a template has of one thing.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
var mostOf = map[string]int{"AWS::Events::Rule": 300, "Resources": 500, "Parameters": 200, "Outputs": 200, "Mappings": 200}

// longestName are how long the names of resources may be.
var longestName = map[string]int{
	"AWS::Events::Rule": 64, "AWS::Lambda::Function": 64, "AWS::IAM::Role": 64, "AWS::IAM::Policy": 128, "AWS::IAM::ManagedPolicy": 128,
	"AWS::SQS::Queue": 80, "AWS::StepFunctions::StateMachine": 80, "AWS::Logs::LogGroup": 512, "AWS::CloudWatch::Alarm": 255, "AWS::SNS::Topic": 256,
}

// countsOf returns what a template has too much of.
func countsOf(t *testing.T, template cdktest.Template) (over []string) {
	t.Helper()
	d := deployment{"some-service-production", template["Resources"].(map[string]any)}
	limit := func(what string, got, most int) {
		if got > most {
			over = append(over, fmt.Sprintf("%s: %d of %d", what, got, most))
		}
	}
	sums, kinds := map[string]int{}, map[string]int{}
	for id, r := range d.resources {
		kind, p := r.(map[string]any)["Type"].(string), d.value(r.(map[string]any)["Properties"])
		properties, _ := p.(map[string]any)
		kinds[kind]++
		if most, ok := longestName[kind]; ok {
			name := d.name(id)
			for _, key := range []string{"Name", kind[strings.LastIndex(kind, ":")+1:] + "Name"} {
				if given, ok := properties[key].(string); ok {
					name = given
				}
			}
			limit("name of "+id, len(name), most)
		}
		d.count(id, kind, properties, sums, limit)
	}
	for _, what := range slices.Sorted(maps.Keys(sums)) {
		most := 10240 // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
		if strings.HasPrefix(what, "function") {
			most = 20480 // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
		}
		limit("policy of "+what, sums[what], most)
	}
	for what, most := range mostOf {
		section, _ := template[what].(map[string]any)
		limit(what, max(kinds[what], len(section)), most)
	}
	text, err := json.Marshal(template) // of its indentation, which can be suppressed, CDK warns
	if err != nil {
		t.Fatal(err)
	}
	limit("bytes of the template", len(text), 1_000_000)
	return over
}

// deployment is a template as CloudFormation deploys it where names are long.
type deployment struct {
	stack     string
	resources map[string]any
}

// name is what CloudFormation calls a resource that has no name: the stack's and the resource's, cut as
// long as its type allows, and 12 characters.
func (d deployment) name(id string) string {
	r, _ := d.resources[id].(map[string]any)
	kind, _ := r["Type"].(string)
	most := longestName[kind]
	if most == 0 {
		most = 255
	}
	name := d.stack + "-" + id
	return name[:min(len(name), most-13)] + "-ABCDEFGHIJKL"
}

func (d deployment) arn(id string) string {
	r, _ := d.resources[id].(map[string]any)
	kind, _ := r["Type"].(string)
	parts := strings.Split(strings.ToLower(kind), "::")
	return "arn:aws-us-gov:" + parts[1] + ":ap-southeast-1:123456789012:" + parts[2] + "/" + d.name(id)
}

// value is a value of the template without intrinsic functions.
func (d deployment) value(v any) any {
	switch v := v.(type) {
	case []any:
		all := make([]any, len(v))
		for i, element := range v {
			all[i] = d.value(element)
		}
		return all
	case map[string]any:
		if ref, ok := v["Ref"].(string); ok && len(v) == 1 {
			return d.ref(ref)
		}
		if get, ok := v["Fn::GetAtt"].([]any); ok {
			return d.arn(get[0].(string))
		}
		if join, ok := v["Fn::Join"].([]any); ok {
			var parts []string
			for _, part := range d.value(join[1]).([]any) {
				parts = append(parts, fmt.Sprint(part))
			}
			return strings.Join(parts, join[0].(string))
		}
		all := map[string]any{}
		for key, element := range v {
			all[key] = d.value(element)
		}
		return all
	}
	return v
}

func (d deployment) ref(id string) string {
	pseudo := map[string]string{
		"AWS::Partition": "aws-us-gov", "AWS::Region": "ap-southeast-1", "AWS::AccountId": "123456789012", "AWS::URLSuffix": "amazonaws.com.cn",
		"AWS::StackName": d.stack, "AWS::NoValue": "",
	}
	if value, ok := pseudo[id]; ok {
		return value
	}
	return d.name(id)
}

// count counts what is limited in a resource, and adds up the policies of roles and functions.
func (d deployment) count(id, kind string, p map[string]any, sums map[string]int, limit func(what string, got, most int)) {
	size := func(v any) int {
		if text, ok := v.(string); ok {
			return len(text)
		}
		text, _ := json.Marshal(v) // with \u003c for <, and so no shorter than it is
		return len(text)
	}
	list := func(v any) []any { all, _ := v.([]any); return all }
	switch kind {
	case "AWS::Events::Rule": // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
		pattern, _ := json.Marshal(p["EventPattern"])
		limit("pattern of "+id, utf8.RuneCount(pattern), 2048)
		limit("targets of "+id, len(list(p["Targets"])), 5)
		for _, target := range list(p["Targets"]) {
			if transformer, ok := target.(map[string]any)["InputTransformer"].(map[string]any); ok {
				limit("input of "+id, utf8.RuneCountInString(transformer["InputTemplate"].(string)), 8192)
			}
		}
	case "AWS::IAM::Policy":
		for _, role := range list(p["Roles"]) {
			sums[fmt.Sprint("role ", role)] += size(p["PolicyDocument"])
		}
	case "AWS::IAM::Role":
		for _, inline := range list(p["Policies"]) {
			sums["role "+d.name(id)] += size(inline.(map[string]any)["PolicyDocument"])
		}
		limit("trust policy of "+id, size(p["AssumeRolePolicyDocument"]), 2048)
	case "AWS::IAM::ManagedPolicy":
		limit("managed policy "+id, size(p["PolicyDocument"]), 6144)
	case "AWS::SQS::QueuePolicy": // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
		document := p["PolicyDocument"].(map[string]any)
		limit("statements of "+id, len(list(document["Statement"])), 20)
		limit("policy "+id, size(document), 8192)
	case "AWS::Lambda::Permission": // as Lambda writes it
		sums[fmt.Sprint("function ", p["FunctionName"])] += size(map[string]any{
			"Sid": d.name(id), "Effect": "Allow", "Principal": map[string]any{"Service": p["Principal"]}, "Action": p["Action"], "Resource": p["FunctionName"],
			"Condition": map[string]any{"StringEquals": map[string]any{"AWS:SourceAccount": p["SourceAccount"]}, "ArnLike": map[string]any{"AWS:SourceArn": p["SourceArn"]}},
		})
	case "AWS::Logs::ResourcePolicy":
		limit("policy "+id, size(p["PolicyDocument"]), 5120)
	}
}
