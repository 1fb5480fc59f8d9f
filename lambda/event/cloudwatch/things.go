package cloudwatch

import (
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
)

// Things implements [event.Ownable].
func (s *Alarm) Things() []wire.Thing { return event.Thing(wire.Alarm, s.Name) }
