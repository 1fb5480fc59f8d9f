package coverage

import (
	"context"
	"encoding/xml"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// maxPages is how many pages of one kind are read.
const maxPages = 1000

// pages reads page after page, which returns the token of the next one, "" after the last.
func pages(page func(token string) (next string, err error)) error {
	token := ""
	for range maxPages {
		next, err := page(token)
		if err != nil || next == "" || next == token {
			return err
		}
		token = next
	}
	return errors.New("there are too many")
}

// withToken adds the token of a page to what AWS is asked.
func withToken(in map[string]any, token string) map[string]any {
	if token != "" {
		in["nextToken"] = token
	}
	return in
}

// groups compares Auto Scaling groups.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html
func (c *comparison) groups(ctx context.Context) {
	call := awsapi.Call{Service: "autoscaling", Operation: "DescribeAutoScalingGroups"}
	var names []string
	err := pages(func(token string) (string, error) {
		var page struct {
			XMLName xml.Name `xml:"DescribeAutoScalingGroupsResponse"`
			Next    string   `xml:"DescribeAutoScalingGroupsResult>NextToken"`
			Names   []string `xml:"DescribeAutoScalingGroupsResult>AutoScalingGroups>member>AutoScalingGroupName"`
		}
		in := url.Values{"MaxRecords": {"100"}}
		if token != "" {
			in.Set("NextToken", token)
		}
		err := c.api.Query(ctx, call, "2011-01-01", in, &page)
		names = append(names, page.Names...)
		return page.Next, err
	})
	if err != nil {
		c.fail("Auto Scaling groups", call, "Auto Scaling", err)
		return
	}
	c.compare(wire.AutoScalingGroup, names, c.watched.Groups)
}

// codeDeployTarget names CodeDeploy's API.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListApplications.html
const codeDeployTarget = "CodeDeploy_20141006"

// applications compares CodeDeploy applications, and the deployment groups that are watched.
func (c *comparison) applications(ctx context.Context) {
	call := awsapi.Call{Service: "codedeploy", Operation: "ListApplications"}
	var names, watched []string
	err := pages(func(token string) (string, error) {
		var page struct {
			Next  string   `json:"nextToken"`
			Names []string `json:"applications"`
		}
		err := c.api.JSON(ctx, call, codeDeployTarget, withToken(map[string]any{}, token), &page)
		names = append(names, page.Names...)
		return page.Next, err
	})
	if err != nil {
		c.fail("CodeDeploy applications", call, "CodeDeploy", err)
		return
	}
	groups := map[string][]string{}
	for _, a := range c.watched.Applications {
		if !slices.Contains(watched, a.Name) {
			watched = append(watched, a.Name)
		}
		if a.Group != "" && slices.Contains(names, a.Name) {
			groups[a.Name] = append(groups[a.Name], a.Name+"/"+a.Group)
		}
	}
	c.compare(wire.CodeDeployApplication, names, watched)
	for application, watched := range groups {
		c.deploymentGroups(ctx, application, watched)
	}
}

// deploymentGroups adds the watched deployment groups of an application that do not exist.
func (c *comparison) deploymentGroups(ctx context.Context, application string, watched []string) {
	call := awsapi.Call{Service: "codedeploy", Operation: "ListDeploymentGroups"}
	var names []string
	err := pages(func(token string) (string, error) {
		var page struct {
			Next  string   `json:"nextToken"`
			Names []string `json:"deploymentGroups"`
		}
		err := c.api.JSON(ctx, call, codeDeployTarget, withToken(map[string]any{"applicationName": application}, token), &page)
		for _, name := range page.Names {
			names = append(names, application+"/"+name)
		}
		return page.Next, err
	})
	if err != nil {
		c.fail("deployment groups of "+application, call, "CodeDeploy", err)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.missing(deploymentGroup, names, watched)
}

// ecsTarget names ECS's API.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServices.html
const ecsTarget = "AmazonEC2ContainerServiceV20141113"

// services compares ECS services.
func (c *comparison) services(ctx context.Context) {
	clusters, ok := c.arns(ctx, "ECS clusters", awsapi.Call{Service: "ecs", Operation: "ListClusters"}, map[string]any{})
	if !ok {
		return
	}
	var names, watched []string
	for _, cluster := range clusters {
		in := map[string]any{"cluster": cluster, "maxResults": 100}
		services, ok := c.arns(ctx, "ECS services of "+lastPart(cluster), awsapi.Call{Service: "ecs", Operation: "ListServices"}, in)
		if !ok {
			return
		}
		for _, service := range services {
			names = append(names, lastPart(cluster)+"/"+lastPart(service))
		}
	}
	for _, s := range c.watched.ECSServices {
		watched = append(watched, s.Cluster+"/"+s.Name)
	}
	c.compare(wire.ECSService, names, watched)
}

// arns lists clusters or services.
func (c *comparison) arns(ctx context.Context, what string, call awsapi.Call, in map[string]any) (all []string, ok bool) {
	err := pages(func(token string) (string, error) {
		var page struct {
			Next     string   `json:"nextToken"`
			Clusters []string `json:"clusterArns"`
			Services []string `json:"serviceArns"`
		}
		err := c.api.JSON(ctx, call, ecsTarget, withToken(in, token), &page)
		all = slices.Concat(all, page.Clusters, page.Services)
		return page.Next, err
	})
	if err != nil {
		c.fail(what, call, "ECS", err)
	}
	return all, err == nil
}

// lastPart is the name that an ARN ends with.
func lastPart(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }
