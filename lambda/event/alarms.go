package event

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Alarm is a CloudWatch alarm that changed its state.
type Alarm struct {
	Name string
}

func decodeAlarm(e *Event, detail fields) Subject { return &Alarm{} }

func (s *Alarm) unwanted(wire.Watch) string { return "" }

func (s *Alarm) tell(n *notice.Notice, e *Event, now time.Time) {
	(&Unknown{Reason: "not written yet"}).tell(n, e, now)
	n.Kind = notice.KindAlarm
}
