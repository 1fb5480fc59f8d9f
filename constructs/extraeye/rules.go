package extraeye

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/limits"
)

// writeRules writes a rule for every pattern and every five targets. No rule is changed
// afterwards: what is not known yet is written at synthesis.
func (e *Eye) writeRules(b *boundWatch) []awsevents.CfnRule {
	if forNotifier(b.targets) {
		for _, g := range b.Grants {
			e.Notifier().grants.grant(e, g)
		}
	}
	for _, t := range b.targets {
		e.allow(t)
	}
	var rules []awsevents.CfnRule
	b.scope = constructs.NewConstruct(e, jsii.String(b.id))
	for _, p := range b.patterns {
		part := 0
		for targets := range slices.Chunk(b.targets, limits.TargetsOfRule) {
			id := p.id
			if part++; part > 1 {
				id += fmt.Sprintf("Sinks%d", part)
			}
			rules = append(rules, e.writeRule(b, id, p.pattern, targets))
		}
	}
	return rules
}

// allow lets rules reach a native target, and the notifier what it delivers to.
func (e *Eye) allow(t target) {
	if t.Native != nil && t.Native.Allow != nil {
		t.Native.Allow()
	}
	for _, g := range t.Grants {
		e.Notifier().grants.grant(e, g)
	}
}

// writeRule writes a rule, and lets it invoke the notifier.
func (e *Eye) writeRule(b *boundWatch, id string, pattern map[string]any, targets []target) awsevents.CfnRule {
	notifier := e.Notifier()
	var properties []any
	for _, t := range targets {
		properties = append(properties, e.property(b, t))
	}
	rule := awsevents.NewCfnRule(b.scope, jsii.String(id), &awsevents.CfnRuleProps{
		Description:  jsii.String(fmt.Sprintf("extraeye: %s for %s", b.Name, e.service)),
		EventPattern: pattern,
		Targets:      properties,
	})
	if !b.Waits && forNotifier(targets) {
		notifier.allow(b.scope, id+"Permission", rule)
	}
	e.alarmOnLoss(rule)
	return rule
}

// property is a target as a rule lists it.
func (e *Eye) property(b *boundWatch, t target) *awsevents.CfnRule_TargetProperty {
	notifier := e.Notifier()
	property := &awsevents.CfnRule_TargetProperty{
		Id:               jsii.String(t.id),
		DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: notifier.DeadLetterQueue().QueueArn()},
	}
	switch {
	case t.Native != nil:
		property.Arn, property.RoleArn = t.Native.ARN, t.Native.RoleARN
		return property
	case b.Waits:
		property.Arn, property.RoleArn = notifier.waiting()
	default:
		property.Arn = notifier.Function().FunctionArn()
	}
	property.InputTransformer = &awsevents.CfnRule_InputTransformerProperty{InputTemplate: e.inputTemplate(b, t)}
	return property
}

// inputTemplate is what a rule hands the notifier for a target.
func (e *Eye) inputTemplate(b *boundWatch, t target) *string {
	late := &lateInput{e, b, t}
	if b.WithReleases == nil {
		return late.Produce(nil)
	}
	return awscdk.Lazy_UncachedString(late, nil)
}

// lateInput is an input that is written at synthesis, when all releases of the Eye are
// known.
type lateInput struct {
	eye    *Eye
	watch  *boundWatch
	target target
}

// Produce implements [awscdk.IStringProducer].
func (l *lateInput) Produce(awscdk.IResolveContext) *string {
	input, _ := l.eye.input(l.watch, l.target) // which is checked already
	return &input
}
