package post

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	maxAttempts = 3
	firstWait   = 500 * time.Millisecond
	// maxWait bounds a wait where the context has no deadline.
	maxWait = time.Minute
)

// wait is as long as the destination asks for, else as after no answer.
func (e *Error) wait(attempt int) (time.Duration, bool) {
	if e.RetryAfter > 0 {
		return e.RetryAfter, attempt < maxAttempts && e.RetryAfter <= maxWait
	}
	return backoff(attempt)
}

func (e *connectionError) wait(attempt int) (time.Duration, bool) { return backoff(attempt) }

// backoff grows exponentially, with jitter.
func backoff(attempt int) (time.Duration, bool) {
	longest := firstWait << (attempt - 1)
	return longest/2 + rand.N(longest/2), attempt < maxAttempts
}

// retryAfter reads Retry-After, in seconds or as a date. No number overflows: a
// day is as good as for ever.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
func retryAfter(header http.Header, now time.Time) time.Duration {
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

// sleep reports whether d has passed; it does not wait at all if the context ends
// before.
func sleep(ctx context.Context, d time.Duration) bool {
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
