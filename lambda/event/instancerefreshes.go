package event

import (
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Refresh is an instance refresh of an Auto Scaling group.
type Refresh struct {
	ID, Group string

	// Info is what Auto Scaling knows of the refresh. Evidence.
	Info Finding[RefreshInfo]
	// Fleet is how the group stands. Evidence.
	Fleet Finding[Fleet]
}

func decodeRefresh(e *Event, detail fields) Subject { return &Refresh{} }

func (s *Refresh) unwanted(wire.Watch) string { return "" }

func (s *Refresh) tell(n *notice.Notice, e *Event, now time.Time) {
	(&Unknown{Reason: "not written yet"}).tell(n, e, now)
	n.Kind = notice.KindInstanceRefresh
}
