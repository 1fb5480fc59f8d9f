package event

import (
	"net/url"
	"strings"
)

// console makes links into the AWS console of the event's own region and partition.
type console struct{ base, region string }

// consoleFor returns the console of a region; its links are empty for a region
// that is malformed or whose partition has no public console.
func consoleFor(region string) console {
	c := console{region: region}
	switch {
	case region == "" || strings.Trim(region, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
	case strings.HasPrefix(region, "cn-"):
		c.base = "https://" + region + ".console.amazonaws.cn"
	case strings.HasPrefix(region, "us-gov-"):
		c.base = "https://console.amazonaws-us-gov.com"
	case strings.HasPrefix(region, "us-iso"), strings.HasPrefix(region, "eu-iso"), strings.HasPrefix(region, "eusc-"):
	default:
		c.base = "https://" + region + ".console.aws.amazon.com"
	}
	return c
}

// link returns base + path with the region, or "" if there is no console or one
// of the names that path is made of is missing.
func (c console) link(path, fragment string, names ...string) string {
	if c.base == "" {
		return ""
	}
	for _, name := range names {
		if name == "" {
			return ""
		}
		path = strings.Replace(path, "{}", url.PathEscape(name), 1)
		fragment = strings.Replace(fragment, "{}", url.PathEscape(name), 1)
	}
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	return c.base + path + separator + "region=" + c.region + fragment
}

func (c console) instance(id string) string {
	return c.link("/ec2/home", "#InstanceDetails:instanceId={}", id)
}

func (c console) group(name string) string {
	return c.link("/ec2/home", "#AutoScalingGroupDetails:id={};view=details", name)
}

func (c console) groupActivity(name string) string {
	return c.link("/ec2/home", "#AutoScalingGroupDetails:id={};view=activity", name)
}

func (c console) groupInstances(name string) string {
	return c.link("/ec2/home", "#AutoScalingGroupDetails:id={};view=instanceManagement", name)
}

func (c console) groupRefreshes(name string) string {
	return c.link("/ec2/home", "#AutoScalingGroupDetails:id={};view=instanceRefresh", name)
}

func (c console) application(name string) string {
	return c.link("/codesuite/codedeploy/applications/{}", "", name)
}

func (c console) deploymentGroup(application, name string) string {
	return c.link("/codesuite/codedeploy/applications/{}/deployment-groups/{}", "", application, name)
}

func (c console) deployment(id string) string {
	return c.link("/codesuite/codedeploy/deployments/{}", "", id)
}

// object links to an object in S3. Its key goes into the query, where link
// writes names as path segments, so it is escaped here.
func (c console) object(bucket, key string) string {
	if key == "" {
		return ""
	}
	return c.link("/s3/object/{}?prefix="+url.QueryEscape(key), "", bucket)
}

// alarm links to an alarm of CloudWatch, metric or composite.
func (c console) alarm(name string) string {
	return c.link("/cloudwatch/home", "#alarmsV2:alarm/{}", name)
}

// healthEvent links to an event in the dashboard of AWS Health, which is one for all
// regions; other partitions have none that is known.
func healthEvent(arn string) string {
	if !strings.HasPrefix(arn, "arn:aws:health:") {
		return ""
	}
	return "https://health.aws.amazon.com/health/home#/account/event-log?eventID=" + url.QueryEscape(arn)
}

func (c console) ecsCluster(name string) string {
	return c.link("/ecs/v2/clusters/{}/services", "", name)
}

func (c console) ecsService(cluster, name string) string {
	return c.link("/ecs/v2/clusters/{}/services/{}/health", "", cluster, name)
}

func (c console) ecsDeployments(cluster, service string) string {
	return c.link("/ecs/v2/clusters/{}/services/{}/deployments", "", cluster, service)
}

// ecsStopped lists the stopped tasks of a service; ECS shows them for an hour.
func (c console) ecsStopped(cluster, service string) string {
	return c.link("/ecs/v2/clusters/{}/services/{}/tasks?status=STOPPED", "", cluster, service)
}

func (c console) ecsTask(cluster, id string) string {
	return c.link("/ecs/v2/clusters/{}/tasks/{}/configuration", "", cluster, id)
}

// taskDefinition links to "family:revision".
func (c console) taskDefinition(name string) string {
	family, revision, _ := strings.Cut(name, ":")
	return c.link("/ecs/v2/task-definitions/{}/{}/containers", "", family, revision)
}
