package extraeye

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/limits"
)

// wideFrom is from how many bytes of policies on resources are granted in their wide form:
// the rest is for sinks, whose grants have none.
const wideFrom = 7000

// grants are what the function may do: the inline policies of its role, one in each stack
// that something is named by. They are written at synthesis, when all is known.
type grants struct {
	notifier    *Notifier
	policies    map[string]*policy // by the path of a stack, and one of the notifier's own
	own         *policy            // that of the notifier's own stack
	wide        map[string]string  // the wide forms that are granted, by the key of statements
	everyStacks *strings.Replacer  // takes out of an ARN what is the same in every stack
	// over is the scope with which the policies became too long; nil: they are not.
	over constructs.IConstruct
	// managed is how many managed policies are attached to the role, beside the user's.
	managed int
}

// policy is what the function may do for the Eyes of one stack.
type policy struct {
	resource   awsiam.CfnPolicy
	scope      constructs.Construct
	stack      awscdk.Stack // which is asked for once: every question to CDK takes time
	statements []*statement
	broad      []string       // why statements have wildcards
	measure    limits.Stack   // of the policy's stack
	lengths    map[string]int // of texts, as they will be when they are deployed
}

// statement is all that is granted with the same actions and conditions.
type statement struct {
	binding.Grant
	key string
}

func newGrants(n *Notifier) *grants {
	return &grants{
		notifier:    n,
		policies:    map[string]*policy{},
		wide:        map[string]string{},
		everyStacks: strings.NewReplacer(*awscdk.Aws_PARTITION(), "", *awscdk.Aws_REGION(), "", *awscdk.Aws_ACCOUNT_ID(), ""),
	}
}

// grant lets the function do something for what is defined in a scope.
func (g *grants) grant(scope constructs.IConstruct, all ...binding.Grant) {
	for _, grant := range all {
		g.add(scope, grant)
	}
}

// add adds a grant. Unless it is named by something of the scope's stack, it is in the notifier's
// own: the Eyes of all stacks share its statements, and the policies of all stacks have to fit into
// one role.
func (g *grants) add(scope constructs.IConstruct, grant binding.Grant) {
	key := fmt.Sprint(grant.Actions, grant.Conditions)
	if g.wide[key] != "" {
		return
	}
	p := g.own
	if slices.ContainsFunc(grant.Resources, func(r string) bool { return binding.IsToken(g.everyStacks.Replace(r)) }) {
		p = g.policyFor(scope)
	}
	p.add(key, grant)
	if grant.Wide != "" && g.own.has(key, grant.Wide) { // it was granted as such
		g.wide[key] = grant.Wide
	}
	if bytes := g.widen(); g.over == nil && bytes > limits.RolePolicyBytes {
		g.over = scope
	}
}

// policyFor is the policy for what is defined in a scope. It is in the scope's own stack,
// which needs the notifier's already: statements about the scope's topics and secrets in
// the notifier's stack would make the two need each other.
func (g *grants) policyFor(scope constructs.IConstruct) *policy {
	stack, id := awscdk.Stack_Of(scope), "Policy"
	path := *stack.Node().Path()
	if p, ok := g.policies[path]; ok {
		return p
	}
	in := constructs.Construct(g.notifier)
	if g.own != nil { // which is in the notifier's stack
		in, id = stack, "ExtraeyeNotifierPolicy"+(*g.notifier.Node().Addr())[:8]
	}
	g.policies[path] = g.newPolicy(stack, in, id)
	return g.policies[path]
}

// later lets the function do something with a resource that needs the function: in a policy
// of its own, which the function does not wait for.
func (g *grants) later(grant binding.Grant) {
	p := g.newPolicy(g.own.stack, g.notifier, "LaterPolicy")
	p.add("", grant)
	g.policies["/"] = p // which is no path of a stack
}

func (g *grants) newPolicy(stack awscdk.Stack, in constructs.Construct, id string) *policy {
	p := &policy{scope: constructs.NewConstruct(in, jsii.String(id)), stack: stack, measure: checksOf(stack).measure, lengths: map[string]int{}}
	p.resource = awsiam.NewCfnPolicy(p.scope, jsii.String("Resource"), &awsiam.CfnPolicyProps{
		PolicyName:     awscdk.Lazy_UncachedString(&policyName{p}, nil),
		Roles:          &[]*string{g.notifier.role.RoleName()},
		PolicyDocument: awscdk.Lazy_UncachedAny(&lateDocument{g, p}, nil),
	})
	return p
}

// add adds a grant, as far as there is none yet, and says to cdk-nag why it has wildcards.
func (p *policy) add(key string, grant binding.Grant) {
	at := slices.IndexFunc(p.statements, func(s *statement) bool { return s.key == key })
	if at < 0 {
		at = len(p.statements)
		p.statements = append(p.statements, &statement{grant, key})
		p.statements[at].Resources = nil
	}
	s := p.statements[at]
	for _, r := range grant.Resources {
		if slices.Contains(s.Resources, r) {
			continue
		}
		s.Resources = append(s.Resources, r)
		if strings.Contains(r, "*") && grant.Broad != "" && !slices.Contains(p.broad, grant.Broad) {
			p.broad = append(p.broad, grant.Broad)
			acceptNag(p.resource, "AwsSolutions-IAM5", p.broad...)
		}
	}
}

// has reports whether a resource is granted.
func (p *policy) has(key, resource string) bool {
	return slices.ContainsFunc(p.statements, func(s *statement) bool { return s.key == key && slices.Contains(s.Resources, resource) })
}

// widen grants in their wide form what is longest, until the policies are short enough, and
// returns how long they are.
func (g *grants) widen() (bytes int) {
	for bytes = g.bytes(); bytes > wideFrom; bytes = g.bytes() {
		s := g.longest()
		if s == nil {
			break
		}
		g.wide[s.key] = s.Wide
		wide := s.Grant
		wide.Resources = []string{s.Wide}
		g.own.add(s.key, wide)
	}
	return bytes
}

// longest is a statement that has a wide form, of the kind that takes up most; nil: none has.
func (g *grants) longest() *statement {
	bytes, all := map[string]int{}, []*statement(nil)
	for _, path := range slices.Sorted(maps.Keys(g.policies)) {
		p := g.policies[path]
		for _, s := range p.statements {
			if s.Wide == "" || g.wide[s.key] != "" {
				continue
			}
			for _, r := range s.Resources {
				bytes[s.key] += p.length(r)
			}
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return slices.MaxFunc(all, func(a, b *statement) int { return cmp.Compare(bytes[a.key], bytes[b.key]) })
}

// bytes is how long all policies are together.
func (g *grants) bytes() (n int) {
	for _, p := range g.policies {
		n += p.measure.Bytes(g.document(p, func(text string) string { return strings.Repeat("x", p.length(text)) }))
	}
	return n
}

// length is how long a text is when it is deployed.
func (p *policy) length(text string) int {
	if !strings.Contains(text, "${Token[") {
		return len(text)
	}
	n, ok := p.lengths[text]
	if !ok {
		n = p.measure.Text(p.stack.Resolve(text))
		p.lengths[text] = n
	}
	return n
}

// policyName names a policy as its logical id, as CDK names policies.
type policyName struct{ policy *policy }

// Produce implements [awscdk.IStringProducer].
func (p *policyName) Produce(awscdk.IResolveContext) *string {
	const longest = 128
	id := *p.policy.stack.GetLogicalId(p.policy.resource)
	return jsii.String(id[max(0, len(id)-longest):])
}
