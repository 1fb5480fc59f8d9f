package extraeye

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/internal/binding"
)

// policy is what the function may do for the Eyes of one stack.
type policy struct {
	construct awsiam.Policy
	broad     []string // why statements have wildcards
}

// policyFor is the policy for what is defined in a scope. It lies in the scope's
// own stack, which needs the notifier's already: statements about the scope's
// topics and secrets in the notifier's stack would make the two need each other.
func (n *Notifier) policyFor(scope constructs.IConstruct) *policy {
	stack, id := awscdk.Stack_Of(scope), "Policy"
	path := *stack.Node().Path()
	if p, ok := n.policies[path]; ok {
		return p
	}
	in := constructs.Construct(n)
	if path != *awscdk.Stack_Of(n).Node().Path() {
		in, id = stack, "ExtraeyeNotifierPolicy"+(*n.Node().Addr())[:8]
	}
	p := &policy{construct: awsiam.NewPolicy(in, jsii.String(id), &awsiam.PolicyProps{Roles: &[]awsiam.IRole{n.role}})}
	n.policies[path] = p
	return p
}

// grant lets the function do something for what is defined in a scope. The same
// statement twice is one in the template.
func (n *Notifier) grant(scope constructs.IConstruct, g binding.Grant) {
	resources := g.Resources
	if g.Wide != "" {
		if n.granted += len(resources); n.granted > binding.MaxGranted {
			resources = []string{g.Wide}
		}
	}
	statement := &awsiam.PolicyStatementProps{
		Actions:   jsii.Strings(g.Actions...),
		Resources: jsii.Strings(resources...),
	}
	if len(g.Conditions) > 0 {
		statement.Conditions = &map[string]any{"StringEquals": g.Conditions}
	}
	p := n.policyFor(scope)
	p.construct.AddStatements(awsiam.NewPolicyStatement(statement))
	wildcard := slices.ContainsFunc(resources, func(r string) bool { return strings.Contains(r, "*") })
	if wildcard && g.Broad != "" && !slices.Contains(p.broad, g.Broad) {
		p.broad = append(p.broad, g.Broad)
		p.construct.Node().DefaultChild().(awsiam.CfnPolicy).AddMetadata(jsii.String("cdk_nag"), suppress("AwsSolutions-IAM5", p.broad...))
	}
}

// suppress tells cdk-nag why a finding is none. It is metadata of the template, so
// that the library need not depend on cdk-nag.
func suppress(rule string, reasons ...string) map[string]any {
	var rules []map[string]any
	for _, reason := range reasons {
		rules = append(rules, map[string]any{"id": rule, "reason": reason})
	}
	return map[string]any{"rules_to_suppress": rules}
}
