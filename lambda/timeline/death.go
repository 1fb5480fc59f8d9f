package timeline

import (
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/console"
	"github.com/extraeye/extraeye/lambda/notice"
)

// IsDeath reports whether an instance or a task ended because something was wrong.
func (r *Row) IsDeath() bool {
	return r.Status == notice.Open && (r.Kind == notice.KindTermination && r.fact("Not terminated") == "" || r.Kind == notice.KindTask)
}

// IsAlarm reports whether an alarm was in alarm, even if it no longer is.
func (r *Row) IsAlarm() bool {
	return r.Kind == notice.KindAlarm && (r.Status == notice.Open || r.Status == notice.Resolved && r.End.After(r.Start))
}

// IsDelivered reports whether it was a release, or a rollback, that succeeded.
func (r *Row) IsDelivered() bool {
	return r.Release != nil && r.Release.State == wire.DeploymentSucceeded
}

// Over is when the row ended, and whether it has.
func (r *Row) Over() (time.Time, bool) {
	if r.End.IsZero() {
		return time.Time{}, false
	}
	if r.End.Before(r.Start) {
		return r.Start, true
	}
	return r.End, true
}

// cause is what a death is counted with: how the machine crashed, else what ended it.
func (r *Row) cause() string {
	for kind := console.OutOfMemory; kind.String() != ""; kind++ {
		if strings.Contains(r.Title, " "+kind.String()) {
			return kind.String()
		}
	}
	if cause := r.fact("Cause"); cause != "" {
		return "by " + cause
	}
	return r.fact("Reason")
}

func (r *Row) fact(label string) string {
	i := slices.IndexFunc(r.Facts, func(f notice.Fact) bool { return f.Label == label })
	if i < 0 {
		return ""
	}
	return notice.Line(r.Facts[i].Value)
}
