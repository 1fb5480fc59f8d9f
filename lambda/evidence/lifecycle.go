package evidence

import (
	"context"
	"encoding/xml"
	"net/url"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
)

// hookGone is the problem if the answer has no such record.
const hookGone = "the hook is no longer known to Auto Scaling"

// lifecycleState returns an instance's state in its Auto Scaling group, "" if it is in none.
// An answer without a list of instances does not mean that it is in none.
func (l *Lookups) lifecycleState(ctx context.Context, region, instance string) event.Finding[string] {
	if instance == "" {
		return event.NotFound[string]("the event names no instance")
	}
	var answer struct {
		XMLName xml.Name `xml:"DescribeAutoScalingInstancesResponse"`
		List    *struct {
			Instances []struct {
				ID    string `xml:"InstanceId"`
				State string `xml:"LifecycleState"`
			} `xml:"member"`
		} `xml:"DescribeAutoScalingInstancesResult>AutoScalingInstances"`
	}
	in := url.Values{"InstanceIds.member.1": {instance}}
	if problem := l.autoScaling(ctx, region, "DescribeAutoScalingInstances", in, &answer); problem != "" {
		return event.NotFound[string](problem)
	}
	if answer.List == nil {
		return event.NotFound[string]("Auto Scaling's answer names no instances")
	}
	for _, i := range answer.List.Instances {
		switch {
		case i.ID != instance:
		case i.State == "":
			return event.NotFound[string]("Auto Scaling does not say the instance's state")
		default:
			return event.Found(i.State)
		}
	}
	return event.Found("")
}

// lifecycleHook returns Auto Scaling's record of a lifecycle hook.
func (l *Lookups) lifecycleHook(ctx context.Context, region, group, hook string) event.Finding[autoscaling.LifecycleHook] {
	if group == "" || hook == "" {
		return event.NotFound[autoscaling.LifecycleHook]("the event names no hook")
	}
	hooks, problem := l.lifecycleHooks(ctx, region, url.Values{"AutoScalingGroupName": {group}, "LifecycleHookNames.member.1": {hook}})
	if problem != "" {
		return event.NotFound[autoscaling.LifecycleHook](problem)
	}
	for _, h := range hooks {
		if h.Name == hook {
			return event.Found(autoscaling.LifecycleHook{Timeout: time.Duration(number(h.Timeout)) * time.Second, Default: h.Default})
		}
	}
	return event.NotFound[autoscaling.LifecycleHook](hookGone)
}

// hookNames returns the names of the lifecycle hooks of a group.
func (l *Lookups) hookNames(ctx context.Context, region, group string) (names []string, problem string) {
	if group == "" {
		return nil, "the event names no group"
	}
	hooks, problem := l.lifecycleHooks(ctx, region, url.Values{"AutoScalingGroupName": {group}})
	for _, h := range hooks {
		names = append(names, h.Name)
	}
	return names, problem
}

// hook is the part of a lifecycle hook that is read.
type hook struct {
	Name    string `xml:"LifecycleHookName"`
	Timeout string `xml:"HeartbeatTimeout"`
	Default string `xml:"DefaultResult"`
}

// lifecycleHooks asks Auto Scaling for lifecycle hooks, of which a group has at most 50, and
// returns what the problem was, if there was one.
//
// https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html
func (l *Lookups) lifecycleHooks(ctx context.Context, region string, in url.Values) (hooks []hook, problem string) {
	var answer struct {
		XMLName xml.Name `xml:"DescribeLifecycleHooksResponse"`
		Hooks   []hook   `xml:"DescribeLifecycleHooksResult>LifecycleHooks>member"`
	}
	problem = l.autoScaling(ctx, region, "DescribeLifecycleHooks", in, &answer)
	return answer.Hooks, problem
}
