package binding_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
)

// reports compares problems with what is wanted of each: its code, and a part of its message.
func reports(t *testing.T, got binding.Problems, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d problems %q, want %d", len(got), got, len(want))
	}
	for i, p := range got {
		code, text, _ := strings.Cut(want[i], " ")
		if string(p.Code) != code || !strings.Contains(p.Message, text) {
			t.Errorf("problem %d is %q, want %s with %q in it", i, p, code, text)
		}
	}
}

// parameter is a text that is known only at deployment.
func parameter(stack awscdk.Stack, id string) string {
	return *awscdk.NewCfnParameter(stack, jsii.String(id), nil).ValueAsString()
}

// listOf is an element of a list that is known only at deployment.
func listOf(stack awscdk.Stack) string {
	list := awscdk.NewCfnParameter(stack, jsii.String("List"), &awscdk.CfnParameterProps{Type: jsii.String("CommaDelimitedList")})
	return *(*list.ValueAsList())[0]
}

// TestCheckNames checks which names a rule can match exactly.
func TestCheckNames(t *testing.T) {
	stack := cdktest.Stack(t)
	known, list := parameter(stack, "A"), listOf(stack)
	thing := binding.Kind{What: "thing", Names: "Things", MaxLength: 30}
	named := thing
	named.ARN = ":thing/"
	const arn = "arn:aws:s:::thing/a"
	for name, tt := range map[string]struct {
		kind  binding.Kind
		names []string
		want  []string
	}{
		"names":           {thing, []string{"a", "A", known, strings.Repeat("é", 30)}, nil},
		"no names":        {thing, nil, []string{"E201 Watch.Things is empty; write the name of at least one thing"}},
		"named twice":     {thing, []string{"a", known, "b", "a", known}, []string{`E203 Watch.Things[3] "a"`, `E203 Watch.Things[4] "<known at deployment>"`}},
		"list":            {thing, []string{list, list}, []string{"E204 Watch.Things[0]", "E204 Watch.Things[1]"}},
		"too long":        {thing, []string{strings.Repeat("é", 31)}, []string{"E202 has 31 characters; the name of one thing has at most 30"}},
		"empty":           {thing, []string{"", " "}, []string{`E202 "" is empty`, `E202 " " is empty`}},
		"improper":        {thing, []string{" a", "a\tb"}, []string{"E202 has blanks", "E202 control character"}},
		"wildcards":       {thing, []string{"a*", "?"}, []string{`E202 "a*" has a wildcard`, `E202 "?" has a wildcard`}},
		"ARN":             {named, []string{arn}, nil},
		"ARN of another":  {named, []string{"arn:aws:s:::other/a"}, []string{"E202 is an ARN; write the name of the thing"}},
		"ARN for a name":  {thing, []string{arn}, []string{"E202 is an ARN; write the name of the thing"}},
		"some ARN":        {named, []string{*queue(stack).AttrArn()}, nil},
		"some ARN for it": {thing, []string{*queue(stack).AttrArn()}, []string{`E202 Watch.Things[0] "<known at deployment>" is an ARN`}},
	} {
		t.Run(name, func(t *testing.T) {
			var p binding.Problems
			p.CheckNames(stack, "Watch", tt.kind, tt.names)
			reports(t, p, tt.want...)
		})
	}
}

// TestCheckChoices checks that choices are among all that there are, each once.
func TestCheckChoices(t *testing.T) {
	var p binding.Problems
	all := []string{"a", "b"}
	binding.CheckChoices(&p, "States", []string{"b", "a"}, all)
	reports(t, p)
	binding.CheckChoices(&p, "States", []string{"a", "A", "a", parameter(cdktest.Stack(t), "State")}, all)
	reports(t, p, `E205 States[1] "A" is not known`, `E203 States[2] "a" is named twice`, "E205 States[3] is known only at deployment")
}

// TestCheckText checks texts that are sent as they are.
func TestCheckText(t *testing.T) {
	for text, want := range map[string][]string{
		"":       nil,
		"a b":    nil,
		"a\n":    {"E310 blanks"},
		" a":     {"E310 blanks"},
		"a\x00b": {"E310 control character"},
		parameter(cdktest.Stack(t), "Text") + " ": nil,
	} {
		var p binding.Problems
		p.CheckText("Text", text)
		reports(t, p, want...)
	}
}

// TestCodes checks how each code is shown, and which of them do not keep an app from being deployed.
func TestCodes(t *testing.T) {
	codes := binding.Codes()
	for _, c := range codes {
		if c.ID() != "extraeye:"+string(c) || c.Anchor() != strings.ToLower(string(c)) || c.IsWarning() != (c[0] == 'W') {
			t.Errorf("%s: the id is %q, the anchor %q; is it a warning: %t", c, c.ID(), c.Anchor(), c.IsWarning())
		}
	}
	slices.Sort(codes)
	if n := len(codes); n < 30 || len(slices.Compact(codes)) != n {
		t.Errorf("%d codes, some of them twice: %q", n, codes)
	}
}
