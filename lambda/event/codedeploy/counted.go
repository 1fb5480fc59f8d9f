package codedeploy

import (
	"cmp"

	"github.com/extraeye/extraeye/lambda/event"
)

var _ event.Countable = (*DeploymentInstance)(nil)

// Counted implements [event.Countable].
func (s *DeploymentInstance) Counted(*event.Event) event.Counted {
	failed, _ := firstFailure([]DeploymentTarget{s.Target.Value})
	return event.Counted{
		Noun: "event", Phrase: "of instances in deployments of " + cmp.Or(s.Application, "an unnamed application") + event.Labeled(" to ", s.Group),
		Label: "Instances", Thing: s.InstanceID,
		By: []event.CountedBy{{Label: "State", Value: cmp.Or(string(s.State), "unknown")}, {Label: "Lifecycle event", Value: failed.Name}, {Label: "Deployment", Value: s.DeploymentID}},
	}
}
