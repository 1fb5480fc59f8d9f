// Package retry says how long to wait before a request is sent again.
package retry

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// Attempts is how often a request is sent at most, as in the AWS SDK:
// https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/aws/retry#pkg-constants
const Attempts = 3

// FirstWait is the longest wait before the second attempt.
const FirstWait = 500 * time.Millisecond

// Backoff is how long to wait after an attempt, counted from 1: exponentially
// longer, with jitter.
func Backoff(first time.Duration, attempt int) time.Duration {
	longest := first << (attempt - 1)
	return longest/2 + rand.N(longest/2)
}

// After reads Retry-After, in seconds or as a date; zero if there is none. No
// number overflows: more than a day counts as a day.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
func After(header http.Header, now time.Time) time.Duration {
	const day = 24 * 60 * 60
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds > 0 {
		return time.Duration(min(seconds, day) * float64(time.Second))
	}
	if date, err := http.ParseTime(value); err == nil && date.After(now) {
		return date.Sub(now)
	}
	return 0
}

// Sleep reports whether d has passed; it does not wait at all if the context ends
// before.
func Sleep(ctx context.Context, d time.Duration) bool {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= d {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// OutOfTime reports whether an error is that the time to ask was over.
func OutOfTime(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// WallClock is the time without Go's monotonic clock, which may stand still while Lambda freezes
// the process.
func WallClock() time.Time { return time.Now().Round(0) }
