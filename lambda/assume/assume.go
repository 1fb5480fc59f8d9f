// Package assume assumes a role, and keeps its credentials while they last.
package assume

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/retry"
)

const (
	// version is the version of the API of STS.
	//
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
	// https://github.com/boto/botocore/blob/develop/botocore/data/sts/2011-06-15/service-2.json
	version = "2011-06-15"
	// sessionName is what CloudTrail in the role's account calls who asks.
	sessionName = "extraeye"
	// early is how long before they expire credentials are no longer used. They last for an hour: a
	// Lambda function's own are those of a role, too.
	//
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
	early = 5 * time.Minute
	// askAgain is how long STS is not asked again after a failure, so that a flood of events does not
	// become one of calls.
	askAgain = 10 * time.Second
)

// Role is a role that can be assumed. It may be used by several goroutines.
type Role struct {
	// API is of who assumes it. It asks STS in its own Region: what a Region's STS hands out is valid
	// in all of them.
	//
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html
	API *awsapi.Client
	ARN string
	// ExternalID is what the role asks for. Empty: for none.
	ExternalID string
	// Log gets a line for each failure.
	Log *slog.Logger

	mu   sync.Mutex
	last *session // nil if it must be assumed
}

// session is what STS said, or will say once done is closed.
type session struct {
	begun       time.Time
	done        chan struct{}
	until       time.Time // set once done is closed
	credentials aws.Credentials
	err         error
}

// Credentials are the role's. Whoever asks at the same time shares one call. An error is kept for a
// short time, too, unless it is that the context ended.
func (r *Role) Credentials(ctx context.Context) (aws.Credentials, error) {
	for {
		s, own := r.session()
		if own {
			r.fill(ctx, s)
			return s.credentials, s.err
		}
		select {
		case <-s.done:
		case <-ctx.Done():
			return aws.Credentials{}, context.Cause(ctx)
		}
		if s.err == nil || !retry.OutOfTime(s.err) || ctx.Err() != nil {
			return s.credentials, s.err
		} // else the time of the one who asked was over, and ours is not
	}
}

// Forget has the role assumed anew, because AWS does not take its credentials: a role that was
// replaced does not know those of the old one. It does nothing if they are new.
func (r *Role) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last != nil && isDone(r.last) && retry.WallClock().Sub(r.last.begun) >= askAgain {
		r.last = nil
	}
}

// session returns what STS said or is about to. If own is true, the caller has to ask.
func (r *Role) session() (s *session, own bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last != nil && (!isDone(r.last) || retry.WallClock().Before(r.last.until)) {
		return r.last, false
	}
	r.last = &session{begun: retry.WallClock(), done: make(chan struct{})}
	return r.last, true
}

func isDone(s *session) bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// fill asks STS.
func (r *Role) fill(ctx context.Context, s *session) {
	s.err = errors.New("the call panicked")
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		defer close(s.done)
		switch {
		case s.err == nil:
			s.until = s.credentials.Expires.Add(-early)
		case !retry.OutOfTime(s.err):
			s.until = retry.WallClock().Add(askAgain)
		}
	}()
	s.credentials, s.err = r.assume(ctx)
	if s.err != nil {
		var refused *awsapi.Error
		code := "no answer"
		if errors.As(s.err, &refused) {
			code = refused.Code
		}
		r.Log.Warn("role not assumed", "role", r.ARN, "code", code)
	}
}

// errNone is an answer without credentials that are valid.
var errNone = errors.New("the answer has no credentials that are valid")

func (r *Role) assume(ctx context.Context) (c aws.Credentials, err error) {
	in := url.Values{"RoleArn": {r.ARN}, "RoleSessionName": {sessionName}}
	if r.ExternalID != "" {
		in.Set("ExternalId", r.ExternalID)
	}
	var out struct {
		ID      string `xml:"AssumeRoleResult>Credentials>AccessKeyId"`
		Key     string `xml:"AssumeRoleResult>Credentials>SecretAccessKey"`
		Token   string `xml:"AssumeRoleResult>Credentials>SessionToken"`
		Expires string `xml:"AssumeRoleResult>Credentials>Expiration"`
	}
	call := awsapi.Call{Service: "sts", Operation: "AssumeRole"}
	if err := r.API.Query(ctx, call, version, in, &out); err != nil {
		return c, err
	}
	expires, err := time.Parse(time.RFC3339, out.Expires)
	if err != nil || !retry.WallClock().Before(expires) || out.ID == "" || out.Key == "" || out.Token == "" {
		return c, fmt.Errorf("%s: %w", call, errNone)
	}
	return aws.Credentials{AccessKeyID: out.ID, SecretAccessKey: out.Key, SessionToken: out.Token, CanExpire: true, Expires: expires}, nil
}
