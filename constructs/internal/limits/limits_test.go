package limits

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

var stack = Stack{Name: "shop", IsParameter: func(id string) bool { return id == "Parameter" }}

func decode(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestText checks how long values can be that are known only at deployment: no shorter than
// what AWS makes of them.
func TestText(t *testing.T) {
	for _, tt := range []struct{ value, like string }{
		{`"plain"`, "plain"},
		{`{"Ref": "AWS::Partition"}`, "aws-us-gov"},
		{`{"Ref": "AWS::NoValue"}`, ""},
		{`{"Fn::Sub": "${AWS::Region}/${!literal"}`, "ap-southeast-1/"},
		{`{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":sns:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}, ":topic"]]}`,
			"arn:aws-us-gov:sns:ap-southeast-1:123456789012:topic"},
	} {
		if got := stack.Text(decode(t, tt.value)); got != len(tt.like) {
			t.Errorf("%s can have %d characters, want %d as %q has", tt.value, got, len(tt.like), tt.like)
		}
	}
	for _, tt := range []struct{ value, like string }{
		{`{"Ref": "Topic"}`, "arn:aws-us-gov:sns:us-gov-west-1:123456789012:shop-Topic-ABCDEFGHIJKL"},
		{`{"Fn::GetAtt": ["Queue", "Arn"]}`, "arn:aws-us-gov:sqs:us-gov-west-1:123456789012:shop-Queue-ABCDEFGHIJKL"},
		{`{"Fn::GetAtt": "Queue.Arn"}`, "arn:aws-us-gov:sqs:us-gov-west-1:123456789012:shop-Queue-ABCDEFGHIJKL"},
		{`{"Ref": "Secret"}`, "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:shop-Secret-ABCDEFGHIJKL-AbCdEf"},
		{`{"Ref": "Parameter"}`, strings.Repeat("x", 255)},
		{`{"Fn::GetAtt": []}`, ""},
		{`{"Fn::ImportValue": "x"}`, "arn:aws-us-gov:sns:us-gov-west-1:123456789012:some-other-stack-Topic-ABCDEFGHIJKL"},
	} {
		if got := stack.Text(decode(t, tt.value)); got < len(tt.like) {
			t.Errorf("%s can have %d characters, and %q has %d", tt.value, got, tt.like, len(tt.like))
		}
	}
}

// TestUnknownStackName checks that a stack whose name is not known can have the longest one,
// which is part of the names that CloudFormation makes up.
func TestUnknownStackName(t *testing.T) {
	topic := decode(t, `{"Ref": "Topic"}`)
	longest := Stack{Name: strings.Repeat("x", 128)}
	if got, want := (Stack{}).Text(topic), longest.Text(topic); got != want {
		t.Errorf("a topic's ARN can have %d characters, want %d", got, want)
	}
}

// TestAtLeast checks how short values can be that are known only at deployment: no longer
// than what AWS makes of them.
func TestAtLeast(t *testing.T) {
	least := stack
	least.AtLeast = true
	for _, tt := range []struct{ value, like string }{
		{`{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":sns:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}, ":topic"]]}`,
			"arn:aws:sns:us-east-1:123456789012:topic"},
		{`{"Fn::Sub": "${AWS::URLSuffix}"}`, "amazonaws.com"},
		{`{"Fn::GetAtt": ["Queue", "Arn"]}`, "arn:aws:sqs:us-east-1:123456789012:q"},
		{`{"Ref": "Parameter"}`, ""},
		{`{"Fn::ImportValue": "x"}`, "x"},
	} {
		if got := least.Text(decode(t, tt.value)); got > len(tt.like) {
			t.Errorf("%s has at least %d characters, and %q has %d", tt.value, got, tt.like, len(tt.like))
		}
	}
}

// TestPermission compares the size of a statement with one that Lambda wrote.
func TestPermission(t *testing.T) {
	const wrote = `{"Sid":"shop-EyeTerminationsRule1Permission12345678-ABCDEFGHIJKL","Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},` +
		`"Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:eu-west-1:123456789012:function:shop-ExtraeyeNotifierFunction58790D5E-AbCdEfGhIjKl",` +
		`"Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:events:eu-west-1:123456789012:rule/shop-EyeTerminationsRule112345678-ABCDEFGHIJKL"}}}`
	got := stack.Permission("EyeTerminationsRule1Permission12345678", map[string]any{
		"Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com",
		"FunctionName": map[string]any{"Fn::GetAtt": []any{"ExtraeyeNotifierFunction58790D5E", "Arn"}},
		"SourceArn":    map[string]any{"Fn::GetAtt": []any{"EyeTerminationsRule112345678", "Arn"}},
	})
	if got < len(wrote) || got > len(wrote)+60 {
		t.Errorf("a statement is counted with %d bytes, and Lambda writes %d", got, len(wrote))
	}
}

// many are n resources of one kind.
func many(n int, resource string) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`"R%d": %s`, i, strings.ReplaceAll(resource, "#", fmt.Sprint(i))))
	}
	return `{"Resources": {` + strings.Join(all, ", ") + `}}`
}

