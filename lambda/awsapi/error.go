package awsapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/retry"
)

// maxMessage bounds what an error repeats of a service's message, in bytes.
const maxMessage = 1000

// Error is an answer in which a service refuses a call.
type Error struct {
	Call   Call
	Status int
	// Code is the service's error code without namespace, such as
	// "ThrottlingException". It may be empty.
	Code string
	// Message is the service's own. It may be empty.
	Message string
	// RetryAfter is how long the service asks to wait; zero if it does not say.
	RetryAfter time.Duration
}

func (e *Error) Error() string {
	text := fmt.Sprintf("%s: %s (HTTP %d)", e.Call, cmp.Or(e.Code, http.StatusText(e.Status)), e.Status)
	if e.Message != "" {
		text += ": " + e.Message
	}
	return text
}

// throttles are the codes of the SDK for too many calls that do not contain "Throttl".
//
// https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/aws/retry#pkg-variables
const throttles = " TooManyRequestsException ProvisionedThroughputExceededException TransactionInProgressException" +
	" RequestLimitExceeded BandwidthLimitExceeded LimitExceededException SlowDown PriorRequestNotComplete "

// retryable are the other codes that say "not now" with a 4xx status: those of the SDK, and
// those of credentials or a clock that another invocation gets new.
const retryable = " RequestTimeout RequestTimeoutException" +
	" ExpiredToken ExpiredTokenException RequestExpired RequestTimeTooSkewed "

// Throttled reports whether the service refused the call because it gets too many.
func (e *Error) Throttled() bool {
	return e.Status == http.StatusTooManyRequests || strings.Contains(e.Code, "Throttl") || e.oneOf(throttles)
}

// Retryable reports whether the same call may be answered well at another time.
func (e *Error) Retryable() bool {
	return e.Status >= 500 || e.Throttled() || e.oneOf(retryable)
}

// oneOf reports whether the code is one of those between spaces.
func (e *Error) oneOf(codes string) bool {
	return e.Code != "" && strings.Contains(codes, " "+e.Code+" ")
}

// newError reads the error of any of the three protocols.
func newError(call Call, res *http.Response, body []byte, now time.Time) *Error {
	e := &Error{Call: call, Status: res.StatusCode, RetryAfter: retryAfter(res.Header, now)}
	switch body = bytes.TrimSpace(body); {
	case bytes.HasPrefix(body, []byte("{")):
		// A member of another type than expected leaves its field empty, which is
		// all that is needed; so the error is not looked at.
		var answer struct {
			Code    string
			Type    string `json:"__type"`
			Message string
		}
		_ = json.Unmarshal(body, &answer)
		e.Code, e.Message = cmp.Or(answer.Code, answer.Type), answer.Message
	case bytes.HasPrefix(body, []byte("<")):
		var answer struct {
			Code         string `xml:"Error>Code"`
			Message      string `xml:"Error>Message"`
			EC2Code      string `xml:"Errors>Error>Code"`
			EC2Message   string `xml:"Errors>Error>Message"`
			PlainCode    string `xml:"Code"`
			PlainMessage string `xml:"Message"`
		}
		_ = xml.Unmarshal(body, &answer)
		e.Code = cmp.Or(answer.Code, answer.EC2Code, answer.PlainCode)
		e.Message = cmp.Or(answer.Message, answer.EC2Message, answer.PlainMessage)
	}
	e.Code = bareCode(cmp.Or(res.Header.Get("X-Amzn-ErrorType"), e.Code))
	e.Message = oneLine(e.Message)
	return e
}

// bareCode strips what services put around a code:
// "com.amazonaws.ses#MessageRejected:http://internal.amazon.com/…".
func bareCode(code string) string {
	code, _, _ = strings.Cut(code, ":")
	if _, after, ok := strings.Cut(code, "#"); ok {
		code = after
	}
	return oneLine(code)
}

// retryAfter reads the SDK's own header, in milliseconds, or Retry-After.
func retryAfter(header http.Header, now time.Time) time.Duration {
	const day = 24 * 60 * 60 * 1000
	if ms, err := strconv.Atoi(header.Get("X-Amz-Retry-After")); err == nil && ms > 0 {
		return time.Duration(min(ms, day)) * time.Millisecond
	}
	return retry.After(header, now)
}

// oneLine bounds s and keeps it on one line.
func oneLine(s string) string {
	if len(s) > maxMessage {
		s = s[:maxMessage] + "…"
	}
	return strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
}

// connectionError is a call that got no answer. Another attempt may get one.
type connectionError struct {
	call Call
	err  error
}

func (e *connectionError) Error() string { return e.call.String() + ": " + e.err.Error() }
func (e *connectionError) Unwrap() error { return e.err }
