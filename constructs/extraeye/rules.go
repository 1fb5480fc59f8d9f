package extraeye

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/internal/wire"
)

// maxTargets is how many targets a rule can have.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
const maxTargets = 5

// A target is a sink, bound, with the id and the input that rules give it.
type target struct {
	id       string
	template string // empty for a native target, which gets the raw event
	binding.Sink
}

// same reports whether another target is told the same in the same place.
func (t target) same(other target) bool {
	if t.Native != nil && other.Native != nil {
		return *t.Native.ARN == *other.Native.ARN
	}
	return t.Native == nil && other.Native == nil && t.template == other.template
}

// where is a value that is the same for two targets that deliver to the same place.
func (t target) where() any {
	if t.Native != nil {
		return t.Native.ARN
	}
	return t.Wire
}

// forNotifier reports whether any target is the notifier's to tell.
func forNotifier(targets []target) bool {
	return slices.ContainsFunc(targets, func(t target) bool { return t.Native == nil })
}

// bind binds the sinks of a watch.
func (e *Eye) bind(w binding.Watch, sinks []sink.Sink) ([]target, []binding.Problem) {
	if len(sinks) == 0 {
		return nil, []binding.Problem{binding.Problemf(binding.NoSinks, "%s has no sinks; set EyeProps.Sinks, or name sinks in Watch", w.Name)}
	}
	var targets []target
	var problems []binding.Problem
	for i, s := range sinks {
		if s == nil {
			problems = append(problems, binding.Problemf(binding.NilSink, "sink %d of %s is nil; remove it", i, w.Name))
			continue
		}
		t := target{Sink: s.Bind(e)}
		t.id = fmt.Sprintf("%s%d", t.Name, i+1)
		problems = append(problems, t.Problems...)
		if len(t.Problems) > 0 {
			continue
		}
		if t.Wire != nil {
			problems = append(problems, e.write(&t, w)...)
			if e.revealsSecret(t.template) {
				problems = append(problems, binding.Problemf(binding.BadSecret, "sink %d of %s was given the value of a secret, which everyone who sees the deployed rule could read; give it the secret itself, as a sink.Secret", i, w.Name))
			}
		}
		if slices.ContainsFunc(targets, t.same) {
			problems = append(problems, binding.Problemf(binding.DuplicateSink, "sink %d of %s is there already, and would tell everything twice; remove it", i, w.Name))
		}
		targets = append(targets, t)
	}
	return targets, problems
}

// write writes what the notifier is told of a sink and of what is watched for it.
func (e *Eye) write(t *target, w binding.Watch) []binding.Problem {
	watching := w.Wire
	watching.Service = e.service
	template, err := wire.Template(watching, *t.Wire)
	t.template = template
	if err != nil || len(template) > wire.MaxTemplateLength {
		return []binding.Problem{binding.Problemf(binding.TemplateTooLong, "what the notifier is told of %s and the sink %s has %d characters; EventBridge allows %d, so shorten its lists", w.Name, t.id, len(template), wire.MaxTemplateLength)}
	}
	return nil
}

// revealsSecret reports whether a template has a dynamic reference to a secret,
// which CloudFormation would replace with what the secret is.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
func (e *Eye) revealsSecret(template string) bool {
	if strings.Contains(template, "${Token[") {
		template = fmt.Sprint(awscdk.Stack_Of(e).Resolve(template))
	}
	return strings.Contains(template, "{{resolve:secretsmanager") || strings.Contains(template, "{{resolve:ssm-secure")
}

// addRules writes a rule for every pattern and every five targets.
func (e *Eye) addRules(scope constructs.Construct, w binding.Watch, patterns []map[string]any, targets []target) {
	for p, pattern := range patterns {
		for first := 0; first < len(targets); first += maxTargets {
			id := fmt.Sprintf("Rule%d", p+1)
			if first > 0 {
				id += fmt.Sprintf("Sinks%d", first/maxTargets+1)
			}
			e.addRule(scope, id, w, pattern, targets[first:min(first+maxTargets, len(targets))])
		}
	}
}

func (e *Eye) addRule(scope constructs.Construct, id string, w binding.Watch, pattern map[string]any, targets []target) {
	notifier := e.Notifier()
	rule := awsevents.NewCfnRule(scope, jsii.String(id), &awsevents.CfnRuleProps{
		Description:  jsii.String(fmt.Sprintf("extraeye: %s for %s", w.Name, e.service)),
		EventPattern: pattern,
		Targets:      e.properties(w, targets),
	})
	e.rules = append(e.rules, rule)
	e.releases.written(rule, w, targets)
	if !w.Waits && forNotifier(targets) {
		notifier.allow(scope, id+"Permission", rule)
	}
	for _, t := range targets {
		if t.Native != nil && t.Native.Allow != nil {
			t.Native.Allow(rule)
		}
		for _, g := range t.Grants {
			notifier.grant(e, g)
		}
	}
}

// properties are the targets as a rule has them.
func (e *Eye) properties(w binding.Watch, targets []target) []any {
	notifier := e.Notifier()
	var properties []any
	for _, t := range targets {
		property := &awsevents.CfnRule_TargetProperty{
			Id:               jsii.String(t.id),
			DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: notifier.DeadLetterQueue().QueueArn()},
		}
		if t.Native != nil {
			property.Arn = t.Native.ARN
			property.RoleArn = t.Native.RoleARN
		} else {
			property.Arn = notifier.Function().FunctionArn()
			if w.Waits {
				property.Arn, property.RoleArn = notifier.waiting()
			}
			property.InputTransformer = &awsevents.CfnRule_InputTransformerProperty{InputTemplate: jsii.String(t.template)}
		}
		properties = append(properties, property)
	}
	return properties
}
