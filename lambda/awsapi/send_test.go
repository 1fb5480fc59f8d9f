package awsapi

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/extraeye/extraeye/lambda/pipes"
	"github.com/extraeye/extraeye/lambda/retry"
)

var publish = Call{Service: "sns", Operation: "Publish"}

// serve runs a fake of all of AWS in memory and returns a client that calls it. In a bubble of
// testing/synctest, it waits for nothing.
func serve(t *testing.T, handler http.HandlerFunc) *Client {
	t.Helper()
	setCredentials(t)
	client := NewHTTPClient()
	t.Cleanup(pipes.Serve(client.Transport.(*http.Transport), handler))
	t.Setenv("AWS_ENDPOINT_URL", "http://aws.example")
	return New(client, "eu-west-1")
}

// bubble runs a test in which time passes only while everything waits.
func bubble(t *testing.T, name string, f func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}

func TestAttempts(t *testing.T) {
	throttled := `<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>`
	tests := []struct {
		name     string
		answers  []int // the last one repeats
		header   string
		attempts int32
		code     string
	}{
		{name: "good at once", answers: []int{200}, attempts: 1},
		{name: "throttled, then good", answers: []int{400, 200}, attempts: 2},
		{name: "always throttled", answers: []int{400}, attempts: 3, code: "Throttling"},
		{name: "broken, broken, good", answers: []int{500, 503, 200}, attempts: 3},
		{name: "no connection, then good", answers: []int{0, 200}, attempts: 2},
		{name: "asked to wait longer than there is time", answers: []int{400}, header: "30", attempts: 1, code: "Throttling"},
		{name: "asked to wait for an hour", answers: []int{400}, header: "3600", attempts: 1, code: "Throttling"},
	}
	for _, tt := range tests {
		bubble(t, tt.name, func(t *testing.T) {
			var n atomic.Int32
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				status := tt.answers[min(int(n.Add(1)), len(tt.answers))-1]
				if status == 0 {
					panic(http.ErrAbortHandler)
				}
				if tt.header != "" {
					w.Header().Set("Retry-After", tt.header)
				}
				w.WriteHeader(status)
				if status != 200 {
					_, _ = io.WriteString(w, throttled)
				}
			})
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			start := time.Now()
			err := c.Query(ctx, publish, "2010-03-31", nil, nil)
			if n.Load() != tt.attempts {
				t.Errorf("%d attempts, want %d", n.Load(), tt.attempts)
			}
			var refused *Error
			if errors.As(err, &refused); (tt.code == "") != (err == nil) || tt.code != "" && refused.Code != tt.code {
				t.Errorf("error is %v, want code %q", err, tt.code)
			}
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// TestWaitIsBounded shows that no service can hold up a call that has no deadline.
func TestWaitIsBounded(t *testing.T) {
	if d, again := wait(1, &Error{Status: 429, RetryAfter: maxWait}); !again || d != maxWait {
		t.Errorf("asked to wait %v: waits %v, %v", maxWait, d, again)
	}
	if d, again := wait(1, &Error{Status: 429, RetryAfter: maxWait + 1}); again {
		t.Errorf("asked to wait longer than %v: waits %v", maxWait, d)
	}
	for attempt, longest := range map[int]time.Duration{1: retry.FirstWait, 2: 2 * retry.FirstWait, 9: 2 * retry.FirstWait} {
		if d, again := wait(attempt, &Error{Status: 503}); !again || d < longest/2 || d > longest {
			t.Errorf("after attempt %d: waits %v, %v", attempt, d, again)
		}
	}
}

// TestPersistentCalls shows that a persistent call is sent again until its deadline, unless
// no answer can come; without a deadline it is a call like others.
func TestPersistentCalls(t *testing.T) {
	tests := []struct {
		name         string
		code         string
		good         int32 // the attempt that gets an answer
		limit        time.Duration
		fewest, most int32
		fails        bool
	}{
		{name: "answered late", code: "Throttling", good: 6, limit: 10 * time.Second, fewest: 6, most: 6},
		{name: "never answered", code: "Throttling", good: 99, limit: 5 * time.Second, fewest: 5, most: 12, fails: true},
		{name: "denied", code: "AccessDenied", good: 99, limit: 5 * time.Second, fewest: 1, most: 1, fails: true},
		{name: "no deadline", code: "Throttling", good: 99, fewest: 3, most: 3, fails: true},
	}
	for _, tt := range tests {
		bubble(t, tt.name, func(t *testing.T) {
			var n atomic.Int32
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if n.Add(1) < tt.good {
					w.WriteHeader(400)
					_, _ = io.WriteString(w, `<ErrorResponse><Error><Code>`+tt.code+`</Code></Error></ErrorResponse>`)
				}
			})
			ctx := context.Background()
			if tt.limit > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, tt.limit)
				defer cancel()
			}
			call := publish
			call.Persistent = true
			err := c.Query(ctx, call, "2010-03-31", nil, nil)
			var refused *Error
			if (err != nil) != tt.fails || err != nil && (!errors.As(err, &refused) || refused.Code != tt.code) {
				t.Errorf("error is %v", err)
			}
			if n.Load() < tt.fewest || n.Load() > tt.most {
				t.Errorf("%d attempts, want %d to %d", n.Load(), tt.fewest, tt.most)
			}
		})
	}
}

func TestRetryAfterIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int32
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1) == 1 {
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(429)
			}
		})
		start := time.Now()
		if err := c.Query(context.Background(), publish, "2010-03-31", nil, nil); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != time.Second {
			t.Errorf("waited for %v, want a second", took)
		}
	})
}

func TestContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		c := serve(t, func(w http.ResponseWriter, r *http.Request) { <-stop })
		defer close(stop)
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		start := time.Now()
		err := c.Query(ctx, publish, "2010-03-31", nil, nil)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error is %v", err)
		}
		if took := time.Since(start); took != 50*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

func TestHostileAnswers(t *testing.T) {
	tests := []struct {
		name   string
		answer http.HandlerFunc
		want   string
	}{
		{"too large", func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write(make([]byte, maxAnswer+1)) }, "more than 1048576 bytes"},
		{"no XML", func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "{}") }, "not the expected XML"},
		{"empty", func(w http.ResponseWriter, r *http.Request) {}, "not the expected XML"},
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			if r.Host != "aws.example" {
				t.Error("a redirect was followed")
			}
			http.Redirect(w, r, "http://other.example", http.StatusTemporaryRedirect)
		},
			"sns Publish in eu-west-1: Temporary Redirect (HTTP 307)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := serve(t, tt.answer)
			var out struct{ MessageID string }
			err := c.Query(context.Background(), publish, "2010-03-31", url.Values{}, &out)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want %q", err, tt.want)
			}
		})
	}
}

// TestUnreadAnswer shows that an answer can be read by the caller, as it came.
func TestUnreadAnswer(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "{not XML") })
	odd := errors.New("odd")
	err := c.Query(context.Background(), publish, "2010-03-31", nil, func(answer []byte) error {
		if string(answer) != "{not XML" {
			t.Errorf("read %q", answer)
		}
		return odd
	})
	if !errors.Is(err, odd) {
		t.Error(err)
	}
}

// TestRegionOfTheCall shows that a region out of an event is used only if it is one.
func TestRegionOfTheCall(t *testing.T) {
	setCredentials(t)
	for region, want := range map[string]string{"ap-south-1": "ap-south-1", "": "eu-west-1", "evil.example/?": "eu-west-1"} {
		transport := &capture{}
		c := New(&http.Client{Transport: transport}, "eu-west-1")
		if err := c.Query(context.Background(), Call{Service: "ec2", Operation: "DescribeInstances", Region: region}, "2016-11-15", nil, nil); err != nil {
			t.Fatal(err)
		}
		r := transport.requests[0]
		if r.URL.Host != "ec2."+want+".amazonaws.com" || !strings.Contains(r.Header.Get("Authorization"), "/"+want+"/ec2/") {
			t.Errorf("region %q: sent to %s, signed %s", region, r.URL.Host, r.Header.Get("Authorization"))
		}
	}
}

func TestNoCredentials(t *testing.T) {
	c := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("called without credentials") })
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	if err := c.Query(context.Background(), publish, "2010-03-31", nil, nil); err == nil || strings.Contains(err.Error(), "AKIDEXAMPLE") {
		t.Errorf("error is %v", err)
	}
}

// TestPrewarm shows that the first calls after it need no new connection, as many at once as were
// named.
func TestPrewarm(t *testing.T) {
	var connections, calls atomic.Int32
	var both sync.WaitGroup
	both.Add(2)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) <= 2 {
			if r.Method != http.MethodGet || r.Header.Get("Authorization") != "" {
				t.Errorf("prewarmed with %s and %v", r.Method, r.Header)
			}
			both.Done()
			both.Wait()
		}
		_, _ = io.WriteString(w, strings.Repeat("x", 10_000))
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	setCredentials(t)
	t.Setenv("AWS_ENDPOINT_URL_SNS", server.URL)
	t.Setenv("AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:1")
	c := New(NewHTTPClient(), "eu-west-1")
	c.Prewarm(t.Context(), publish, publish, Call{Service: "ec2"})
	if calls.Load() != 2 {
		t.Fatalf("%d calls, want 2", calls.Load())
	}
	if err := c.Query(context.Background(), publish, "2010-03-31", nil, nil); err != nil {
		t.Fatal(err)
	}
	if connections.Load() != 2 {
		t.Errorf("%d connections, want 2", connections.Load())
	}
}

// TestGivenCredentials signs with what the client was given, and reads more than the notifier
// would.
func TestGivenCredentials(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		long := `"` + strings.Repeat("x", maxAnswer) + `"`
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if !strings.Contains(r.Header.Get("Authorization"), "Credential=AKIAGIVEN/") {
				t.Errorf("signed with %s", r.Header.Get("Authorization"))
			}
			_, _ = io.WriteString(w, long)
		})
		c.Credentials = func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIAGIVEN", SecretAccessKey: "s"}, nil
		}
		c.MaxAnswer = 2 * maxAnswer
		var got string
		if err := c.JSON(t.Context(), Call{Service: "codedeploy"}, "CodeDeploy_20141006", nil, &got); err != nil || len(got) != maxAnswer {
			t.Errorf("read %d bytes: %v", len(got), err)
		}
		c.MaxAnswer = 0
		if err := c.JSON(t.Context(), Call{Service: "codedeploy"}, "CodeDeploy_20141006", nil, &got); err == nil {
			t.Error("an answer that is too long is read")
		}
		c.Credentials = func(context.Context) (aws.Credentials, error) { return aws.Credentials{}, errors.New("expired") }
		if err := c.JSON(t.Context(), Call{Service: "codedeploy"}, "CodeDeploy_20141006", nil, &got); err == nil || !strings.Contains(err.Error(), "expired") {
			t.Errorf("without credentials: %v", err)
		}
	})
}
