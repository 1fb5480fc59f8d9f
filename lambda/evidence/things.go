package evidence

import (
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/event/cloudwatch"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/event/ecs"
)

// Things are what an event is about, by names that a team can own, the most exact one first.
// The group of an instance is known only after it was looked up.
func Things(e *event.Event) []wire.Thing {
	switch s := e.Subject.(type) {
	case *autoscaling.Termination:
		return named(wire.AutoScalingGroup, s.GroupName)
	case *autoscaling.Launch:
		return named(wire.AutoScalingGroup, s.GroupName)
	case *autoscaling.InstanceRefresh:
		return named(wire.AutoScalingGroup, s.GroupName)
	case *autoscaling.Lifecycle:
		return named(wire.AutoScalingGroup, s.GroupName)
	case *ec2.InstanceStateChange:
		return named(wire.AutoScalingGroup, s.Instance.Value.Group)
	case *ec2.Interruption:
		return named(wire.AutoScalingGroup, s.Instance.Value.Group)
	case *codedeploy.Deployment:
		return named(wire.CodeDeployApplication, s.Application)
	case *codedeploy.DeploymentInstance:
		return named(wire.CodeDeployApplication, s.Application)
	case *cloudwatch.Alarm:
		return named(wire.Alarm, s.Name)
	}
	return ecsThings(e)
}

func ecsThings(e *event.Event) []wire.Thing {
	cluster, service := "", ""
	switch s := e.Subject.(type) {
	case *ecs.Task:
		cluster, service = s.Cluster, s.Service
	case *ecs.Deployment:
		cluster, service = s.Cluster, s.Service
	case *ecs.Hook:
		cluster, service = s.Cluster, s.Service
	case *ecs.Service:
		cluster, service = s.Cluster, s.Service
	}
	switch {
	case cluster == "":
		return nil
	case service == "":
		return named(wire.ECSCluster, cluster)
	}
	return append(named(wire.ECSService, cluster+"/"+service), named(wire.ECSCluster, cluster)...)
}

func named(kind wire.ThingKind, name string) []wire.Thing {
	if name == "" {
		return nil
	}
	return []wire.Thing{{Kind: kind, Name: name}}
}
