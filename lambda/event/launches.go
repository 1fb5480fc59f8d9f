package event

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Launch is an instance that an Auto Scaling group launched, or could not launch.
type Launch struct {
	Group, Instance string
	Failed          bool

	// Machine is what EC2 knows of the instance. Evidence.
	Machine Finding[Machine]
	// Fleet is how the group stands. Evidence.
	Fleet Finding[Fleet]
}

func decodeLaunch(e *Event, detail fields) Subject { return &Launch{} }

func (s *Launch) unwanted(wire.Watch) string { return "" }

func (s *Launch) tell(n *notice.Notice, e *Event, now time.Time) {
	(&Unknown{Reason: "not written yet"}).tell(n, e, now)
	n.Kind = notice.KindLaunch
}
