package extraeye

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

const (
	// maxGranted is how many characters a role's inline policies may have, those of all
	// stacks together.
	//
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
	maxGranted = 10240
	// wideFrom is from how many characters on resources are granted in their wide form:
	// the rest is for sinks, whose grants have none.
	wideFrom = 7000
	// statementLength is about how many characters a statement has without its resources.
	statementLength = 110
)

// policy is what the function may do for the Eyes of one stack.
type policy struct {
	construct awsiam.Policy
	granted   map[string][]string // resources, by actions and conditions
	broad     []string            // why statements have wildcards
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
	p := &policy{
		construct: awsiam.NewPolicy(in, jsii.String(id), &awsiam.PolicyProps{Roles: &[]awsiam.IRole{n.role}}),
		granted:   map[string][]string{},
	}
	n.policies[path] = p
	return p
}

// grant lets the function do something for what is defined in a scope, as far as it
// may not yet.
func (n *Notifier) grant(scope constructs.IConstruct, g binding.Grant) {
	p := n.policyFor(scope)
	key := fmt.Sprint(g.Actions, g.Conditions)
	g.Resources = slices.DeleteFunc(slices.Clone(g.Resources), func(r string) bool { return slices.Contains(p.granted[key], r) })
	if len(g.Resources) == 0 || g.Wide != "" && slices.Contains(n.policyFor(n).granted[key], g.Wide) {
		return
	}
	length := statementLength
	for _, r := range g.Resources {
		length += deployedLength(r)
	}
	if g.Wide != "" && n.granted+length > wideFrom {
		g.Resources, g.Wide = []string{g.Wide}, ""
		n.grant(n, g)
		return
	}
	n.countGranted(length)
	p.granted[key] = append(p.granted[key], g.Resources...)
	p.add(g)
}

// countGranted counts the characters of all statements, and reports once that they are
// too many.
func (n *Notifier) countGranted(length int) {
	before := n.granted
	n.granted += length
	if before <= maxGranted && n.granted > maxGranted {
		report(n, problemf(binding.PolicyTooLong, "what this notifier must be allowed has more than the %d characters that a role's policies can have; give some Eyes a Notifier of their own", maxGranted)...)
	}
}

// add adds a statement, and says why it has a wildcard, if it has one.
func (p *policy) add(g binding.Grant) {
	props := &awsiam.PolicyStatementProps{
		Actions:   jsii.Strings(g.Actions...),
		Resources: jsii.Strings(g.Resources...),
	}
	if len(g.Conditions) > 0 {
		props.Conditions = &map[string]any{"StringEquals": g.Conditions}
	}
	p.construct.AddStatements(awsiam.NewPolicyStatement(props))
	wildcard := slices.ContainsFunc(g.Resources, func(r string) bool { return strings.Contains(r, "*") })
	if wildcard && g.Broad != "" && !slices.Contains(p.broad, g.Broad) {
		p.broad = append(p.broad, g.Broad)
		p.construct.Node().DefaultChild().(awsiam.CfnPolicy).AddMetadata(jsii.String("cdk_nag"), suppress("AwsSolutions-IAM5", p.broad...))
	}
}

// letLookUp lets the function look something up. Unless it is named by something of the
// scope's stack, that is granted in the function's own: the watches of all stacks share
// its statements, and the policies of all stacks have to fit into one role.
func (n *Notifier) letLookUp(scope constructs.IConstruct, g binding.Grant) {
	if !slices.ContainsFunc(g.Resources, func(r string) bool { return binding.IsToken(n.everyStacks.Replace(r)) }) {
		scope = n
	}
	n.grant(scope, g)
}

// deployedLength is about how many characters an ARN will have: those of an account
// id and the like for everything that is known only at deployment.
func deployedLength(arn string) int {
	length := 0
	for {
		before, token, found := strings.Cut(arn, "${Token[")
		length += len(before)
		if !found {
			return length
		}
		_, arn, _ = strings.Cut(token, "]}")
		length += len("123456789012")
	}
}

// suppress says to cdk-nag why a finding is not one. It is metadata of the template, so
// that the library need not depend on cdk-nag.
func suppress(rule string, reasons ...string) map[string]any {
	var rules []map[string]any
	for _, reason := range reasons {
		rules = append(rules, map[string]any{"id": rule, "reason": reason})
	}
	return map[string]any{"rules_to_suppress": rules}
}
