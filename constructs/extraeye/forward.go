package extraeye

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/limits"
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
// or as few as hold them: what is wanted of the rest of an event, the bus's own rules ask for. A
// pattern of the user's is one of its own.
func forwarded(bound []*boundWatch) (patterns []map[string]any) {
	var sources, types []string
	for _, b := range bound {
		if b.Pattern != nil {
			if !slices.ContainsFunc(patterns, func(p map[string]any) bool { return inJSON(p) == inJSON(b.Pattern) }) {
				patterns = append(patterns, b.Pattern)
			}
			continue
		}
		unite(&sources, []string{b.Source})
		if !b.NoDrills {
			unite(&sources, []string{wire.DrillSource})
		}
		unite(&types, b.DetailTypes)
	}
	var plain []map[string]any
	for len(types) > 0 {
		n := len(types)
		for n > 1 && jsonLength(map[string]any{"source": sources, "detail-type": types[:n]}) > limits.PatternCharacters {
			n--
		}
		plain = append(plain, map[string]any{"source": sources, "detail-type": types[:n]})
		types = types[n:]
	}
	return append(plain, patterns...)
}
