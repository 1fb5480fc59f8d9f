package event

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Task is an ECS task that stopped.
type Task struct {
	ID, ClusterARN, Cluster string
	// Service is the service that the task is of, or "".
	Service string
	Reason  wire.StopReason

	// Info is what ECS knows of the service. Evidence.
	Info Finding[ServiceInfo]
}

func decodeTask(e *Event, detail fields) Subject { return &Task{} }

func (s *Task) unwanted(wire.Watch) string { return "" }

func (s *Task) tell(n *notice.Notice, e *Event, now time.Time) {
	(&Unknown{Reason: "not written yet"}).tell(n, e, now)
	n.Kind = notice.KindTask
}
