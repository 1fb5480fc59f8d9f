package extraeye

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// forward defines rules on the default bus that put what watches see on another bus, as a role
// that may do nothing else. What they cannot deliver is in the dead-letter queue.
func forward(in constructs.Construct, to *string, bound []*boundWatch, deadLetters awssqs.IQueue) (rules []awsevents.CfnRule) {
	scope := constructs.NewConstruct(in, jsii.String("Forward"))
	role := binding.NewRole(scope, "Role", binding.Role{
		Description: "extraeye: puts events on a bus",
		Service:     "events.amazonaws.com",
		PolicyName:  "PutEvents",
		Statements:  []binding.Statement{{Action: "events:PutEvents", Resource: to}},
		For:         anyRuleLike(scope, rulePrefix(scope)),
	})
	for i, pattern := range forwarded(bound) {
		rules = append(rules, awsevents.NewCfnRule(scope, jsii.String(fmt.Sprint("Rule", i+1)), &awsevents.CfnRuleProps{
			Name:         jsii.String(fmt.Sprint(rulePrefix(scope), i+1)),
			Description:  jsii.String("extraeye: forwards what is watched"),
			EventPattern: pattern,
			Targets: []any{&awsevents.CfnRule_TargetProperty{
				Id: jsii.String("Bus"), Arn: to, RoleArn: role.AttrArn(),
				DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: deadLetters.QueueArn()},
			}},
		}))
	}
	return rules
}

// forwarded are the event patterns of what watches see. Those of sources and detail types are one,
// and one more for what all watches of a kind ask of the rest of an event. What a user chooses there,
// only the bus's own rules ask for, so that a Fleet can want more of it without a change elsewhere. A
// pattern of the user's is one of its own. No event matches two of the others: it would be forwarded,
// and reported, twice.
func forwarded(bound []*boundWatch) (patterns []map[string]any) {
	var all []*alike
	var own []map[string]any
	for _, b := range bound {
		if b.Pattern != nil {
			if !slices.ContainsFunc(own, func(p map[string]any) bool { return inJSON(p) == inJSON(b.Pattern) }) {
				own = append(own, b.Pattern)
			}
			continue
		}
		fields := slices.DeleteFunc(slices.Clone(b.Fields), func(f binding.Field) bool { return !f.Always })
		at := slices.IndexFunc(all, func(a *alike) bool { return inJSON(a.fields) == inJSON(fields) })
		if at < 0 {
			at = len(all)
			all = append(all, &alike{fields: fields})
		}
		all[at].add(b)
	}
	for _, a := range all {
		patterns = append(patterns, a.pattern())
	}
	return append(patterns, own...)
}

// alike are events of which the same is asked beside their sources and detail types.
type alike struct {
	sources, types []string
	fields         []binding.Field
}

func (a *alike) add(b *boundWatch) {
	unite(&a.sources, []string{b.Source})
	if !b.NoDrills {
		unite(&a.sources, []string{wire.DrillSource})
	}
	unite(&a.types, b.DetailTypes)
}

func (a *alike) pattern() map[string]any {
	p := map[string]any{"source": a.sources, "detail-type": a.types}
	for _, f := range a.fields {
		putField(p, f, f.Values, false)
	}
	return p
}