// TestCheck goes up to each limit, and beyond it.
func TestCheck(t *testing.T) {
	const statement = `{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*"}`
	statements := func(n int, s string) string { return strings.TrimSuffix(strings.Repeat(s+", ", n), ", ") }
	policy := func(kind, property string, n int, s string) string {
		return many(1, `{"Type": "`+kind+`", "Properties": {"`+property+`": {"Statement": [`+statements(n, s)+`]}, "Roles": [{"Ref": "Role"}]}}`)
	}
	text := func(n int) string { return strings.Repeat("x", n) }
	rule := func(properties string) string {
		return many(1, `{"Type": "AWS::Events::Rule", "Properties": {`+properties+`}}`)
	}
	permissions := func(n int) string {
		return many(n, `{"Type": "AWS::Lambda::Permission", "Properties": {"Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com",
			"FunctionName": {"Fn::GetAtt": ["Function", "Arn"]}, "SourceArn": {"Fn::GetAtt": ["Rule#", "Arn"]}}}`)
	}
	// A function can be named by its name and by its ARN.
	mixed := func(n int) string {
		return strings.Replace(permissions(n), `{"Fn::GetAtt": ["Function", "Arn"]}`, `{"Ref": "Function"}`, n/2)
	}
	elsewhere := func(n int) string {
		return strings.ReplaceAll(permissions(n), `{"Fn::GetAtt": ["Function", "Arn"]}`, `"arn:aws:lambda:eu-west-1:123456789012:function:f"`)
	}
	inline := func(n int) string {
		return many(1, `{"Type": "AWS::IAM::Role", "Properties": {"Policies": [`+statements(n, `{"PolicyDocument": {"Statement": [`+statement+`]}}`)+`]}}`)
	}
	for name, tt := range map[string]struct{ within, beyond, want string }{
		"statements of a queue": {policy("AWS::SQS::QueuePolicy", "PolicyDocument", 20, statement), policy("AWS::SQS::QueuePolicy", "PolicyDocument", 21, statement),
			"21 statements in the queue's policy; AWS allows 20"},
		"bytes of a queue": {policy("AWS::SQS::QueuePolicy", "PolicyDocument", 1, `"`+text(8000)+`"`), policy("AWS::SQS::QueuePolicy", "PolicyDocument", 1, `"`+text(8192)+`"`),
			"8210 bytes in the queue's policy; AWS allows 8192"},
		"statements of a topic": {policy("AWS::SNS::TopicPolicy", "PolicyDocument", 100, statement), policy("AWS::SNS::TopicPolicy", "PolicyDocument", 101, statement),
			"101 statements in the topic's policy; AWS allows 100"},
		"bus": {policy("AWS::Events::EventBusPolicy", "Statement", 80, statement), policy("AWS::Events::EventBusPolicy", "Statement", 110, statement),
			"11895 bytes in the event bus's policy; AWS allows 10240"},
		"log group": {many(10, `{"Type": "AWS::Logs::ResourcePolicy", "Properties": {"PolicyDocument": "`+text(5120)+`"}}`), many(1, `{"Type": "AWS::Logs::ResourcePolicy", "Properties": {"PolicyDocument": "`+text(5121)+`"}}`),
			"5121 bytes in the log group's policy; AWS allows 5120"},
		"log groups": {many(10, `{"Type": "AWS::Logs::ResourcePolicy"}`), many(11, `{"Type": "AWS::Logs::ResourcePolicy"}`),
			"11 resource policies for log groups in the stack; AWS allows 10"},
		"managed policy": {policy("AWS::IAM::ManagedPolicy", "PolicyDocument", 50, statement), policy("AWS::IAM::ManagedPolicy", "PolicyDocument", 60, statement),
			"6495 bytes in the managed policy; AWS allows 6144"},
		"role": {policy("AWS::IAM::Policy", "PolicyDocument", 90, statement), policy("AWS::IAM::Policy", "PolicyDocument", 100, statement),
			"10815 bytes in the inline policies of the role; AWS allows 10240"},
		"policies in a role": {inline(70), inline(100), "12300 bytes in the inline policies of the role; AWS allows 10240"},
		"function":           {permissions(40), permissions(60), "22954 bytes in the policy of the function; AWS allows 20480"},
		"function, two ways": {mixed(40), mixed(60), "22954 bytes in the policy of the function; AWS allows 20480"},
		"function elsewhere": {elsewhere(40), elsewhere(70), "23274 bytes in the policy of the function; AWS allows 20480"},
		"pattern": {rule(`"EventPattern": {"a": ["` + text(2038) + `"]}`), rule(`"EventPattern": {"a": ["` + text(2039) + `"]}`),
			"2049 characters in the event pattern of the rule; AWS allows 2048"},
		"targets": {rule(`"Targets": [1, 2, 3, 4, 5]`), rule(`"Targets": [1, 2, 3, 4, 5, 6]`), "6 targets in the rule; AWS allows 5"},
		"input": {rule(`"Targets": [{"Id": "Email1", "InputTransformer": {"InputTemplate": "` + text(8192) + `"}}]`), rule(`"Targets": [{"Id": "Email1", "InputTransformer": {"InputTemplate": {"Fn::Join": ["", ["` + text(8000) + `", {"Ref": "Parameter"}]]}}}]`),
			"8255 characters in the input of the target Email1; AWS allows 8192"},
		"resources": {many(500, `{"Type": "T"}`), many(501, `{"Type": "T"}`), "501 resources in the stack; AWS allows 500"},
		"template": {many(1, `{"Type": "T", "Properties": {"A": "`+text(999_000)+`"}}`), many(1, `{"Type": "T", "Properties": {"A": "`+text(1_000_000)+`"}}`),
			"1000055 bytes even without indentation in the template; AWS allows 1000000"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := stack.Check(decode(t, tt.within).(map[string]any)); len(got) > 0 {
				t.Errorf("up to the limit: %v", got)
			}
			var got []string
			for _, e := range stack.Check(decode(t, tt.beyond).(map[string]any)) {
				got = append(got, e.String())
			}
			if !slices.Equal(got, []string{tt.want}) {
				t.Errorf("beyond the limit: %q, want %q", got, tt.want)
			}
		})
	}
}
