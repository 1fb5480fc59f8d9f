// Package later is for a notice that a sink did not take: it hands the finished notice and
// that one sink to the state machine, which waits and invokes the notifier with them again.
// It does the same with an event whose end is to be asked for.
package later

import (
	"errors"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
)

// waits are how long it is from one attempt to the next.
var waits = [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour}

const (
	// Attempts is how often a sink is tried: the first time and each retry.
	Attempts = 1 + len(waits)
	// longestWait bounds the wait that a destination asks for.
	longestWait = 6 * time.Hour
	// maxReason bounds what the dead-letter queue gets of a reason, in characters.
	maxReason = 4_000
)

// Plan says what becomes of a notice after an attempt that failed: it is sent again, or it goes to
// the dead-letter queue if that cannot help or was the last attempt. The destination is named as
// people know it.
func Plan(failed wire.Retry, destination string, err error) wire.Later {
	failed.Reason = why(destination, err)
	if notice.IsPermanent(err) || failed.Attempt >= len(waits) {
		dead := &wire.DeadLetter{Reason: notice.Cut(notice.Line(err.Error()), maxReason), Attempts: failed.Attempt + 1}
		failed.Attempt = 0 // whoever invokes the notifier with it again has all retries before them
		return wire.Later{DeadLetter: dead, Retry: failed}
	}
	wait := max(waits[failed.Attempt], min(retryAfter(err), longestWait))
	failed.Attempt++
	return wire.Later{AfterSeconds: int((wait + time.Second - 1) / time.Second), Retry: failed}
}

// retryAfter is how long a destination asks to wait; zero if it does not say.
func retryAfter(err error) time.Duration {
	var refused *post.Error
	var refusedCall *awsapi.Error
	switch {
	case errors.As(err, &refused):
		return refused.RetryAfter
	case errors.As(err, &refusedCall):
		return refusedCall.RetryAfter
	}
	return 0
}
