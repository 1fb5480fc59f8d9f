package ec2

import (
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
)

// Things implements [event.Ownable]: the group of the instance, once it was looked up.
func (s *InstanceStateChange) Things() []wire.Thing {
	return event.Thing(wire.AutoScalingGroup, s.Instance.Value.Group)
}

// Things implements [event.Ownable]: the group of the instance, once it was looked up.
func (i *Interruption) Things() []wire.Thing {
	return event.Thing(wire.AutoScalingGroup, i.Instance.Value.Group)
}
