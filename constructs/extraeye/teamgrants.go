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
	"github.com/extraeye/extraeye/constructs/internal/chunks"
	"github.com/extraeye/extraeye/constructs/internal/limits"
)

const (
	// maxInlineSinkBytes is up to how many bytes the sinks of teams are granted in the
	// function's inline policy, which has 10,240 with everything else.
	maxInlineSinkBytes = 3000
	// statementBytes is about what a statement has beside its resources and conditions.
	statementBytes = 150
)

// grantSinks lets the function deliver to the sinks of teams: by its own policy or, if that
// would become long, by managed policies.
func (e *Eye) grantSinks(all []binding.Grant) {
	all, bytes := together(all), 0
	for _, g := range all {
		bytes += e.grantBytes(g)
	}
	if bytes <= maxInlineSinkBytes {
		e.notifier.grants.grant(e, all...)
		return
	}
	e.grantManaged(all)
}

// together joins grants of the same actions under the same conditions.
func together(all []binding.Grant) (joined []binding.Grant) {
	at := map[string]int{}
	for _, g := range all {
		key := fmt.Sprint(g.Actions, g.Conditions)
		i, ok := at[key]
		if !ok {
			i = len(joined)
			at[key] = i
			joined = append(joined, g)
			joined[i].Resources = nil
		}
		for _, r := range g.Resources {
			if !slices.Contains(joined[i].Resources, r) {
				joined[i].Resources = append(joined[i].Resources, r)
			}
		}
	}
	return joined
}

// grantBytes is about how long a grant is in a policy.
func (e *Eye) grantBytes(g binding.Grant) int {
	n := statementBytes
	for _, r := range g.Resources {
		n += e.notifier.grants.own.length(r) + len(`"",`)
	}
	for key, value := range g.Conditions {
		n += len(key) + e.notifier.grants.own.length(value)
	}
	return n
}

// grantManaged spreads grants over managed policies, so that one team more changes few of
// them.
func (e *Eye) grantManaged(all []binding.Grant) {
	var items []chunks.Item
	var parts []binding.Grant
	room := limits.ManagedPolicyBytes - 100
	for _, g := range all {
		for _, part := range e.small(g) {
			size := e.grantBytes(part)
			if len(part.Conditions) == 0 {
				size -= statementBytes // which it shares
			}
			items = append(items, chunks.Item{Key: binding.Identity(e, fmt.Sprint(part.Actions, part.Conditions, part.Resources)), Size: size})
			parts = append(parts, part)
		}
		if len(g.Conditions) == 0 {
			room -= statementBytes
		}
	}
	for _, c := range chunks.Cut(items, room) {
		var grants []binding.Grant
		for _, i := range c.Items {
			grants = append(grants, parts[i])
		}
		e.managedPolicy(fmt.Sprint("Sinks", c.ID), together(grants))
	}
}

// small takes a grant apart, by its resources if it has no conditions.
func (e *Eye) small(g binding.Grant) (parts []binding.Grant) {
	if len(g.Conditions) > 0 {
		return []binding.Grant{g}
	}
	for _, r := range g.Resources {
		part := g
		part.Resources = []string{r}
		parts = append(parts, part)
	}
	return parts
}

func (e *Eye) managedPolicy(id string, all []binding.Grant) {
	e.notifier.grants.managed++
	var statements []binding.Grant
	for _, g := range all {
		statements = merge(statements, g)
	}
	scope := constructs.NewConstruct(e, jsii.String(id))
	resource := awsiam.NewCfnManagedPolicy(scope, jsii.String("Resource"), &awsiam.CfnManagedPolicyProps{
		Description:    jsii.String("extraeye: where teams are notified"),
		Roles:          &[]any{e.notifier.role.RoleName()},
		PolicyDocument: document(statements, asItIs),
	})
	acceptNag(resource, "AwsSolutions-IAM5", broad(all)...)
}

// tagLookups are what looks up the tags of what sends events, and on what. Auto Scaling does not
// support resource-level permissions for it.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
var tagLookups = map[string]struct {
	action    string
	resources []string
}{
	"aws.autoscaling": {"autoscaling:DescribeTags", []string{"*"}},
	"aws.codedeploy":  {"codedeploy:ListTagsForResource", []string{"codedeploy:application:*"}},
	"aws.ecs":         {"ecs:ListTagsForResource", []string{"ecs:service/*", "ecs:cluster/*"}},
	"aws.cloudwatch":  {"cloudwatch:ListTagsForResource", []string{"cloudwatch:alarm:*"}},
}

// tagGrants are what looks up the team's tag of all that watches see.
func tagGrants(scope constructs.Construct, bound []*boundWatch) (all []binding.Grant) {
	for _, b := range bound {
		of, ok := tagLookups[b.Source]
		if !ok {
			continue
		}
		grant := binding.Grant{Actions: []string{of.action}, Broad: of.action + ", which finds whose something is, is granted for everything that a Fleet watches, which is all there is"}
		for _, r := range of.resources {
			if service, resource, ok := strings.Cut(r, ":"); ok {
				r = *awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
					Service: jsii.String(service), Resource: jsii.String(resource), ArnFormat: awscdk.ArnFormat_NO_RESOURCE_NAME,
				})
			}
			grant.Resources = append(grant.Resources, r)
		}
		all = append(all, grant)
	}
	return all
}
