package event

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Lifecycle is an instance that waits for a lifecycle hook to be completed.
type Lifecycle struct {
	Group, Instance, Hook string

	// State is the instance's state in its group, such as Pending:Wait, "" if it is
	// in none anymore. Evidence.
	State Finding[string]
	// HookInfo is what Auto Scaling knows of the hook. Evidence.
	HookInfo Finding[HookInfo]
	// Machine is what EC2 knows of the instance. Evidence.
	Machine Finding[Machine]
}

func decodeLifecycle(e *Event, detail fields) Subject { return &Lifecycle{} }

func (s *Lifecycle) unwanted(wire.Watch) string { return "" }

func (s *Lifecycle) tell(n *notice.Notice, e *Event, now time.Time) {
	(&Unknown{Reason: "not written yet"}).tell(n, e, now)
	n.Kind = notice.KindLifecycle
}
