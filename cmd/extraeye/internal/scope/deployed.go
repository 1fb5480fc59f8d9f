package scope

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/stack"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// maxPages is how many pages of a rule's targets are read: more than a rule may have.
const maxPages = 25

// ErrNoRule is the error of a rule that does not exist.
var ErrNoRule = errors.New("it does not exist any more")

// DeployedRules returns the rules of a deployed stack and of the stacks nested in it. EventBridge
// has their names and patterns as they came out of the template.
func DeployedRules(ctx context.Context, api *awsapi.Client, of string) ([]assembly.Rule, error) {
	resources, err := stack.Resources(ctx, api, of)
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", of, err)
	}
	rules, err := RulesAmong(ctx, api, resources)
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", of, err)
	}
	return rules, nil
}

// RulesAmong returns the rules that are among the resources of stacks.
func RulesAmong(ctx context.Context, api *awsapi.Client, resources []stack.Resource) (rules []assembly.Rule, err error) {
	for _, r := range resources {
		if r.Type != "AWS::Events::Rule" {
			continue
		}
		// The physical id of a rule on a bus of its own is "BUS|RULE".
		//
		// https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1131
		bus, name, ok := strings.Cut(r.ID, "|")
		if !ok {
			bus, name = "", r.ID
		}
		switch rule, err := DeployedRule(ctx, api, bus, name); {
		case errors.Is(err, ErrNoRule): // it was deleted by hand
		case err != nil:
			return nil, err
		default:
			rule.LogicalID = r.Logical
			rules = append(rules, rule)
		}
	}
	return rules, nil
}

// eventsTarget names EventBridge's API.
//
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html
const eventsTarget = "AWSEvents"

// DeployedRule reads a rule and its targets. The bus is "" for the account's default one.
func DeployedRule(ctx context.Context, api *awsapi.Client, bus, name string) (assembly.Rule, error) {
	var answer struct {
		ARN     string `json:"Arn"`
		Pattern string `json:"EventPattern"`
		State   string `json:"State"`
	}
	in := map[string]string{"Name": name}
	if bus != "" {
		in["EventBusName"] = bus
	}
	err := api.JSON(ctx, awsapi.Call{Service: "events", Operation: "DescribeRule"}, eventsTarget, in, &answer)
	if refused := (*awsapi.Error)(nil); errors.As(err, &refused) && refused.Code == "ResourceNotFoundException" {
		return assembly.Rule{}, fmt.Errorf("rule %s: %w", name, ErrNoRule)
	}
	if err != nil {
		return assembly.Rule{}, err
	}
	rule := assembly.Rule{Name: name, ARN: answer.ARN, EventBus: bus, Enabled: answer.State != "DISABLED"}
	if json.Valid([]byte(answer.Pattern)) {
		rule.Pattern = json.RawMessage(answer.Pattern)
	}
	rule.Targets, err = Targets(ctx, api, name, bus)
	return rule, err
}

// Targets reads the targets of a rule, of which it has at most five, or as many as a quota says. The
// bus is "" for the account's default one.
func Targets(ctx context.Context, api *awsapi.Client, rule, bus string) ([]assembly.Target, error) {
	in := map[string]string{"Rule": rule}
	if bus != "" {
		in["EventBusName"] = bus
	}
	var all []assembly.Target
	for range maxPages {
		var page struct {
			Next    string `json:"NextToken"`
			Targets []struct {
				ID          string  `json:"Id"`
				ARN         string  `json:"Arn"`
				Input       *string `json:"Input"`
				InputPath   string  `json:"InputPath"`
				Transformer *struct {
					Paths    map[string]string `json:"InputPathsMap"`
					Template string            `json:"InputTemplate"`
				} `json:"InputTransformer"`
				DeadLetters struct {
					ARN string `json:"Arn"`
				} `json:"DeadLetterConfig"`
			} `json:"Targets"`
		}
		if err := api.JSON(ctx, awsapi.Call{Service: "events", Operation: "ListTargetsByRule"}, eventsTarget, in, &page); err != nil {
			return nil, err
		}
		for _, t := range page.Targets {
			target := assembly.Target{ID: t.ID, ARN: t.ARN, Input: t.Input, InputPath: t.InputPath, DeadLetterARN: t.DeadLetters.ARN}
			if t.Transformer != nil {
				target.Transformer = &assembly.Transformer{Paths: t.Transformer.Paths, Template: t.Transformer.Template}
			}
			all = append(all, target)
		}
		if page.Next == "" {
			return all, nil
		}
		in["NextToken"] = page.Next
	}
	return all, nil
}
