package assembly

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// readTemplate reads an assembly whose one stack, Svc, has this template.
func readTemplate(t *testing.T, template string, opt Options) *App {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"manifest.json": `{"version": "54.0.0", "artifacts": {"Svc": {"type": "aws:cloudformation:stack",
			"environment": "aws://111122223333/eu-west-1", "properties": {"templateFile": "Svc.json"}}}}`,
		"Svc.json": template,
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	app, err := Read(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// around is a template with something of everything; the rule's pattern is %s.
const around = `{
	"Parameters": {
		"Plain": {"Type": "String", "Default": "p"},
		"Number": {"Type": "Number", "Default": 5},
		"List": {"Type": "CommaDelimitedList", "Default": "a, b"},
		"Open": {"Type": "String"},
		"Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/path"}
	},
	"Mappings": {"M": {"eu-west-1": {"x": "mapped"}}},
	"Conditions": {
		"Yes": {"Fn::Equals": [{"Ref": "Plain"}, "p"]},
		"No": {"Fn::Not": [{"Condition": "Yes"}]},
		"Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
		"Any": {"Fn::Or": [{"Condition": "No"}, {"Condition": "Yes"}]},
		"Circle": {"Fn::Not": [{"Condition": "Circle"}]}
	},
	"Resources": {
		"Named": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "${Plain}-q"}}},
		"Fifo": {"Type": "AWS::SQS::Queue", "Properties": {"FifoQueue": true}},
		"Topic": {"Type": "AWS::SNS::Topic"},
		"Group": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": {"AutoScalingGroupName": "g"}},
		"Fn": {"Type": "AWS::Lambda::Function"},
		"Alias": {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "Fn"}, "Name": "live"}},
		"Version": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Fn::GetAtt": ["Fn", "Arn"]}}},
		"Role": {"Type": "AWS::IAM::Role"},
		"Logs": {"Type": "AWS::Logs::LogGroup"},
		"Sending": {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": "example.com"}},
		"Odd": {"Type": "Custom::Thing"},
		"Egg": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::GetAtt": ["Hen", "TopicName"]}}},
		"Hen": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::GetAtt": ["Egg", "TopicName"]}}},
		"Rule": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"v": [%s]}}}
	},
	"Outputs": {"Own": {"Value": {"Ref": "Plain"}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-own"}}}}
}`

func TestIntrinsics(t *testing.T) {
	for _, c := range []struct{ in, want, note string }{
		{`{"Ref": "AWS::AccountId"}`, `"111122223333"`, ""},
		{`{"Ref": "AWS::Region"}`, `"eu-west-1"`, ""},
		{`{"Ref": "AWS::Partition"}`, `"aws"`, ""},
		{`{"Ref": "AWS::URLSuffix"}`, `"amazonaws.com"`, ""},
		{`{"Ref": "AWS::StackName"}`, `"Svc"`, ""},
		{`{"Ref": "AWS::StackId"}`, `"arn:aws:cloudformation:eu-west-1:111122223333:stack/Svc/11111111-2222-3333-4444-555555555555"`, ""},
		{`{"Ref": "AWS::NotificationARNs"}`, `[]`, ""},
		{`1, {"Ref": "AWS::NoValue"}`, `1`, ""},
		{`{"a": 1, "b": {"Ref": "AWS::NoValue"}}`, `{"a":1}`, ""},
		{`{"Ref": "Plain"}`, `"p"`, ""},
		{`{"Ref": "Number"}`, `5`, ""},
		{`{"Ref": "List"}`, `["a","b"]`, ""},
		{`{"Ref": "Open"}`, `"unresolved-Open"`, "Open is left open: the parameter has no default"},
		{`{"Ref": "Stored"}`, `"unresolved-Stored"`, "read from the SSM parameter /path"},
		{`{"Ref": "Gone"}`, `"unresolved-Gone"`, "no parameter or resource of that name"},
		{`{"Ref": "Named"}`, `"https://sqs.eu-west-1.amazonaws.com/111122223333/p-q"`, ""},
		{`{"Ref": "Group"}`, `"g"`, ""},
		{`{"Ref": "Fn"}`, `"Svc-Fn"`, ""},
		{`{"Ref": "Topic"}`, `"arn:aws:sns:eu-west-1:111122223333:Svc-Topic"`, ""},
		{`{"Ref": "Alias"}`, `"arn:aws:lambda:eu-west-1:111122223333:function:Svc-Fn:live"`, ""},
		{`{"Ref": "Version"}`, `"arn:aws:lambda:eu-west-1:111122223333:function:Svc-Fn:1"`, ""},
		{`{"Ref": "Sending"}`, `"example.com"`, ""},
		{`{"Ref": "Odd"}`, `"Svc-Odd"`, ""},
		{`{"Ref": 5}`, `"unresolved-5"`, "no parameter or resource"},
		{`{"Fn::GetAtt": ["Named", "Arn"]}`, `"arn:aws:sqs:eu-west-1:111122223333:p-q"`, ""},
		{`{"Fn::GetAtt": ["Named", "QueueName"]}`, `"p-q"`, ""},
		{`{"Fn::GetAtt": "Fifo.Arn"}`, `"arn:aws:sqs:eu-west-1:111122223333:Svc-Fifo.fifo"`, ""},
		{`{"Fn::GetAtt": ["Topic", "TopicArn"]}`, `"arn:aws:sns:eu-west-1:111122223333:Svc-Topic"`, ""},
		{`{"Fn::GetAtt": ["Role", "Arn"]}`, `"arn:aws:iam::111122223333:role/Svc-Role"`, ""},
		{`{"Fn::GetAtt": ["Logs", "Arn"]}`, `"arn:aws:logs:eu-west-1:111122223333:log-group:Svc-Logs:*"`, ""},
		{`{"Fn::GetAtt": ["Rule", "Arn"]}`, `"arn:aws:events:eu-west-1:111122223333:rule/Svc-Rule"`, ""},
		{`{"Fn::GetAtt": ["Group", "Arn"]}`, `"arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:11111111-2222-3333-4444-555555555555:autoScalingGroupName/g"`, ""},
		{`{"Fn::GetAtt": ["Odd", "Answer"]}`, `"unresolved-Odd.Answer"`, "Custom::Thing.Answer is not known before the deployment"},
		{`{"Fn::GetAtt": ["Gone", "Arn"]}`, `"unresolved-Gone.Arn"`, "no resource Gone"},
		{`{"Fn::GetAtt": []}`, `"unresolved-."`, "no resource"},
		{`{"Fn::GetAtt": ["Egg", "TopicName"]}`, `"unresolved-circle"`, "depends on itself"},
		{`{"Fn::Join": ["-", ["a", {"Ref": "Plain"}, 5, true]]}`, `"a-p-5-true"`, ""},
		{`{"Fn::Join": [",", {"Ref": "List"}]}`, `"a,b"`, ""},
		{`{"Fn::Join": "x"}`, `"unresolved-Fn::Join"`, "Fn::Join is left open"},
		{`{"Fn::Sub": "${Plain}/${AWS::Region}/${Named.Arn}/${!Literal}/${Number}/$x"}`, `"p/eu-west-1/arn:aws:sqs:eu-west-1:111122223333:p-q/${Literal}/5/$x"`, ""},
		{`{"Fn::Sub": ["${Own}${Plain}${", {"Own": {"Ref": "Group"}}]}`, `"gp${"`, ""},
		{`{"Fn::Sub": 5}`, `"unresolved-Fn::Sub"`, "it needs a text"},
		{`{"Fn::Select": [1, {"Fn::Split": ["|", "a|b|c"]}]}`, `"b"`, ""},
		{`{"Fn::Select": ["0", {"Fn::GetAZs": ""}]}`, `"eu-west-1a"`, ""},
		{`{"Fn::Select": [9, ["a"]]}`, `"unresolved-Fn::Select"`, "no element 9"},
		{`{"Fn::Split": ["", "a"]}`, `"unresolved-Fn::Split"`, "Fn::Split is left open"},
		{`{"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "x"]}`, `"mapped"`, ""},
		{`{"Fn::FindInMap": ["M", "us-east-1", "x"]}`, `"unresolved-Fn::FindInMap"`, "there is no M.us-east-1.x"},
		{`{"Fn::FindInMap": ["M", "us-east-1", "x", {"DefaultValue": "d"}]}`, `"d"`, ""},
		{`{"Fn::If": ["Yes", {"Ref": "Plain"}, "no"]}`, `"p"`, ""},
		{`{"Fn::If": ["No", "yes", "no"]}`, `"no"`, ""},
		{`{"Fn::If": ["Both", "yes", "no"]}`, `"no"`, ""},
		{`{"Fn::If": ["Any", "yes", "no"]}`, `"yes"`, ""},
		{`{"Fn::If": ["Circle", "yes", "no"]}`, `"yes"`, "condition Circle depends on itself"},
		{`{"Fn::If": ["Gone", "yes", "no"]}`, `"no"`, "no condition Gone"},
		{`{"Fn::ImportValue": "Svc-own"}`, `"p"`, ""},
		{`{"Fn::ImportValue": {"Fn::Sub": "${AWS::StackName}-own"}}`, `"p"`, ""},
		{`{"Fn::ImportValue": "other"}`, `"unresolved-other"`, "no stack of this assembly exports it"},
		{`{"Fn::GetStackOutput": {"StackName": "Svc", "OutputName": "Own"}}`, `"p"`, ""},
		{`{"Fn::GetStackOutput": {"StackName": "Gone", "OutputName": "Own"}}`, `"unresolved-Fn::GetStackOutput"`, "no stack Gone in eu-west-1"},
		{`{"Fn::Base64": "abc"}`, `"YWJj"`, ""},
		{`{"Fn::ToJsonString": {"a": {"Ref": "Plain"}}}`, `"{\"a\":\"p\"}"`, ""},
		{`{"Fn::Length": {"Ref": "List"}}`, `2`, ""},
		{`{"Fn::Transform": {"Name": "Macro"}}`, `"unresolved-Fn::Transform"`, "Fn::Transform is left open"},
		{`{"prefix": "<&>"}`, `{"prefix":"<&>"}`, ""},
		{`3.018e2, 12345678901234567890`, `3.018e2,12345678901234567890`, ""},
	} {
		t.Run(c.in, func(t *testing.T) {
			app := readTemplate(t, fmt.Sprintf(around, c.in), Options{})
			if got, want := string(app.Rules()[0].Pattern), `{"v":[`+c.want+`]}`; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			notes := strings.Join(app.Notes, "\n")
			if (c.note == "") != (notes == "") || !strings.Contains(notes, c.note) {
				t.Errorf("Notes = %q, want %q in it", notes, c.note)
			}
		})
	}
}

func TestResolveOption(t *testing.T) {
	pattern := `{"Ref": "Open"}, {"Ref": "Group"}, {"Fn::GetAtt": ["Odd", "Answer"]}, {"Fn::GetAtt": ["Fn", "Arn"]}, {"Fn::ImportValue": "other"}, {"Fn::Sub": "${Fn}"}`
	app := readTemplate(t, fmt.Sprintf(around, pattern), Options{Resolve: map[string]string{
		"Open": "o", "Group": "real", "Odd.Answer": "42", "Fn.Arn": "arn:fn", "other": "imported", "Fn": "fn",
	}})
	if got, want := string(app.Rules()[0].Pattern), `{"v":["o","real","42","arn:fn","imported","fn"]}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(app.Notes) > 0 {
		t.Errorf("Notes = %q, want none", app.Notes)
	}
}

func TestHostileTemplates(t *testing.T) {
	var doubling strings.Builder
	for i := 1; i <= 40; i++ {
		fmt.Fprintf(&doubling, `"T%d": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::Sub": "${T%d.TopicName}${T%d.TopicName}"}}},`, i, i-1, i-1)
	}
	const rule = `"R": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"v": [{"Fn::GetAtt": ["T40", "TopicName"]}]}}}`
	for name, template := range map[string]string{
		"doubling names":         `{"Resources": {"T0": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "0123456789"}},` + doubling.String() + rule + `}}`,
		"no resources":           `{}`,
		"null resources":         `{"Resources": null}`,
		"resource is null":       `{"Resources": {"R": null}}`,
		"resource is a loop":     `{"Resources": {"Fn::ForEach::Rules": ["X", ["a"], {}]}}`,
		"resources are a list":   `{"Resources": []}`,
		"resources are a number": `{"Resources": 5}`,
		"no type":                `{"Resources": {"R": {}}}`,
		"targets are no list":    `{"Resources": {"R": {"Type": "AWS::Events::Rule", "Properties": {"Targets": "x", "EventPattern": 5}}}}`,
		"targets are no objects": `{"Resources": {"R": {"Type": "AWS::Events::Rule", "Properties": {"Targets": [null, 5, [], {"Id": {}, "InputTransformer": {"InputPathsMap": []}}]}}}}`,
		"nested in itself":       `{"Resources": {"N": {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": "Svc.json"}}}}`,
		"nested outside":         `{"Resources": {"N": {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": "../../../../etc/passwd"}}}}`,
		"deep":                   `{"Resources": {"R": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": ` + strings.Repeat(`{"Fn::Select": [0, [`, 3000) + `1` + strings.Repeat(`]]}`, 3000) + `}}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range readTemplate(t, template, Options{}).Rules() {
				if len(r.Pattern) > 2*maxText {
					t.Errorf("a pattern of %d bytes", len(r.Pattern))
				}
			}
		})
	}
}

func TestRules(t *testing.T) {
	app := readTemplate(t, `{
		"Conditions": {"No": {"Fn::Equals": ["a", "b"]}},
		"Resources": {
			"Zeta": {"Type": "AWS::Events::Rule", "Metadata": {"aws:cdk:path": "Svc/Eye/Rule"}, "Properties": {
				"Name": "z", "Description": "d", "EventBusName": "arn:aws:events:eu-west-1:1:event-bus/own", "State": "DISABLED",
				"EventPattern": "{\"source\": [\"s\"]}",
				"Targets": [{"Fn::If": ["No", {"Id": "gone"}, {"Ref": "AWS::NoValue"}]}, {"Id": "T", "Arn": "arn:aws:states:eu-west-1:1:stateMachine:m", "Input": "{}"}]
			}},
			"Alpha": {"Type": "AWS::Events::Rule", "Properties": {"ScheduleExpression": "rate(1 hour)", "Targets": [{"Id": "T", "Arn": {"Fn::GetAtt": ["Odd", "Arn"]}}]}},
			"Never": {"Type": "AWS::Events::Rule", "Condition": "No", "Properties": {}},
			"Odd": {"Type": "AWS::Odd::Thing"}
		}}`, Options{})
	rules := app.Rules()
	if len(rules) != 2 || rules[0].LogicalID != "Zeta" || rules[1].LogicalID != "Alpha" {
		t.Fatalf("rules = %+v, want Zeta and Alpha, as they are written", rules)
	}
	z, a := rules[0], rules[1]
	if z.Path != "Svc/Eye/Rule" || z.Name != "z" || z.Description != "d" || z.EventBus != "own" || z.Enabled ||
		z.ARN != "arn:aws:events:eu-west-1:111122223333:rule/own/z" || string(z.Pattern) != `{"source": ["s"]}` {
		t.Errorf("Zeta = %+v", z)
	}
	if len(z.Targets) != 1 || z.Targets[0].Kind != "AWS::StepFunctions::StateMachine" || *z.Targets[0].Input != "{}" {
		t.Errorf("targets of Zeta = %+v", z.Targets)
	}
	if a.Pattern != nil || !a.Enabled || a.Schedule != "rate(1 hour)" || a.EventBus != "default" {
		t.Errorf("Alpha = %+v", a)
	}
	if odd := a.Targets[0]; odd.Kind != "AWS::Odd::Thing" || odd.Resource == nil || odd.Resource.LogicalID != "Odd" {
		t.Errorf("target of Alpha = %+v", odd)
	}
}
