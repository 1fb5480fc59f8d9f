package scope

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// cloudFormationVersion is the version of CloudFormation's API.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html
const cloudFormationVersion = "2010-05-15"

const (
	// maxDepth is how deep stacks are nested that are read, and maxStacks how many.
	maxDepth  = 10
	maxStacks = 200
	// maxPages is how many pages of a stack's resources are read: five times what a stack may have.
	maxPages = 25
)

// ErrNotDeployed is the error of a stack that does not exist.
var ErrNotDeployed = errors.New("it is not deployed in this account and Region")

// DeployedRules returns the rules of a deployed stack and of the stacks nested in it. EventBridge
// has their names and patterns as they came out of the template.
func DeployedRules(ctx context.Context, api *awsapi.Client, stack string) ([]assembly.Rule, error) {
	d := &deployed{api: api}
	if err := d.stack(ctx, stack, 0); err != nil {
		return nil, fmt.Errorf("stack %s: %w", stack, err)
	}
	return d.rules, nil
}

type deployed struct {
	api    *awsapi.Client
	stacks int
	rules  []assembly.Rule
}

// stack reads the rules of a stack, and of those in it.
func (d *deployed) stack(ctx context.Context, name string, depth int) error {
	if d.stacks++; depth > maxDepth || d.stacks > maxStacks {
		return fmt.Errorf("more than %d stacks are nested in it, or more than %d deep", maxStacks, maxDepth)
	}
	resources, err := d.resources(ctx, name)
	if err != nil {
		return err
	}
	for _, r := range resources {
		switch {
		case r.ID == "" || strings.HasPrefix(r.Status, "DELETE_"):
		case r.Type == "AWS::CloudFormation::Stack":
			err = d.stack(ctx, r.ID, depth+1)
		case r.Type == "AWS::Events::Rule":
			err = d.rule(ctx, r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// resource is a resource of a stack.
type resource struct {
	Logical string `xml:"LogicalResourceId"`
	ID      string `xml:"PhysicalResourceId"`
	Type    string `xml:"ResourceType"`
	Status  string `xml:"ResourceStatus"`
}

func (d *deployed) resources(ctx context.Context, stack string) (all []resource, err error) {
	token := ""
	for range maxPages {
		var page struct {
			XMLName   xml.Name   `xml:"ListStackResourcesResponse"`
			Next      string     `xml:"ListStackResourcesResult>NextToken"`
			Resources []resource `xml:"ListStackResourcesResult>StackResourceSummaries>member"`
		}
		in := url.Values{"StackName": {stack}}
		if token != "" {
			in.Set("NextToken", token)
		}
		err := d.api.Query(ctx, awsapi.Call{Service: "cloudformation", Operation: "ListStackResources"}, cloudFormationVersion, in, &page)
		if refused := (*awsapi.Error)(nil); errors.As(err, &refused) && refused.Code == "ValidationError" && strings.Contains(refused.Message, "does not exist") {
			return nil, ErrNotDeployed
		}
		if err != nil {
			return nil, err
		}
		if all = append(all, page.Resources...); page.Next == "" || page.Next == token {
			return all, nil
		}
		token = page.Next
	}
	return all, nil
}

// eventsTarget names EventBridge's API.
//
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html
const eventsTarget = "AWSEvents"

// rule reads a rule and its targets. The physical id of a rule on a bus of its own is "BUS|RULE".
func (d *deployed) rule(ctx context.Context, r resource) error {
	bus, name, ok := strings.Cut(r.ID, "|")
	if !ok {
		bus, name = "", r.ID
	}
	var answer struct {
		ARN     string `json:"Arn"`
		Pattern string `json:"EventPattern"`
		State   string `json:"State"`
	}
	in := map[string]string{"Name": name}
	if bus != "" {
		in["EventBusName"] = bus
	}
	if err := d.events(ctx, awsapi.Call{Service: "events", Operation: "DescribeRule"}, in, &answer); err != nil {
		if refused := (*awsapi.Error)(nil); errors.As(err, &refused) && refused.Code == "ResourceNotFoundException" {
			return nil // it was deleted by hand
		}
		return err
	}
	rule := assembly.Rule{LogicalID: r.Logical, Name: name, ARN: answer.ARN, EventBus: bus, Enabled: answer.State != "DISABLED"}
	if json.Valid([]byte(answer.Pattern)) {
		rule.Pattern = json.RawMessage(answer.Pattern)
	}
	var err error
	rule.Targets, err = d.targets(ctx, name, bus)
	d.rules = append(d.rules, rule)
	return err
}

// targets reads the targets of a rule, of which it has at most five, or as many as a quota says.
func (d *deployed) targets(ctx context.Context, rule, bus string) ([]assembly.Target, error) {
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
			} `json:"Targets"`
		}
		if err := d.events(ctx, awsapi.Call{Service: "events", Operation: "ListTargetsByRule"}, in, &page); err != nil {
			return nil, err
		}
		for _, t := range page.Targets {
			target := assembly.Target{ID: t.ID, ARN: t.ARN, Input: t.Input, InputPath: t.InputPath}
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

func (d *deployed) events(ctx context.Context, call awsapi.Call, in, out any) error {
	return d.api.JSON(ctx, call, eventsTarget, in, out)
}
