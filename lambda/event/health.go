package event

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Health is what AWS Health says of a service, or of what an account has of it.
type Health struct {
	ARN string
}

func decodeHealth(e *Event, detail fields) Subject { return &Health{} }

func (s *Health) unwanted(wire.Watch) string { return "" }

func (s *Health) tell(n *notice.Notice, e *Event, now time.Time) {
	(&Unknown{Reason: "not written yet"}).tell(n, e, now)
	n.Kind = notice.KindHealth
}
