package event

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Spot is a Spot instance that EC2 takes back or is likely to.
type Spot struct {
	Instance string

	// Machine is what EC2 knows of the instance. Evidence.
	Machine Finding[Machine]
}

func decodeSpot(e *Event, detail fields) Subject { return &Spot{} }

func (s *Spot) unwanted(wire.Watch) string { return "" }

func (s *Spot) tell(n *notice.Notice, e *Event, now time.Time) {
	(&Unknown{Reason: "not written yet"}).tell(n, e, now)
	n.Kind = notice.KindSpot
}
