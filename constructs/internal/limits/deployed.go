package limits

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/extraeye/extraeye/internal/plainjson"
)

// Stack is what is known of a stack whose values are measured.
type Stack struct {
	// Name is the stack's name; if it is not known, it is as long as it can be.
	Name string
	// IsParameter reports whether a logical id is that of a parameter, which can be
	// anything; nil: none is.
	IsParameter func(id string) bool
	// AtLeast counts what is known only at deployment with the least that it can be, so
	// that what is too much is so for certain.
	AtLeast bool
}

// The lengths of what is known only at deployment: the longest that there are, in any
// partition and Region.
const (
	longestName      = 255 // of what a parameter can name, and of most resources
	longestARN       = len("arn:aws-us-gov:secretsmanager:ap-southeast-1:123456789012:secret:-AbCdEf")
	longestStackName = 128
	madeUp           = len("-ABCDEFGHIJKL") // which CloudFormation adds to a logical id
	// An imported value is most often an ARN.
	imported = longestARN + 64
)

// pseudo are the shortest and the longest values of pseudo parameters.
var pseudo = map[string][2]string{
	"AWS::Partition": {"aws", "aws-us-gov"},
	"AWS::Region":    {"us-east-1", "ap-southeast-1"},
	"AWS::AccountId": {"123456789012", "123456789012"},
	"AWS::URLSuffix": {"amazonaws.com", "amazonaws.com.cn"},
	"AWS::NoValue":   {"", ""},
}

// Bytes is how long a value of a template is when it is deployed, as JSON without
// indentation.
func (s Stack) Bytes(v any) int { return len(s.json(v)) }

// Characters is the same in characters.
func (s Stack) Characters(v any) int { return utf8.RuneCountInString(s.json(v)) }

// Text is how many characters a string of a template has when it is deployed.
func (s Stack) Text(v any) int { return utf8.RuneCountInString(fmt.Sprint(s.deployed(v))) }

func (s Stack) json(v any) string {
	v = s.deployed(v)
	if text, ok := v.(string); ok { // a policy that is written as a string
		return text
	}
	text, err := plainjson.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// deployed replaces intrinsic functions by texts that are as long as their values can be.
func (s Stack) deployed(v any) any {
	switch v := v.(type) {
	case []any:
		all := make([]any, len(v))
		for i, element := range v {
			all[i] = s.deployed(element)
		}
		return all
	case map[string]any:
		if name, argument, ok := intrinsic(v); ok {
			return s.call(name, argument)
		}
		all := make(map[string]any, len(v))
		for key, element := range v {
			all[key] = s.deployed(element)
		}
		return all
	}
	return v
}

// intrinsic reads the call of an intrinsic function.
func intrinsic(v map[string]any) (name string, argument any, ok bool) {
	if len(v) == 1 {
		for name, argument := range v {
			return name, argument, name == "Ref" || strings.HasPrefix(name, "Fn::")
		}
	}
	return "", nil, false
}

func (s Stack) call(name string, argument any) string {
	switch name {
	case "Ref":
		return filler(s.ref(fmt.Sprint(argument)))
	case "Fn::GetAtt":
		return filler(s.ref(resource(argument)))
	case "Fn::Join":
		if list, ok := argument.([]any); ok && len(list) == 2 {
			return s.join(fmt.Sprint(list[0]), list[1])
		}
	case "Fn::Sub":
		if text, ok := argument.(string); ok {
			return s.substitute(text)
		}
	}
	if s.AtLeast {
		return ""
	}
	return filler(imported)
}

func (s Stack) join(with string, list any) string {
	parts, _ := s.deployed(list).([]any)
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = fmt.Sprint(part)
	}
	return strings.Join(texts, with)
}

// substitute replaces the variables of Fn::Sub.
func (s Stack) substitute(text string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		out.WriteString(before)
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return out.String()
		}
		out.WriteString(filler(s.ref(name)))
		text = after
	}
}

// ref is how long a value is that a Ref or an attribute stands for: that of a pseudo
// parameter, of a parameter, or the ARN of a resource that CloudFormation names.
func (s Stack) ref(id string) int {
	values, ok := pseudo[id]
	switch {
	case ok && s.AtLeast:
		return len(values[0])
	case ok:
		return len(values[1])
	case s.AtLeast:
		return 0
	case s.IsParameter != nil && s.IsParameter(id):
		return longestName
	}
	return longestARN + min(s.madeUpName(id), longestName)
}

// madeUpName is how long the name is that CloudFormation makes up for a resource.
func (s Stack) madeUpName(id string) int {
	stack := len(s.Name)
	if s.Name == "" {
		stack = longestStackName
	}
	return stack + len("-") + len(id) + madeUp
}

// resource is the logical id in the argument of Fn::GetAtt.
func resource(argument any) string {
	if list, ok := argument.([]any); ok && len(list) > 0 {
		return fmt.Sprint(list[0])
	}
	id, _, _ := strings.Cut(fmt.Sprint(argument), ".")
	return id
}

func filler(n int) string { return strings.Repeat("x", n) }
