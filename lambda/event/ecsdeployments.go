package event

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// ECSDeployment is a deployment that ECS itself makes of a service.
type ECSDeployment struct {
	// ID is "ecs-svc/…".
	ID               string
	Cluster, Service string
	State            wire.ECSState

	// Info is what ECS knows of the service. Evidence.
	Info Finding[ServiceInfo]
}

func decodeECSDeployment(e *Event, detail fields) Subject { return &ECSDeployment{} }

func (s *ECSDeployment) unwanted(wire.Watch) string { return "" }

func (s *ECSDeployment) tell(n *notice.Notice, e *Event, now time.Time) {
	(&Unknown{Reason: "not written yet"}).tell(n, e, now)
	n.Kind = notice.KindDeployment
}
