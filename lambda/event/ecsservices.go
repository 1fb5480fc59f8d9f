package event

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// ECSService is what ECS says of a service.
type ECSService struct {
	Cluster, Service string

	// Info is what ECS knows of the service. Evidence.
	Info Finding[ServiceInfo]
}

func decodeECSService(e *Event, detail fields) Subject { return &ECSService{} }

func (s *ECSService) unwanted(wire.Watch) string { return "" }

func (s *ECSService) tell(n *notice.Notice, e *Event, now time.Time) {
	(&Unknown{Reason: "not written yet"}).tell(n, e, now)
	n.Kind = notice.KindService
}
