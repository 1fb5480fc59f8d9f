package autoscaling

import (
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
)

// Things implements [event.Ownable].
func (t *Termination) Things() []wire.Thing { return event.Thing(wire.AutoScalingGroup, t.GroupName) }

// Things implements [event.Ownable].
func (l *Launch) Things() []wire.Thing { return event.Thing(wire.AutoScalingGroup, l.GroupName) }

// Things implements [event.Ownable].
func (r *InstanceRefresh) Things() []wire.Thing {
	return event.Thing(wire.AutoScalingGroup, r.GroupName)
}

// Things implements [event.Ownable].
func (l *Lifecycle) Things() []wire.Thing { return event.Thing(wire.AutoScalingGroup, l.GroupName) }
