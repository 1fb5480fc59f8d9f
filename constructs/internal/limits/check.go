package limits

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Check returns which limits a template exceeds. It reads the template as plain data, in
// JSON's types.
func (s Stack) Check(template map[string]any) []Excess {
	resources, _ := template["Resources"].(map[string]any)
	c := counter{Stack: s}
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		r, _ := resources[id].(map[string]any)
		properties, _ := r["Properties"].(map[string]any)
		c.count(id, fmt.Sprint(r["Type"]), properties)
	}
	c.limit("", "", "the stack", len(resources), Resources, "resources")
	c.limit("", "", "the template", len(s.json(template)), TemplateBytes, "bytes even without indentation")
	c.limit("", "", "the stack", c.logPolicies, LogPolicies, "resource policies for log groups")
	c.sums("AWS::Lambda::Function", "the policy of the function", c.functions, FunctionPolicyBytes)
	c.sums("AWS::IAM::Role", "the inline policies of the role", c.roles, RolePolicyBytes)
	return c.found
}

// counter counts the resources of one template.
type counter struct {
	Stack
	found       []Excess
	logPolicies int
	functions   map[string]int // bytes of their policies
	roles       map[string]int
}

func (c *counter) limit(id, kind, what string, got, most int, unit string) {
	if got > most {
		c.found = append(c.found, Excess{id, kind, what, got, most, unit})
	}
}

// sums notes what is too much of several resources together.
func (c *counter) sums(kind, what string, bytes map[string]int, most int) {
	for _, id := range slices.Sorted(maps.Keys(bytes)) {
		c.limit(id, kind, what, bytes[id], most, "bytes")
	}
}

// policies are the resources that are one policy: which property it is, and how much of it
// there may be.
var policies = map[string]struct {
	what, property    string
	statements, bytes int
}{
	"AWS::SQS::QueuePolicy":       {"the queue's policy", "PolicyDocument", QueueStatements, QueuePolicyBytes},
	"AWS::SNS::TopicPolicy":       {"the topic's policy", "PolicyDocument", TopicStatements, TopicPolicyBytes},
	"AWS::Events::EventBusPolicy": {"the event bus's policy", "Statement", unlimited, BusPolicyBytes},
	"AWS::Logs::ResourcePolicy":   {"the log group's policy", "PolicyDocument", unlimited, LogPolicyBytes},
	"AWS::IAM::ManagedPolicy":     {"the managed policy", "PolicyDocument", unlimited, ManagedPolicyBytes},
}

const unlimited = 1 << 30

// count counts one resource.
func (c *counter) count(id, kind string, p map[string]any) {
	if policy, ok := policies[kind]; ok {
		document := p[policy.property]
		c.limit(id, kind, policy.what, len(statementsOf(document)), policy.statements, "statements")
		c.limit(id, kind, policy.what, c.Bytes(document), policy.bytes, "bytes")
	}
	switch kind {
	case "AWS::Logs::ResourcePolicy":
		c.logPolicies++
	case "AWS::IAM::Policy":
		c.rolePolicy(p["PolicyDocument"], listOf(p["Roles"])...)
	case "AWS::IAM::Role":
		for _, inline := range listOf(p["Policies"]) {
			document, _ := inline.(map[string]any)
			c.rolePolicy(document["PolicyDocument"], map[string]any{"Ref": id})
		}
	case "AWS::Lambda::Permission":
		c.permission(id, p)
	case "AWS::Events::Rule":
		c.rule(id, p)
	}
}

func (c *counter) rolePolicy(document any, roles ...any) {
	if c.roles == nil {
		c.roles = map[string]int{}
	}
	for _, role := range roles {
		c.roles[named(role)] += c.Bytes(document)
	}
}

// permission adds one to the policy of its function: the statement as Lambda writes it.
func (c *counter) permission(id string, p map[string]any) {
	if c.functions == nil {
		c.functions = map[string]int{}
	}
	function := named(p["FunctionName"])
	if c.functions[function] == 0 {
		c.functions[function] = len(`{"Version":"2012-10-17","Id":"default","Statement":[]}`)
	}
	c.functions[function] += c.Permission(id, p)
}

// Permission is how many bytes a permission adds to its function's policy. CloudFormation
// makes its Sid of the stack's name and the logical id.
func (s Stack) Permission(id string, p map[string]any) int {
	condition := map[string]any{}
	if source, ok := p["SourceArn"]; ok {
		condition["ArnLike"] = map[string]any{"AWS:SourceArn": s.shortARN(source)}
	}
	if account, ok := p["SourceAccount"]; ok {
		condition["StringEquals"] = map[string]any{"AWS:SourceAccount": account}
	}
	const longestSid = 100
	return len(",") + s.Bytes(map[string]any{
		"Sid":    filler(min(s.madeUpName(id), longestSid)),
		"Effect": "Allow", "Principal": map[string]any{"Service": p["Principal"]}, "Action": p["Action"],
		"Resource": s.shortARN(p["FunctionName"]), "Condition": condition,
	})
}

// shortARN is the ARN of a function or a rule, whose names have at most 64 characters.
func (s Stack) shortARN(arn any) string { return filler(min(s.Text(arn), longestARN+64)) }

// rule counts a rule. Its properties are those of a template.
func (c *counter) rule(id string, p map[string]any) {
	const kind = "AWS::Events::Rule"
	c.limit(id, kind, "the event pattern of the rule", c.Characters(p["EventPattern"]), PatternCharacters, "characters")
	targets := listOf(p["Targets"])
	c.limit(id, kind, "the rule", len(targets), TargetsOfRule, "targets")
	for _, target := range targets {
		target, _ := target.(map[string]any)
		if transformer, ok := target["InputTransformer"].(map[string]any); ok {
			c.limit(id, kind, fmt.Sprintf("the input of the target %v", target["Id"]), c.Text(transformer["InputTemplate"]), InputCharacters, "characters")
		}
	}
}

// statementsOf are the statements of a policy, or of one that is a single statement.
func statementsOf(document any) []any {
	d, ok := document.(map[string]any)
	if !ok {
		return nil
	}
	return listOf(d["Statement"])
}

func listOf(v any) []any {
	list, _ := v.([]any)
	return list
}

// named is the logical id of the resource that a property names, or else its text.
func named(v any) string {
	if m, ok := v.(map[string]any); ok {
		if name, argument, ok := intrinsic(m); ok && (name == "Ref" || name == "Fn::GetAtt") {
			return resource(argument)
		}
	}
	return strings.TrimSpace(fmt.Sprint(v))
}
