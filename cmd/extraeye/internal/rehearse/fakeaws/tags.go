package fakeaws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/internal/wire"
)

func init() {
	operations["autoscaling.DescribeTags"] = Account.describeTags
	operations["codedeploy.ListTagsForResource"] = Account.listTagsOfApplication
	operations["ecs.ListTagsForResource"] = Account.listTagsOfECS
	operations["monitoring.ListTagsForResource"] = Account.listTagsOfAlarm
}

// Tags are the values of one tag, by the things that have it.
type Tags struct {
	Key    string
	Values map[wire.Thing]string
}

// of are the tags of a thing, in AWS's spelling: "Key" or "key".
func (t Tags) of(kind wire.ThingKind, name, key, value string) []any {
	if v, ok := t.Values[wire.Thing{Kind: kind, Name: name}]; ok {
		return []any{map[string]string{key: t.Key, value: v}}
	}
	return []any{}
}

// describeTags returns the tags of the groups that are asked for, if they have the key.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTags.html
func (a Account) describeTags(r Request) answer.Answer {
	tags := el("Tags")
	for _, name := range r.filter("auto-scaling-group") {
		value, ok := a.tags.Values[wire.Thing{Kind: wire.AutoScalingGroup, Name: name}]
		if ok && slices.Contains(r.filter("key"), a.tags.Key) {
			tags.Children = append(tags.Children, el("member",
				el("ResourceId", name), el("ResourceType", "auto-scaling-group"), el("Key", a.tags.Key), el("Value", value), el("PropagateAtLaunch", "true")))
		}
	}
	return queryAnswer(autoScaling, "DescribeTags", tags)
}

// filter returns the values of a filter of Auto Scaling.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Filter.html
func (r Request) filter(name string) []string {
	for n := 1; r.form.Has(fmt.Sprintf("Filters.member.%d.Name", n)); n++ {
		if prefix := fmt.Sprintf("Filters.member.%d.", n); r.form.Get(prefix+"Name") == name {
			return r.list(prefix + "Values.member.")
		}
	}
	return nil
}

// listTagsOfApplication returns the tags of an application.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListTagsForResource.html
func (a Account) listTagsOfApplication(r Request) answer.Answer {
	var in struct{ ResourceARN string }
	r.read(&in)
	_, name, _ := strings.Cut(in.ResourceARN, ":application:")
	return jsonAnswer(map[string]any{"Tags": a.tags.of(wire.CodeDeployApplication, name, "Key", "Value")})
}

// listTagsOfECS returns the tags of a service or a cluster.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTagsForResource.html
func (a Account) listTagsOfECS(r Request) answer.Answer {
	var in struct{ ResourceARN string }
	r.read(&in)
	kind := wire.ECSService
	_, name, ok := strings.Cut(in.ResourceARN, ":service/")
	if !ok {
		kind = wire.ECSCluster
		_, name, _ = strings.Cut(in.ResourceARN, ":cluster/")
	}
	return jsonAnswer(map[string]any{"tags": a.tags.of(kind, name, "key", "value")})
}

// listTagsOfAlarm returns the tags of an alarm.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListTagsForResource.html
func (a Account) listTagsOfAlarm(r Request) answer.Answer {
	_, name, _ := strings.Cut(r.form.Get("ResourceARN"), ":alarm:")
	tags := el("Tags")
	if value, ok := a.tags.Values[wire.Thing{Kind: wire.Alarm, Name: name}]; ok {
		tags.Children = append(tags.Children, el("member", el("Key", a.tags.Key), el("Value", value)))
	}
	return queryAnswer("http://monitoring.amazonaws.com/doc/2010-08-01/", "ListTagsForResource", tags)
}
