package binding_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
)

// TestMembers checks that a user's key is one member, whatever is in it.
func TestMembers(t *testing.T) {
	for _, tt := range []struct {
		field binding.Field
		want  []string
	}{
		{binding.Field{Path: "resources"}, []string{"resources"}},
		{binding.Field{Path: "detail.state.value"}, []string{"detail", "state", "value"}},
		{binding.Field{Path: "detail.alarmTags", Key: "a.b"}, []string{"detail", "alarmTags", "a.b"}},
	} {
		if got := tt.field.Members(); !slices.Equal(got, tt.want) {
			t.Errorf("%+v has the members %q, want %q", tt.field, got, tt.want)
		}
	}
}

// TestMeasured checks that a name that is known only at deployment is counted with the longest
// that there is, and another with what it has.
func TestMeasured(t *testing.T) {
	token := parameter(cdktest.Stack(t), "Name")
	values := binding.Kind{MaxLength: 255}.Values([]string{"web", token})
	values[0].Prefix = true
	for i, want := range []any{map[string]any{"prefix": "web"}, strings.Repeat("x", 255)} {
		if got := values[i].Measured().Pattern(); cdktest.Encode(t, got) != cdktest.Encode(t, want) {
			t.Errorf("%q is measured as %v, want %v", values[i].Text, got, want)
		}
	}
	if got := values[1].Pattern(); got != token {
		t.Errorf("%q is matched as %v", token, got)
	}
}

// TestMeasure checks what is known of a stack: its name, and what of it is a parameter.
func TestMeasure(t *testing.T) {
	app := cdktest.App(t)
	length := func(name string) int {
		stack := awscdk.NewStack(app, jsii.String(name), nil)
		return binding.Measure(stack).Text(stack.Resolve(queue(stack).Ref()))
	}
	if short, long := length("a"), length("abcde"); long != short+4 {
		t.Errorf("a name in the stack abcde has %d characters, want 4 more than the %d in the stack a", long, short)
	}
	stack := awscdk.NewStack(app, jsii.String("parameters"), nil)
	name, measure := stack.Resolve(parameter(stack, "Name")), binding.Measure(stack)
	for range 2 { // what is known is kept
		if got := measure.Text(name); got != 255 {
			t.Errorf("a parameter is measured with %d characters, want 255", got)
		}
	}
	unknown := awscdk.NewStack(app, jsii.String("unknown"), nil)
	nested := awscdk.NewNestedStack(unknown, jsii.String("Nested"), nil)
	if got, least := binding.Measure(nested).Text(nested.Resolve(queue(nested).Ref())), 128; got < least {
		t.Errorf("a name in a stack whose name is not known has %d characters, want at least the %d that it can have", got, least)
	}
}

// TestSeesEverything checks that what is in a scope sees everything, and nothing beside it.
func TestSeesEverything(t *testing.T) {
	stack := cdktest.Stack(t)
	construct := func(scope constructs.Construct, id string) constructs.Construct {
		return constructs.NewConstruct(scope, jsii.String(id))
	}
	all, some := construct(stack, "All"), construct(stack, "Some")
	binding.SetSeesEverything(all)
	for _, tt := range []struct {
		scope constructs.Construct
		want  bool
	}{{all, true}, {construct(all, "Watch"), true}, {some, false}, {construct(some, "Watch"), false}} {
		if got := binding.SeesEverything(tt.scope); got != tt.want {
			t.Errorf("%s: does it see everything: %t, want %t", *tt.scope.Node().Path(), got, tt.want)
		}
	}
}

// TestRole checks that a service assumes a role only for the account, and only for what the
// role is for.
func TestRole(t *testing.T) {
	stack := cdktest.Stack(t)
	role := binding.Role{Description: "d", Service: "events.amazonaws.com", PolicyName: "Send", Statements: []binding.Statement{{Action: "sqs:SendMessage", Resource: queue(stack).AttrArn()}}}
	binding.NewRole(stack, "A", role)
	role.For = binding.AnyRule(stack)
	binding.NewRole(stack, "B", role)
	const account, rules = `"StringEquals":{"aws:SourceAccount":"${AWS::AccountId}"}`, `"ArnLike":{"aws:SourceArn":"arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*"}`
	template := cdktest.Synthesize(t, stack)
	for i, condition := range []string{account, rules + "," + account} {
		p := template.Resources("AWS::IAM::Role")[i].Properties
		want := `{"Statement":[{"Action":"sts:AssumeRole","Condition":{` + condition + `},"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"}}],"Version":"2012-10-17"}`
		if got := cdktest.FlatJSON(t, p["AssumeRolePolicyDocument"]); got != want {
			t.Errorf("the role is trusted by\n%s\nwant\n%s", got, want)
		}
		want = `[{"PolicyDocument":{"Statement":[{"Action":"sqs:SendMessage","Effect":"Allow","Resource":"${Queue.Arn}"}],"Version":"2012-10-17"},"PolicyName":"Send"}]`
		if got := cdktest.FlatJSON(t, p["Policies"]); got != want {
			t.Errorf("the role may\n%s\nwant\n%s", got, want)
		}
	}
}
