package event

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Match is an event that a user's own pattern matched.
type Match struct {
	event fields
}

func (s *Match) unwanted(wire.Watch) string { return "" }

func (s *Match) tell(n *notice.Notice, e *Event, now time.Time) {
	(&Unknown{Reason: "not written yet"}).tell(n, e, now)
	n.Kind = notice.KindPattern
}
