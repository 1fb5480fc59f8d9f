package post

import (
	"time"

	"github.com/extraeye/extraeye/lambda/retry"
)

// maxWait bounds a wait where the context has no deadline.
const maxWait = time.Minute

// wait is as long as the destination asks for, else as after no answer.
func (e *Error) wait(attempt int) (time.Duration, bool) {
	if e.RetryAfter > 0 {
		return e.RetryAfter, attempt < retry.Attempts && e.RetryAfter <= maxWait
	}
	return backoff(attempt)
}

func (e *connectionError) wait(attempt int) (time.Duration, bool) { return backoff(attempt) }

func backoff(attempt int) (time.Duration, bool) {
	return retry.Backoff(retry.FirstWait, attempt), attempt < retry.Attempts
}
