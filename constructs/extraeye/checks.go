package extraeye

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/limits"
)

// checks are the checks of a stack that need all that is in it: they are made when the app
// is synthesized, as an aspect of themselves: they are a construct that has no resources.
type checks struct {
	constructs.Construct
	stack     awscdk.Stack
	measure   limits.Stack
	eyes      []*Eye
	notifiers []*Notifier

	summarized bool
}

// checksOf returns the checks of a stack.
func checksOf(stack awscdk.Stack) *checks {
	const id = "ExtraeyeChecks"
	if c, ok := stack.Node().TryFindChild(jsii.String(id)).(*checks); ok {
		return c
	}
	c := &checks{stack: stack, measure: binding.Measure(stack)}
	constructs.NewConstruct_Override(c, stack, jsii.String(id))
	awscdk.Aspects_Of(c).Add(c, nil)
	return c
}

// Visit implements [awscdk.IAspect]: it is how CDK runs the checks.
func (c *checks) Visit(constructs.IConstruct) {
	for _, e := range c.eyes {
		e.checkWatched()
	}
	c.checkOverlaps()
	for _, n := range c.notifiers {
		n.grants.check()
	}
	c.checkRules()
	c.checkTemplateSize()
	c.summarize(c.checkResources())
}

// rules is how many rules the Eyes of the stack have.
func (c *checks) rules() (n int) {
	for _, e := range c.eyes {
		n += len(e.Rules())
	}
	return n
}

// checkRules warns of more rules than an event bus has room for by default, on the watch
// with which they became so many.
func (c *checks) checkRules() {
	rules := 0
	for _, e := range c.eyes {
		if e.bus != nil {
			continue // whose bus has no others, which are one for each of its watches
		}
		for _, r := range e.sets {
			if rules += r.count(); rules > limits.RulesOnBus {
				report(r.scope, problemf(binding.ManyRules, "the stack has %d rules, and an event bus can have %d, with those of all other stacks; have the quota raised, or use %d accounts or Regions", c.rules(), limits.RulesOnBus, parts(c.rules(), limits.RulesOnBus))...)
				return
			}
		}
	}
}

// roomFor reports whether the stack has room for so many more rules. CDK panics if a stack
// has too many resources, so they are not written.
func (c *checks) roomFor(more int) bool { return c.rules()+more <= limits.Resources }

// checkTemplateSize reports rules that are too large for a template, on the Eye that has
// the most of it. CDK warns of a template that is too large because of its indentation.
func (c *checks) checkTemplateSize() {
	bytes := c.templateBytes()
	if bytes <= limits.TemplateBytes {
		return
	}
	largest := slices.MaxFunc(c.eyes, func(a, b *Eye) int { return cmp.Compare(a.templateBytes(), b.templateBytes()) })
	report(largest, problemf(binding.TemplateTooLarge, "the rules of this stack have %d bytes even without indentation, %d of them of this Eye, and a template can have %d; spread the Eyes over %d stacks", bytes, largest.templateBytes(), limits.TemplateBytes, parts(bytes, limits.TemplateBytes))...)
}

// templateBytes is about how long the rules of the stack's Eyes are in the template.
func (c *checks) templateBytes() (n int) {
	for _, e := range c.eyes {
		n += e.templateBytes()
	}
	return n
}

// checkResources counts the resources of the stack, and what is in the policies of its
// queues, topics, buses and log groups, which several Eyes and the user can add to. Of these
// it reports only what is too much for certain. It returns how many resources there are.
func (c *checks) checkResources() int {
	resources := c.resources()
	if n := len(resources); n > limits.Resources {
		c.reportResources(n)
	}
	template, paths := map[string]any{}, map[string]constructs.IConstruct{}
	for _, r := range resources {
		if kind, properties := policyOf(r); kind != "" {
			path := *r.Node().Path()
			template[path] = map[string]any{"Type": kind, "Properties": c.stack.Resolve(properties)}
			paths[path] = r
		}
	}
	paths[""] = c.stack
	certain := c.measure
	certain.AtLeast = true
	for _, excess := range certain.Check(map[string]any{"Resources": template}) {
		report(paths[excess.ID], problemf(binding.PolicyTooLong, "%s; remove some", excess)...)
	}
	return len(resources)
}

// reportResources reports too many resources on the last Eye, and prints it: CDK panics
// before it shows what is reported.
func (c *checks) reportResources(n int) {
	on := constructs.IConstruct(c.stack)
	if len(c.eyes) > 0 {
		on = c.eyes[len(c.eyes)-1]
	}
	problems := problemf(binding.TooManyRules, "the stack %s has %d resources, %d of them rules of Eyes, and CloudFormation allows %d; spread the Eyes over %d stacks", *c.stack.StackName(), n, c.rules(), limits.Resources, parts(n, limits.Resources))
	report(on, problems...)
	if shown(on) {
		fmt.Fprintln(os.Stderr, problems[0].Message)
	}
}

// resources finds the resources of the stack, without those of nested stacks.
func (c *checks) resources() (found []awscdk.CfnResource) {
	var nested []string
	inNested := func(r awscdk.CfnResource) bool {
		return slices.ContainsFunc(nested, func(path string) bool { return strings.HasPrefix(*r.Node().Path(), path) })
	}
	for _, node := range (*c.stack.Node().FindAll(constructs.ConstructOrder_PREORDER))[1:] {
		if stack, ok := node.(awscdk.Stack); ok {
			nested = append(nested, *stack.Node().Path()+"/")
		}
		if r, ok := node.(awscdk.CfnResource); ok && !inNested(r) {
			found = append(found, r)
		}
	}
	return found
}

// policyOf returns the type and the policy of a resource that is one.
func policyOf(r awscdk.CfnResource) (kind string, properties map[string]any) {
	switch r := r.(type) {
	case awssqs.CfnQueuePolicy:
		return "AWS::SQS::QueuePolicy", map[string]any{"PolicyDocument": r.PolicyDocument()}
	case awssns.CfnTopicPolicy:
		return "AWS::SNS::TopicPolicy", map[string]any{"PolicyDocument": r.PolicyDocument()}
	case awsevents.CfnEventBusPolicy:
		return "AWS::Events::EventBusPolicy", map[string]any{"Statement": r.Statement()}
	case awslogs.CfnResourcePolicy:
		return "AWS::Logs::ResourcePolicy", map[string]any{"PolicyDocument": *r.PolicyDocument()}
	}
	return "", nil
}
