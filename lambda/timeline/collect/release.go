package collect

import (
	"context"
	"slices"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

// ScopeOf finds what a release was deployed to, and the alarms that may stop such a deployment: of a
// deployment group of CodeDeploy, or of a service of ECS, whose cluster is the release's group.
func (c *Collector) ScopeOf(ctx context.Context, release notice.Release, ofECS bool) (s Scope, problems []string) {
	r := c.reader(Scope{}, c.clock(), c.clock())
	if ofECS {
		s.ECSServices = []wire.ClusterService{{Cluster: release.Group, Name: release.Application}}
		s.Alarms = r.alarmsOfService(ctx, s.ECSServices[0])
	} else {
		s = r.deploymentGroup(ctx, wire.Application{Name: release.Application, Group: release.Group})
	}
	s.Alarms = distinct(s.Alarms)
	return s, r.failed()
}

// deploymentGroup reads what a deployment group deploys to.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentGroupInfo.html
func (r *reader) deploymentGroup(ctx context.Context, of wire.Application) Scope {
	s := Scope{Scope: wire.Scope{Applications: []wire.Application{of}}}
	type named struct {
		Name string `json:"name"`
	}
	var answer struct {
		Groups []struct {
			Scaled   []named `json:"autoScalingGroups"`
			Services []struct {
				Name    string `json:"serviceName"`
				Cluster string `json:"clusterName"`
			} `json:"ecsServices"`
			Alarms struct {
				Alarms []named `json:"alarms"`
			} `json:"alarmConfiguration"`
		} `json:"deploymentGroupsInfo"`
	}
	call := call("codedeploy", "BatchGetDeploymentGroups")
	in := map[string]any{"applicationName": of.Name, "deploymentGroupNames": []string{of.Group}}
	if err := r.json(ctx, call, codeDeployTarget, in, &answer); err != nil {
		r.failedCall(call, "deployment group "+of.Name+"/"+of.Group, err)
	}
	for _, g := range answer.Groups {
		for _, scaled := range g.Scaled {
			s.Groups = append(s.Groups, scaled.Name)
		}
		for _, service := range g.Services {
			s.ECSServices = append(s.ECSServices, wire.ClusterService{Cluster: service.Cluster, Name: service.Name})
		}
		for _, alarm := range g.Alarms.Alarms {
			s.Alarms = append(s.Alarms, alarm.Name)
		}
	}
	s.Groups = distinct(s.Groups)
	return s
}

// alarmsOfService reads the alarms that may stop a service's deployment.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentAlarms.html
func (r *reader) alarmsOfService(ctx context.Context, s wire.ClusterService) (names []string) {
	call := awsapi.Call{Service: "ecs", Operation: "DescribeServices"}
	var answer struct {
		Services []struct {
			Deployment struct {
				Alarms struct {
					Names []string `json:"alarmNames"`
				} `json:"alarms"`
			} `json:"deploymentConfiguration"`
		} `json:"services"`
	}
	if err := r.json(ctx, call, ecsTarget, map[string]any{"cluster": s.Cluster, "services": []string{s.Name}}, &answer); err != nil {
		r.failedCall(call, "ECS service "+nameOf(s), err)
	}
	for _, one := range answer.Services {
		names = append(names, one.Deployment.Alarms.Names...)
	}
	return names
}

// distinct are the names that are not empty, each once.
func distinct(names []string) []string {
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
}
