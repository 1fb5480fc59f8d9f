package codedeploy

import (
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
)

// Things implements [event.Ownable].
func (d *Deployment) Things() []wire.Thing {
	return event.Thing(wire.CodeDeployApplication, d.Application)
}

// Things implements [event.Ownable].
func (s *DeploymentInstance) Things() []wire.Thing {
	return event.Thing(wire.CodeDeployApplication, s.Application)
}
