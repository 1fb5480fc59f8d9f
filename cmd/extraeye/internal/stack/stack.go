// Package stack lists what is deployed of a CloudFormation stack.
package stack

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"strings"

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

// Resource is a resource of a stack.
type Resource struct {
	Logical string `xml:"LogicalResourceId"`
	// ID is what the service calls it.
	ID     string `xml:"PhysicalResourceId"`
	Type   string `xml:"ResourceType"`
	Status string `xml:"ResourceStatus"`
}

// Resources returns what is deployed of a stack and of the stacks nested in it.
func Resources(ctx context.Context, api *awsapi.Client, stack string) ([]Resource, error) {
	r := &reader{api: api}
	if err := r.read(ctx, stack, 0); err != nil {
		return nil, err
	}
	return r.all, nil
}

type reader struct {
	api    *awsapi.Client
	stacks int
	all    []Resource
}

// read reads the resources of a stack, and of those in it.
func (r *reader) read(ctx context.Context, name string, depth int) error {
	if r.stacks++; depth > maxDepth || r.stacks > maxStacks {
		return fmt.Errorf("more than %d stacks are nested in it, or more than %d deep", maxStacks, maxDepth)
	}
	own, err := r.resources(ctx, name)
	if err != nil {
		return err
	}
	for _, one := range own {
		switch {
		case one.ID == "" || strings.HasPrefix(one.Status, "DELETE_"):
		case one.Type == "AWS::CloudFormation::Stack":
			if err := r.read(ctx, one.ID, depth+1); err != nil {
				return err
			}
		default:
			r.all = append(r.all, one)
		}
	}
	return nil
}

func (r *reader) resources(ctx context.Context, stack string) (all []Resource, err error) {
	token := ""
	for range maxPages {
		var page struct {
			XMLName   xml.Name   `xml:"ListStackResourcesResponse"`
			Next      string     `xml:"ListStackResourcesResult>NextToken"`
			Resources []Resource `xml:"ListStackResourcesResult>StackResourceSummaries>member"`
		}
		in := url.Values{"StackName": {stack}}
		if token != "" {
			in.Set("NextToken", token)
		}
		err := r.api.Query(ctx, awsapi.Call{Service: "cloudformation", Operation: "ListStackResources"}, cloudFormationVersion, in, &page)
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
