package extraeye

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/limits"
)

// plan is what rules match, and for whom: a rule for every pattern and every five targets.
type plan struct {
	match    binding.Watch
	patterns []rulePattern
	watches  []*boundWatch                       // that the notifier reports for
	only     map[*boundWatch]map[string][]string // what it chooses by for those that want less than match
	raw      []*boundWatch                       // whose other sinks get the event as it is
	inputs   []input
}

// rules are the rules of a plan, in one scope.
type rules struct {
	plan
	scope   constructs.Construct
	written []*writtenRule
}

// serve reports whether the rules deliver for a watch.
func (r *rules) serve(b *boundWatch) bool {
	return slices.Contains(r.watches, b) && len(b.notified()) > 0 || slices.Contains(r.raw, b) && len(b.raw()) > 0
}

type writtenRule struct {
	awsevents.CfnRule
	pattern string // its id
	part    int    // which five of the targets, from 0 on
	allowed bool   // to invoke the notifier
}

// change is a plan for rules; nil: for new ones.
type change struct {
	rules *rules
	plan
}

// more is how many more rules there are after a change.
func (c change) more() int {
	if c.rules == nil {
		return c.count()
	}
	return c.count() - c.rules.count()
}

// count is how many rules there are.
func (p *plan) count() int { return len(p.patterns) * p.rulesOfPattern() }

func (p *plan) rulesOfPattern() int {
	return parts(len(p.inputs)+len(p.natives()), limits.TargetsOfRule)
}

// direct is how many inputs, which come first, the notifier is invoked with by rules.
func (p *plan) direct() (n int) {
	for _, in := range p.inputs {
		if p.waitOfInput(in) == 0 {
			n++
		}
	}
	return n
}

// sinks are what the notifier delivers to.
func (p *plan) sinks() (all []*target) {
	for _, b := range p.watches {
		all = append(all, b.notified()...)
	}
	return all
}

// natives are what rules deliver to themselves, in an order that does not depend on that of
// sinks or watches. If several watches have the same one, it gets an event once.
func (p *plan) natives() (all []*target) {
	for _, b := range p.raw {
		for _, t := range b.raw() {
			if !slices.ContainsFunc(all, func(other *target) bool { return other.key == t.key }) {
				all = append(all, t)
			}
		}
	}
	slices.SortFunc(all, func(a, b *target) int { return strings.Compare(a.id(), b.id()) })
	return all
}

// id is that of a native target, which says what it is.
func (t *target) id() string { return t.Name + t.Native.ID }

// apply writes the rules that are changed, and what they need. What is known of a rule only
// when all watches are, is written at synthesis.
func (e *Eye) apply(b *boundWatch, changes []change) {
	if len(b.notified()) > 0 {
		e.Notifier().grants.grant(e, b.Grants...)
		if e.journal != nil {
			e.Notifier().grants.grant(e, e.journal.grant())
		}
	}
	for _, t := range b.targets {
		e.allow(t)
	}
	for _, c := range changes {
		if c.rules == nil {
			c.rules = &rules{scope: constructs.NewConstruct(e, jsii.String(e.nextID(c.match.Name)))}
			e.sets = append(e.sets, c.rules)
		}
		c.rules.plan = c.plan
		e.write(c.rules)
	}
}

// nextID is the id of one more scope of rules of a kind of watch.
func (e *Eye) nextID(kind string) string {
	if e.scopes[kind]++; e.scopes[kind] > 1 {
		return kind + fmt.Sprint(e.scopes[kind])
	}
	return kind
}

// allow lets rules reach a native target, and the notifier what it delivers to.
func (e *Eye) allow(t *target) {
	if t.Native != nil && t.Native.Allow != nil {
		t.Native.Allow()
	}
	e.Notifier().grants.grant(e, t.Grants...)
}

// write writes the rules that there are not yet, and lets each invoke the notifier that has
// an input for it.
func (e *Eye) write(r *rules) {
	for _, p := range r.patterns {
		for part := range r.rulesOfPattern() {
			e.writeRule(r, p.id, part)
		}
	}
	order := func(w *writtenRule) int {
		return slices.IndexFunc(r.patterns, func(p rulePattern) bool { return p.id == w.pattern })
	}
	slices.SortStableFunc(r.written, func(a, b *writtenRule) int {
		return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(a.part, b.part))
	})
}

