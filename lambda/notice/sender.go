package notice

import (
	"context"
	"errors"
)

// Sender sends notices to one destination.
//
// An error counts as transient, so that the delivery is tried again, unless it is
// marked with [Permanent].
type Sender interface {
	Send(ctx context.Context, n *Notice) error
}

// Permanent marks an error that another attempt would not fix: a bad address, an
// unverified identity. It returns nil for nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanentError{err}
}

// IsPermanent reports whether err, or an error that it wraps, is marked with [Permanent].
func IsPermanent(err error) bool {
	var p *permanentError
	return errors.As(err, &p)
}

type permanentError struct{ err error }

func (e *permanentError) Error() string { return e.err.Error() }
func (e *permanentError) Unwrap() error { return e.err }
