package extraeye

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// What scanners of templates find, and why it is accepted, is metadata of the template: the
// library depends on none of them.

// acceptNag says to cdk-nag why a finding is accepted, if there are reasons.
//
// https://github.com/cdklabs/cdk-nag#suppressing-a-rule
func acceptNag(r awscdk.CfnResource, rule string, reasons ...string) {
	if len(reasons) == 0 {
		return
	}
	var rules []any
	for _, reason := range reasons {
		rules = append(rules, map[string]any{"id": rule, "reason": reason})
	}
	r.AddMetadata(jsii.String("cdk_nag"), map[string]any{"rules_to_suppress": rules})
}

// finding is one that is accepted.
type finding struct{ id, reason string }

// acceptCheckov says to Checkov why findings are accepted.
//
// https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html
func acceptCheckov(r awscdk.CfnResource, findings ...finding) {
	var skip []any
	for _, f := range findings {
		skip = append(skip, map[string]any{"id": f.id, "comment": f.reason})
	}
	r.AddMetadata(jsii.String("checkov"), map[string]any{"skip": skip})
}