func (e *Eye) writeRule(r *rules, pattern string, part int) {
	id := pattern
	if part > 0 {
		id += fmt.Sprint("Sinks", part+1)
	}
	at := slices.IndexFunc(r.written, func(w *writtenRule) bool { return w.pattern == pattern && w.part == part })
	if at < 0 {
		at = len(r.written)
		w := &writtenRule{pattern: pattern, part: part}
		w.CfnRule = awsevents.NewCfnRule(r.scope, jsii.String(id), &awsevents.CfnRuleProps{
			Description:  jsii.String(fmt.Sprintf("extraeye: %s for %s", r.match.Name, e.service)),
			EventPattern: awscdk.Lazy_UncachedAny(&latePattern{r, w}, nil),
			Targets:      awscdk.Lazy_UncachedAny(&lateTargets{e, r, w}, nil),
			EventBusName: e.busName(),
		})
		if e.bus != nil {
			e.Notifier().name(w.CfnRule, e.bus)
		}
		r.written = append(r.written, w)
		e.alarmOnLoss(w.CfnRule)
	}
	for _, in := range r.inputs { // whose roles and queues cannot be made at synthesis
		switch wait := r.waitOfInput(in); {
		case r.match.Waits:
			e.Notifier().waiting()
		case wait > 0:
			e.Notifier().collecting(wait)
		}
	}
	if w := r.written[at]; !w.allowed && !r.match.Waits && r.direct() > part*limits.TargetsOfRule {
		w.allowed = true
		e.letInvoke(r.scope, id+"Permission", w.CfnRule)
	}
}

// letInvoke lets a rule invoke the notifier. The rules of a fleet have one permission.
func (e *Eye) letInvoke(scope constructs.Construct, id string, rule awsevents.CfnRule) {
	if e.fleet {
		e.Notifier().share(rule, e.bus)
		return
	}
	e.Notifier().allow(scope, id, rule)
}

// latePattern is an event pattern that is written at synthesis, when all watches are known
// that share the rule.
type latePattern struct {
	rules *rules
	rule  *writtenRule
}

// Produce implements [awscdk.IAnyProducer].
func (l *latePattern) Produce(awscdk.IResolveContext) any {
	at := slices.IndexFunc(l.rules.patterns, func(p rulePattern) bool { return p.id == l.rule.pattern })
	return l.rules.patterns[at].pattern
}

// lateTargets are the targets of a rule, written then, too.
type lateTargets struct {
	eye   *Eye
	rules *rules
	rule  *writtenRule
}

// Produce implements [awscdk.IAnyProducer].
func (l *lateTargets) Produce(awscdk.IResolveContext) any {
	all := l.eye.properties(l.rules)
	from := l.rule.part * limits.TargetsOfRule
	return all[from:min(from+limits.TargetsOfRule, len(all))]
}

// properties are all targets of rules as rules list them, those of the notifier first.
func (e *Eye) properties(r *rules) (all []*awsevents.CfnRule_TargetProperty) {
	notifier, ids := e.Notifier(), map[string]int{}
	for _, in := range r.inputs {
		id, wait := "Notifier", r.waitOfInput(in)
		if wait > 0 {
			id = fmt.Sprintf("Grouped%ds", wait)
		}
		if ids[id]++; ids[id] > 1 {
			id += fmt.Sprint(ids[id])
		}
		p := &awsevents.CfnRule_TargetProperty{Id: jsii.String(id), Arn: notifier.Function().FunctionArn()}
		switch {
		case r.match.Waits:
			p.Arn, p.RoleArn = notifier.waiting()
		case wait > 0:
			p.Arn = notifier.collecting(wait).QueueArn()
		}
		p.InputTransformer = &awsevents.CfnRule_InputTransformerProperty{InputTemplate: jsii.String(e.template(r.plan, in))}
		all = append(all, p)
	}
	for _, t := range r.natives() {
		all = append(all, &awsevents.CfnRule_TargetProperty{Id: jsii.String(t.id()), Arn: t.Native.ARN, RoleArn: t.Native.RoleARN})
	}
	for _, p := range all {
		p.DeadLetterConfig = &awsevents.CfnRule_DeadLetterConfigProperty{Arn: notifier.DeadLetterQueue().QueueArn()}
	}
	return all
}
