package awsapi

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/extraeye/extraeye/lambda/retry"
)

const (
	// maxWait is the SDK's own default.
	//
	// https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/aws/retry#pkg-constants
	maxWait = 20 * time.Second
	// maxAnswer is far above every answer that the notifier asks for: one instance, one
	// deployment with its AppSpec.
	maxAnswer = 1 << 20
)

// request is what one call sends, whatever its protocol.
type request struct {
	method, path, contentType string
	target                    string // X-Amz-Target; empty: none
	invocation                string // X-Amz-Invocation-Type; empty: none
	body                      []byte
}

// buffers hold answers while they are read. Most of a delivery's memory would be theirs: an
// answer's size is not known before it ends.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// send makes up to [retry.Attempts] attempts, more for a persistent call, and has the body of
// a good answer read. What reads it returns the error, and must not keep the body.
// It never waits past the context's deadline for an attempt that cannot be made.
func (c *Client) send(ctx context.Context, call Call, r request, read func(answer []byte) error) error {
	placed := c.placed(call)
	buffer := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buffer)
	_, limited := ctx.Deadline()
	persistent := call.Persistent && limited
	for attempt := 1; ; attempt++ {
		buffer.Reset()
		buffer.Grow(call.Answer)
		err := c.attempt(ctx, placed, r, buffer)
		if err == nil {
			return read(buffer.Bytes())
		}
		if attempt == retry.Attempts && !persistent {
			return err
		}
		wait, again := wait(attempt, err)
		if !again || !retry.Sleep(ctx, wait) {
			return err
		}
	}
}

// placed is the call with the region that it goes to.
func (c *Client) placed(call Call) Call {
	if !ValidRegion(call.Region) {
		call.Region = c.region
	}
	if call.Service == "iam" {
		call.Region = iamRegion(call.Region)
	}
	return call
}

// attempt writes the body of a good answer into a buffer.
func (c *Client) attempt(ctx context.Context, call Call, r request, answer *bytes.Buffer) error {
	req, err := c.signed(ctx, call, r)
	if err != nil {
		return err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return &connectionError{call, err}
	}
	defer res.Body.Close()
	most := cmp.Or(c.MaxAnswer, maxAnswer)
	if _, err := answer.ReadFrom(io.LimitReader(res.Body, int64(most)+1)); err != nil {
		return &connectionError{call, err}
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return newError(call, res, answer.Bytes(), c.now())
	}
	if answer.Len() > most {
		return fmt.Errorf("%s answered more than %d bytes", call, most)
	}
	return nil
}

// signed makes a new request for each attempt, because a signature has a date.
func (c *Client) signed(ctx context.Context, call Call, r request) (*http.Request, error) {
	from := c.Credentials
	if from == nil {
		from = environment
	}
	credentials, err := from(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", call, err)
	}
	url, err := endpoint(call)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", call, err)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, url+r.path, bytes.NewReader(r.body))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", call, err)
	}
	req.Header.Set("Content-Type", r.contentType)
	req.Header.Set("User-Agent", "extraeye")
	if r.target != "" {
		req.Header.Set("X-Amz-Target", r.target)
	}
	if r.invocation != "" {
		req.Header.Set("X-Amz-Invocation-Type", r.invocation)
	}
	hash := sha256.Sum256(r.body)
	if err := c.signer.SignHTTP(ctx, credentials, req, hex.EncodeToString(hash[:]), call.Service, call.Region, c.now()); err != nil {
		return nil, fmt.Errorf("%s: sign the request: %w", call, err)
	}
	return req, nil
}

// environment returns the credentials that are in the environment.
func environment(context.Context) (aws.Credentials, error) {
	credentials := aws.Credentials{
		AccessKeyID:     os.Getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
	}
	if !credentials.HasKeys() {
		return credentials, errors.New("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not in the environment")
	}
	return credentials, nil
}

// wait says how long to wait after an attempt, and whether another may get an answer:
// as long as the service asks for, else exponentially longer with jitter, up to the wait
// before the last of [retry.Attempts].
func wait(attempt int, err error) (time.Duration, bool) {
	var refused *Error
	var broken *connectionError
	switch {
	case errors.As(err, &broken):
	case !errors.As(err, &refused) || !refused.Retryable() || refused.RetryAfter > maxWait:
		return 0, false
	case refused.RetryAfter > 0:
		return refused.RetryAfter, true
	}
	return retry.Backoff(retry.FirstWait, min(attempt, retry.Attempts-1)), true
}
