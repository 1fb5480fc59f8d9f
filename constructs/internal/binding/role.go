package binding

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Role is a role that an AWS service assumes for something of this account.
type Role struct {
	Description string
	// Service is the service's principal, such as "events.amazonaws.com".
	Service string
	// PolicyName names the role's one policy.
	PolicyName string
	Statements []Statement
	// For is what the ARNs are like of what the service may assume it for; nil: whatever is in
	// the account.
	For *string
}

// Statement allows one action on one resource.
type Statement struct {
	Action   string
	Resource *string
}

// NewRole defines a role. It is a plain resource, so that nothing but what is written
// here gets into its policy.
func NewRole(scope constructs.Construct, id string, role Role) awsiam.CfnRole {
	var statements []any
	for _, s := range role.Statements {
		statements = append(statements, map[string]any{"Effect": "Allow", "Action": s.Action, "Resource": s.Resource})
	}
	// https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
	conditions := map[string]any{"StringEquals": map[string]any{"aws:SourceAccount": awscdk.Stack_Of(scope).Account()}}
	if role.For != nil {
		conditions["ArnLike"] = map[string]any{"aws:SourceArn": role.For}
	}
	return awsiam.NewCfnRole(scope, jsii.String(id), &awsiam.CfnRoleProps{
		Description: jsii.String(role.Description),
		AssumeRolePolicyDocument: map[string]any{
			"Version": "2012-10-17",
			"Statement": []any{map[string]any{
				"Effect":    "Allow",
				"Action":    "sts:AssumeRole",
				"Principal": map[string]any{"Service": role.Service},
				"Condition": conditions,
			}},
		},
		Policies: []any{&awsiam.CfnRole_PolicyProperty{
			PolicyName:     jsii.String(role.PolicyName),
			PolicyDocument: map[string]any{"Version": "2012-10-17", "Statement": statements},
		}},
	})
}
