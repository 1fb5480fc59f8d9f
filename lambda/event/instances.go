package event

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Instance is an EC2 instance that changed its state.
type Instance struct {
	ID, State string

	// Machine is what EC2 knows of the instance. Evidence.
	Machine Finding[Machine]
}

func decodeInstance(e *Event, detail fields) Subject { return &Instance{} }

func (s *Instance) unwanted(wire.Watch) string { return "" }

func (s *Instance) tell(n *notice.Notice, e *Event, now time.Time) {
	(&Unknown{Reason: "not written yet"}).tell(n, e, now)
	n.Kind = notice.KindInstance
}
