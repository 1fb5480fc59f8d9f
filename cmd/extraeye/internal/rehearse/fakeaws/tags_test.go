package fakeaws

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/extraeye/extraeye/internal/wire"
)

// The SDK's own clients read the tags of what has some, and none of anything else.
func TestTags(t *testing.T) {
	s, config := start(t)
	tags := Tags{"team", map[wire.Thing]string{}}
	for _, kind := range wire.ThingKinds() {
		tags.Values[wire.Thing{Kind: kind, Name: "main/cart"}] = "checkout, " + string(kind)
	}
	s.account = s.account.Tagged(tags)
	scaling, deploy, containers := autoscaling.NewFromConfig(config), codedeploy.NewFromConfig(config), ecs.NewFromConfig(config)
	got := func(name, key string) map[wire.ThingKind]string {
		all := map[wire.ThingKind]string{}
		groups, err := scaling.DescribeTags(t.Context(), &autoscaling.DescribeTagsInput{Filters: []scalingtypes.Filter{
			{Name: aws.String("auto-scaling-group"), Values: []string{"x", name}}, {Name: aws.String("key"), Values: []string{key}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range groups.Tags {
			all[wire.AutoScalingGroup] += *tag.ResourceId + " " + *tag.Key + "=" + *tag.Value
		}
		application, err := deploy.ListTagsForResource(t.Context(), &codedeploy.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws:codedeploy:us-east-1:123456789012:application:" + name)})
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range application.Tags {
			all[wire.CodeDeployApplication] += *tag.Key + "=" + *tag.Value
		}
		for kind, path := range map[wire.ThingKind]string{wire.ECSService: "service/", wire.ECSCluster: "cluster/"} {
			service, err := containers.ListTagsForResource(t.Context(), &ecs.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws:ecs:us-east-1:123456789012:" + path + name)})
			if err != nil {
				t.Fatal(err)
			}
			for _, tag := range service.Tags {
				all[kind] += *tag.Key + "=" + *tag.Value
			}
		}
		return all
	}
	for kind, want := range map[wire.ThingKind]string{
		wire.AutoScalingGroup: "main/cart team=checkout, Auto Scaling group", wire.CodeDeployApplication: "team=checkout, CodeDeploy application",
		wire.ECSService: "team=checkout, ECS service", wire.ECSCluster: "team=checkout, ECS cluster",
	} {
		if got := got("main/cart", "team")[kind]; got != want {
			t.Errorf("%s has the tags %q, want %q", kind, got, want)
		}
	}
	if all := got("other", "team"); len(all) > 0 {
		t.Errorf("what has no tags has %q", all)
	}
	if tag := got("main/cart", "owner")[wire.AutoScalingGroup]; tag != "" {
		t.Errorf("another key has %q", tag)
	}
}
