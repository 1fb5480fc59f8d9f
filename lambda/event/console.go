package event

import (
	"net/url"
	"strings"
)

// Console makes links into the AWS console of one region and its partition. A link is ""
// if a name that it needs is.
type Console struct{ base, region string }

// ConsoleFor returns the console of a region; its links are empty for a region
// that is malformed or whose partition has no public console.
func ConsoleFor(region string) Console {
	c := Console{region: region}
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

// Console returns the console of the event's region.
func (e *Event) Console() Console { return ConsoleFor(e.Region) }

// link returns base + path with the region, or "" if there is no console or one
// of the names that path is made of is missing.
func (c Console) link(path, fragment string, names ...string) string {
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

// Instance links to an EC2 instance.
func (c Console) Instance(id string) string {
	return c.link("/ec2/home", "#InstanceDetails:instanceId={}", id)
}

// AutoScalingGroup links to an Auto Scaling group.
func (c Console) AutoScalingGroup(name string) string {
	return c.link("/ec2/home", "#AutoScalingGroupDetails:id={};view=details", name)
}

// GroupActivity links to what an Auto Scaling group did.
func (c Console) GroupActivity(name string) string {
	return c.link("/ec2/home", "#AutoScalingGroupDetails:id={};view=activity", name)
}

// GroupInstances links to the instances of an Auto Scaling group.
func (c Console) GroupInstances(name string) string {
	return c.link("/ec2/home", "#AutoScalingGroupDetails:id={};view=instanceManagement", name)
}

// GroupRefreshes links to the instance refreshes of an Auto Scaling group.
func (c Console) GroupRefreshes(name string) string {
	return c.link("/ec2/home", "#AutoScalingGroupDetails:id={};view=instanceRefresh", name)
}

// Application links to an application of CodeDeploy.
func (c Console) Application(name string) string {
	return c.link("/codesuite/codedeploy/applications/{}", "", name)
}

// DeploymentGroup links to a deployment group of CodeDeploy.
func (c Console) DeploymentGroup(application, name string) string {
	return c.link("/codesuite/codedeploy/applications/{}/deployment-groups/{}", "", application, name)
}

// Deployment links to a deployment of CodeDeploy.
func (c Console) Deployment(id string) string {
	return c.link("/codesuite/codedeploy/deployments/{}", "", id)
}

// Object links to an object in S3. Its key goes into the query, where link
// writes names as path segments, so it is escaped here.
func (c Console) Object(bucket, key string) string {
	if key == "" {
		return ""
	}
	return c.link("/s3/object/{}?prefix="+url.QueryEscape(key), "", bucket)
}

// Alarm links to an alarm of CloudWatch, metric or composite.
func (c Console) Alarm(name string) string {
	return c.link("/cloudwatch/home", "#alarmsV2:alarm/{}", name)
}

// TrailEvent links to CloudTrail's record of a call.
func (c Console) TrailEvent(id string) string {
	return c.link("/cloudtrailv2/home", "#/events/{}", id)
}

// HealthEvent links to an event in the dashboard of AWS Health, which is one for all
// regions; other partitions have none that is known.
func HealthEvent(arn string) string {
	if !strings.HasPrefix(arn, "arn:aws:health:") {
		return ""
	}
	return "https://health.aws.amazon.com/health/home#/account/event-log?eventID=" + url.QueryEscape(arn)
}

// ECSCluster links to an ECS cluster.
func (c Console) ECSCluster(name string) string {
	return c.link("/ecs/v2/clusters/{}/services", "", name)
}

// ECSService links to the health of an ECS service.
func (c Console) ECSService(cluster, name string) string {
	return c.link("/ecs/v2/clusters/{}/services/{}/health", "", cluster, name)
}

// ECSDeployments links to the deployments of an ECS service.
func (c Console) ECSDeployments(cluster, service string) string {
	return c.link("/ecs/v2/clusters/{}/services/{}/deployments", "", cluster, service)
}

// ECSStoppedTasks lists the stopped tasks of a service; ECS shows them for an hour.
func (c Console) ECSStoppedTasks(cluster, service string) string {
	return c.link("/ecs/v2/clusters/{}/services/{}/tasks?status=STOPPED", "", cluster, service)
}

// ECSTask links to an ECS task.
func (c Console) ECSTask(cluster, id string) string {
	return c.link("/ecs/v2/clusters/{}/tasks/{}/configuration", "", cluster, id)
}

// TaskDefinition links to an ECS task definition, "family:revision".
func (c Console) TaskDefinition(name string) string {
	family, revision, _ := strings.Cut(name, ":")
	return c.link("/ecs/v2/task-definitions/{}/{}/containers", "", family, revision)
}
