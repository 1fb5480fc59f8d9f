package extraeye

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/internal/binding"
)

// maxGranted is how many resources are granted one by one, so that the role stays
// under the 10,240 characters that its inline policies may have.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const maxGranted = 50

// grant adds a statement to the function's policy. The same statement twice is
// one in the template.
func (n *Notifier) grant(g binding.Grant) {
	resources := g.Resources
	if g.Wide != "" {
		if n.granted += len(resources); n.granted > maxGranted {
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
	n.policy.AddStatements(awsiam.NewPolicyStatement(statement))
	if g.Broad != "" && !slices.Contains(n.broad, g.Broad) {
		n.broad = append(n.broad, g.Broad)
		n.policy.Node().DefaultChild().(awsiam.CfnPolicy).AddMetadata(jsii.String("cdk_nag"), suppress("AwsSolutions-IAM5", n.broad...))
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
