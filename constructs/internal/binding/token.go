package binding

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/internal/plainjson"
)

// IsToken reports whether s holds a value that is known only at deployment.
func IsToken(s string) bool {
	return strings.Contains(s, "${Token[") && *awscdk.Token_IsUnresolved(jsii.String(s))
}

// isListToken reports whether s is the one element of a list that is known only
// at deployment: such a list works whole, never copied into another one.
func isListToken(s string) bool { return strings.HasPrefix(s, "#{Token[") }

// tokens are values that are known only at deployment, as CDK encodes them in strings.
var tokens = regexp.MustCompile(`[$#]\{Token\[[^]]*\]\}`)

// readable writes a message without CDK's encodings, which say nothing to people.
func readable(message string) string {
	return tokens.ReplaceAllString(message, "<known at deployment>")
}

// unknown stands in an ARN for what is known only at deployment, and someARN is one of
// which nothing else is known.
const (
	unknown = "?"
	someARN = "arn:" + unknown
)

// ARN returns a text as far as it is known now, if it is an ARN, with "?" for the rest; if
// it is not known to be an ARN, "". A value that is known only at deployment shows what it
// is by what it refers to; nothing is known of a parameter or an imported value.
func ARN(scope constructs.IConstruct, text string) string {
	known := text
	if IsToken(text) {
		known = flat(awscdk.Stack_Of(scope).Resolve(text))
		if known == unknown {
			return arnByRef[refersTo(text)]
		}
	}
	if strings.HasPrefix(known, "arn:") {
		return known
	}
	return ""
}

// Identity is what a text is recognized by at the next synthesis: itself or, if it is known
// only at deployment, what it refers to. CDK numbers such texts as they come.
func Identity(scope constructs.IConstruct, text string) string {
	if !IsToken(text) {
		return text
	}
	identity, err := plainjson.Marshal(awscdk.Stack_Of(scope).Resolve(text))
	if err != nil {
		return text
	}
	return string(identity)
}

// flat writes a resolved value as far as it is known now.
func flat(v any) string {
	intrinsic, ok := v.(map[string]any)
	if !ok {
		return fmt.Sprint(v)
	}
	if get, ok := intrinsic["Fn::GetAtt"].([]any); ok && len(get) == 2 && strings.HasSuffix(fmt.Sprint(get[1]), "Arn") {
		return someARN
	}
	if join, ok := intrinsic["Fn::Join"].([]any); ok && len(join) == 2 {
		parts, _ := join[1].([]any)
		var known []string
		for _, part := range parts {
			known = append(known, flat(part))
		}
		return strings.Join(known, fmt.Sprint(join[0]))
	}
	if text, ok := intrinsic["Fn::Sub"].(string); ok {
		return variables.ReplaceAllString(text, unknown)
	}
	return unknown
}

// variables are those of Fn::Sub.
var variables = regexp.MustCompile(`\$\{[^!][^}]*\}`)

// arnByRef are the types of resources whose Ref is their ARN, of those that are watched by
// name.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ecs-service.html
var arnByRef = map[string]string{"AWS::ECS::Service": "arn:?:ecs:?:?:service/?"}

// refersTo returns the type of the resource that a value is the Ref of, or "".
func refersTo(text string) string {
	token := awscdk.Tokenization_ReverseString(jsii.String(text)).FirstToken()
	reference, ok := token.(awscdk.Reference)
	if !ok || *reference.DisplayName() != "Ref" {
		return ""
	}
	if resource, ok := reference.Target().(awscdk.CfnResource); ok {
		return *resource.CfnResourceType()
	}
	return ""
}
