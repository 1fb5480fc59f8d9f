package post

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/secret"
)

// failure is why an attempt failed: an [*Error] or a connectionError.
type failure interface {
	error
	transient() bool
	// wait says how long to wait before the next attempt, if there is one.
	wait(attempt int) (time.Duration, bool)
}

// Error is an answer that refuses a message.
type Error struct {
	// Host is the destination's host; the rest of a URL may be a secret.
	Host string
	// Status is the answer's; zero if the message could not even be sent.
	Status int
	// Reason is what the destination says, on one line, bounded, without secrets.
	Reason string
	// Credential is set if the destination says that the credential is wrong.
	Credential bool
	// Transient is set if the same message may be accepted at another time.
	Transient bool
	// RetryAfter is how long the destination asks to wait; zero if it does not say.
	RetryAfter time.Duration
}

func (e *Error) Error() string {
	text := e.Host
	if e.Status != 0 {
		text += fmt.Sprintf(": HTTP %d", e.Status)
		if name := http.StatusText(e.Status); name != "" && e.Status != http.StatusOK {
			text += " " + name
		}
	}
	if 300 <= e.Status && e.Status <= 399 {
		text += ": redirects are not followed: use the address that it leads to"
	} else if e.Reason != "" {
		text += ": " + e.Reason
	}
	if e.RetryAfter > 0 {
		text += fmt.Sprintf(" (asks to wait %s)", e.RetryAfter.Round(time.Second))
	}
	return text
}

// Is lets [secret.Store.Use] see that the credential is wrong.
func (e *Error) Is(target error) bool { return e.Credential && target == secret.ErrWrong }

func (e *Error) transient() bool { return e.Transient }

// meaning says what an answer means by its status; nil is a success.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-15
// https://www.rfc-editor.org/rfc/rfc8470#section-5.2 (425)
func meaning(res *http.Response, answer []byte) *Error {
	e := &Error{Reason: said(answer)}
	switch s := res.StatusCode; {
	case 200 <= s && s <= 299:
		return nil
	case s == http.StatusUnauthorized, s == http.StatusForbidden:
		e.Credential = true
	case s == http.StatusRequestTimeout, s == http.StatusTooEarly, s == http.StatusTooManyRequests, s >= 500:
		e.Transient = true
	}
	return e
}

// connectionError is a message that got no answer.
type connectionError struct {
	text      string
	err       error
	permanent bool
}

func newConnectionError(host string, err error, hide []string) *connectionError {
	var inURL *url.Error
	if errors.As(err, &inURL) {
		err = inURL.Err // without the URL
	}
	e := &connectionError{err: err}
	reason := clean(err.Error(), hide)
	var certificate *tls.CertificateVerificationError
	var private *privateError
	switch {
	case errors.As(err, &certificate):
		e.permanent = true
		reason = "its certificate is not trusted: " + reason + ": correct the certificate or the URL"
	case errors.As(err, &private):
		e.permanent = true
	}
	e.text = host + ": " + reason
	return e
}

func (e *connectionError) Error() string   { return e.text }
func (e *connectionError) Unwrap() error   { return e.err }
func (e *connectionError) transient() bool { return !e.permanent }

const (
	// maxReason bounds what an error repeats of an answer, in bytes.
	maxReason = 500
	// maxCleaned bounds what is searched for secrets, in bytes: hiding them shortens a
	// text, but rarely by so much.
	maxCleaned = 8 * maxReason
)

// clean makes one bounded line of a reason, without what must be hidden. Removing
// characters may join the parts of a secret, so it is hidden once more after that.
func clean(reason string, hide []string) string {
	reason = reason[:min(len(reason), maxCleaned)]
	reason = secret.Redact(notice.Line(secret.Redact(reason, hide...)), hide...)
	if len(reason) > maxReason {
		reason = strings.ToValidUTF8(reason[:maxReason], "") + "…"
	}
	return reason
}
