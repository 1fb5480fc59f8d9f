package extraeye

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// lookUpGrants are what the look-ups of watches need, with those of the name that the account has.
func lookUpGrants(bound []*boundWatch) []binding.Grant {
	all, releases := []binding.Grant{accountAlias()}, releases{}
	for _, b := range bound {
		all = append(all, b.Grants...)
		releases.remember(b.Watch)
		releases.used = releases.used || b.WithReleases != nil
	}
	if releases.used {
		all = append(all, releases.grants()...)
	}
	return together(all)
}

// trust is whom a look-up role trusts: a function of an account, which is in the organization or
// knows the external ID.
type trust struct{ account, organization, externalID string }

// newLookUpRole defines the role that the function of a Fleet assumes to look things up.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
func newLookUpRole(scope constructs.Construct, roles wire.LookUps, trust trust, all []binding.Grant) awsiam.CfnRole {
	condition := map[string]any{"aws:PrincipalOrgID": trust.organization}
	if trust.externalID != "" {
		condition = map[string]any{"sts:ExternalId": trust.externalID}
	}
	var statements []binding.Grant
	for _, g := range all {
		statements = merge(statements, g)
	}
	role := awsiam.NewCfnRole(scope, jsii.String("LookUps"), &awsiam.CfnRoleProps{
		RoleName:    jsii.String(roles.RoleName(*awscdk.Stack_Of(scope).Region())),
		Description: jsii.String("extraeye: looks up what happened, for a Fleet of another account or Region"),
		AssumeRolePolicyDocument: map[string]any{
			"Version": "2012-10-17",
			"Statement": []any{map[string]any{
				"Effect": "Allow", "Action": "sts:AssumeRole",
				"Principal": map[string]any{"AWS": iamARN(scope, trust.account, "root")},
				"Condition": map[string]any{"StringEquals": condition},
			}},
		},
		Policies: []any{&awsiam.CfnRole_PolicyProperty{PolicyName: jsii.String("LookUps"), PolicyDocument: document(statements, asItIs)}},
	})
	acceptNag(role, "AwsSolutions-IAM5", broad(all)...)
	return role
}
