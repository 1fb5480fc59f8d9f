package extraeye

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// lateDocument is a policy that is written at synthesis, when all grants are known.
type lateDocument struct {
	grants *grants
	policy *policy
}

// Produce implements [awscdk.IAnyProducer].
func (l *lateDocument) Produce(awscdk.IResolveContext) any {
	return l.grants.document(l.policy, asItIs)
}

// document writes a policy, with texts as text writes them.
func (g *grants) document(p *policy, text func(string) string) map[string]any {
	return document(g.merged(p), text)
}

// document writes a policy of grants, with texts as text writes them.
func document(grants []binding.Grant, text func(string) string) map[string]any {
	var all []any
	for _, s := range grants {
		one := map[string]any{"Effect": "Allow", "Action": single(s.Actions), "Resource": single(each(s.Resources, text))}
		if len(s.Conditions) > 0 {
			conditions := map[string]any{}
			for key, value := range s.Conditions {
				conditions[key] = text(value)
			}
			one["Condition"] = map[string]any{"StringEquals": conditions}
		}
		all = append(all, one)
	}
	return map[string]any{"Version": "2012-10-17", "Statement": all}
}

func asItIs(text string) string { return text }

// broad are why grants have wildcards.
func broad(all []binding.Grant) (reasons []string) {
	for _, g := range all {
		wide := slices.ContainsFunc(g.Resources, func(r string) bool { return strings.Contains(r, "*") })
		if wide && g.Broad != "" && !slices.Contains(reasons, g.Broad) {
			reasons = append(reasons, g.Broad)
		}
	}
	return reasons
}

// merged are the statements of a policy: those on the same resources as one. What is
// granted in its wide form is in the notifier's own policy only, unless another one would
// be empty without it.
func (g *grants) merged(p *policy) []binding.Grant {
	var all []binding.Grant
	var elsewhere []binding.Grant
	for _, s := range p.statements {
		grant := s.Grant
		if wide := g.wide[s.key]; wide != "" {
			grant.Resources = []string{wide}
			if p != g.own {
				elsewhere = append(elsewhere, grant)
				continue
			}
		}
		all = merge(all, grant)
	}
	if len(all) == 0 {
		return elsewhere[:min(1, len(elsewhere))]
	}
	return all
}

// merge adds a grant to others: its actions to one with the same resources and conditions.
func merge(all []binding.Grant, grant binding.Grant) []binding.Grant {
	at := slices.IndexFunc(all, func(g binding.Grant) bool {
		return slices.Equal(g.Resources, grant.Resources) && maps.Equal(g.Conditions, grant.Conditions)
	})
	if at < 0 {
		return append(all, grant)
	}
	all[at].Actions = slices.Concat(all[at].Actions, grant.Actions)
	return all
}

// single is a list as policies have it: one element stands for itself.
func single(list []string) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

func each(list []string, text func(string) string) []string {
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = text(s)
	}
	return all
}
