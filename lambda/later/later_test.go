package later

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
)

func refusal(status int, after time.Duration) error {
	return fmt.Errorf("post: %w", &post.Error{Host: "slack.com", Status: status, RetryAfter: after, Transient: true})
}

func throttling(service string, after time.Duration) error {
	return fmt.Errorf("send: %w", &awsapi.Error{Call: awsapi.Call{Service: service}, Status: 429, Code: "ThrottlingException", RetryAfter: after})
}

func TestPlan(t *testing.T) {
	for name, tt := range map[string]struct {
		attempt int
		err     error
		after   time.Duration
		dead    bool
	}{
		"first":                  {0, refusal(503, 0), time.Minute, false},
		"first retry":            {1, refusal(503, 0), 5 * time.Minute, false},
		"second retry":           {2, refusal(503, 0), 15 * time.Minute, false},
		"third retry":            {3, refusal(503, 0), time.Hour, false},
		"fourth retry":           {4, refusal(503, 0), 3 * time.Hour, false},
		"last retry":             {5, refusal(503, time.Hour), 0, true},
		"far too many":           {99, refusal(503, 0), 0, true},
		"asks for less":          {1, refusal(429, time.Minute), 5 * time.Minute, false},
		"asks for more":          {1, refusal(429, time.Hour), time.Hour, false},
		"asks for parts":         {0, refusal(429, time.Minute+time.Millisecond), time.Minute + time.Second, false},
		"asks for too much":      {1, refusal(429, 24*time.Hour), 6 * time.Hour, false},
		"AWS asks for more":      {0, throttling("ses", 2*time.Minute), 2 * time.Minute, false},
		"cannot pass":            {0, notice.Permanent(refusal(401, 0)), 0, true},
		"cannot pass, though":    {2, notice.Permanent(refusal(429, time.Hour)), 0, true},
		"nothing is known of it": {0, errors.New("odd"), time.Minute, false},
	} {
		got := Plan(wire.Retry{Attempt: tt.attempt}, "Slack", tt.err)
		if got.AfterSeconds != int(tt.after/time.Second) || (got.DeadLetter != nil) != tt.dead {
			t.Errorf("%s: %+v", name, got)
		}
		switch {
		case tt.dead && (got.DeadLetter.Attempts != tt.attempt+1 || got.DeadLetter.Reason != tt.err.Error() || got.Retry.Attempt != 0):
			t.Errorf("%s: dead letter %+v, attempt %d", name, got.DeadLetter, got.Retry.Attempt)
		case !tt.dead && got.Retry.Attempt != tt.attempt+1:
			t.Errorf("%s: attempt %d", name, got.Retry.Attempt)
		}
		if got.Retry.Reason == "" {
			t.Errorf("%s: no reason", name)
		}
	}
	if len(waits)+1 != Attempts {
		t.Errorf("%d attempts", Attempts)
	}
}

func TestWhy(t *testing.T) {
	for want, err := range map[string]error{
		"Slack answered 503 Service Unavailable":       refusal(503, 0),
		"Slack answered 799":                           refusal(799, 0),
		"Slack did not confirm that it took it":        refusal(200, 0),
		"SES answered ThrottlingException":             throttling("ses", 0),
		"Secrets Manager answered ThrottlingException": throttling("secretsmanager", 0),
		"Slack did not answer in time":                 fmt.Errorf("post: %w", context.DeadlineExceeded),
		"Slack could not be reached":                   fmt.Errorf("post: %w", &net.OpError{Op: "dial", Err: errors.New("refused")}),
		"Slack did not take it":                        errors.New("https://hooks.slack.com/secret is odd"),
	} {
		if got := why("Slack", err); got != want {
			t.Errorf("%q for %v, want %q", got, err, want)
		}
	}
	long := &awsapi.Error{Call: awsapi.Call{Service: "ses"}, Code: strings.Repeat("a\nb ", 1000)}
	if got := why("Slack", long); len(got) > 2*maxWhy || strings.Contains(got, "\n") {
		t.Errorf("it is %q", got)
	}
}

func TestMachineOf(t *testing.T) {
	for function, want := range map[string]string{
		"arn:aws:lambda:eu-west-1:123456789012:function:notifier":             "arn:aws:states:eu-west-1:123456789012:stateMachine:notifier",
		"arn:aws:lambda:eu-west-1:123456789012:function:notifier:$LATEST":     "arn:aws:states:eu-west-1:123456789012:stateMachine:notifier",
		"arn:aws-cn:lambda:cn-north-1:123456789012:function:Stack-Notifier-1": "arn:aws-cn:states:cn-north-1:123456789012:stateMachine:Stack-Notifier-1",
		"":         "",
		"notifier": "",
		"arn:aws:lambda:eu-west-1:123456789012:function:":     "",
		"arn:aws:lambda:eu-west-1:123456789012:layer:other:1": "",
	} {
		if got, _, err := machineOf(function); got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v, want %q", function, got, err, want)
		}
	}
}

// TestExecutionNames shows what makes an execution another one.
func TestExecutionNames(t *testing.T) {
	seen := map[string]string{}
	for what, name := range map[string]string{
		"one":              executionName("r-1", kindOf(wire.Later{Retry: wire.Retry{Attempt: 1}}), "0.0"),
		"another request":  executionName("r-2", kindOf(wire.Later{Retry: wire.Retry{Attempt: 1}}), "0.0"),
		"another sink":     executionName("r-1", kindOf(wire.Later{Retry: wire.Retry{Attempt: 1}}), "0.1"),
		"another attempt":  executionName("r-1", kindOf(wire.Later{Retry: wire.Retry{Attempt: 2}}), "0.0"),
		"dead letter":      executionName("r-1", kindOf(wire.Later{Retry: wire.Retry{Attempt: 1}, DeadLetter: &wire.DeadLetter{}}), "0.0"),
		"dead letter of r": executionName("r-2", kindOf(wire.Later{Retry: wire.Retry{Attempt: 1}, DeadLetter: &wire.DeadLetter{}}), "0.0"),
	} {
		if seen[name] != "" {
			t.Errorf("%s and %s are both %s", what, seen[name], name)
		}
		seen[name] = what
		// The characters that CloudWatch can log, and at most 80 of them.
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || len(name) > 80 {
			t.Errorf("%s is %q", what, name)
		}
	}
	if executionName("r", kindOf(wire.Later{AfterSeconds: 1}), "0.0") != executionName("r", kindOf(wire.Later{AfterSeconds: 2}), "0.0") {
		t.Error("the next run of an invocation starts another execution")
	}
}

// answers is a transport that gives one answer after the other, and then the last.
type answers struct {
	all  []string // of error codes; empty: well
	got  int
	body string
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	a.body = string(body)
	code := a.all[min(a.got, len(a.all)-1)]
	a.got++
	res := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"__type":"` + code + `"}`)), Request: r}
	if code != "" {
		res.StatusCode = http.StatusBadRequest
	}
	return res, err
}

func TestHandOver(t *testing.T) {
	for name, tt := range map[string]struct {
		answers []string
		ok      bool
		calls   int // zero: as many as the time allows
	}{
		"started":             {[]string{""}, true, 1},
		"started before":      {[]string{"ExecutionAlreadyExists"}, true, 1},
		"throttled at first":  {[]string{"ThrottlingException", "ThrottlingException", "ThrottlingException", "ThrottlingException", ""}, true, 5},
		"throttled all along": {[]string{"ThrottlingException"}, false, 0},
		"no state machine":    {[]string{"StateMachineDoesNotExist"}, false, 1},
		"too many executions": {[]string{"ExecutionLimitExceeded"}, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
				t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
				t.Setenv("AWS_ENDPOINT_URL", "")
				a := &answers{all: tt.answers}
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: "r", InvokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:f"})
				err := HandOver(ctx, awsapi.New(&http.Client{Transport: a}, "us-east-1"), wire.Later{AfterSeconds: 60}, "0.0")
				if (err == nil) != tt.ok || a.got != tt.calls && (tt.calls != 0 || a.got < 4) {
					t.Errorf("after %d calls: %v", a.got, err)
				}
				if !strings.Contains(a.body, `"stateMachineArn":"arn:aws:states:eu-west-1:123456789012:stateMachine:f"`) {
					t.Errorf("sent %s", a.body)
				}
			})
		})
	}
	if err := HandOver(t.Context(), nil, wire.Later{}, ""); err == nil {
		t.Error("it needs no ARN")
	}
}

// TestTooLong checks that what is too long for the state machine, and cannot be cut, is refused
// before it is sent, whatever it is.
func TestTooLong(t *testing.T) {
	long := strings.Repeat("x", maxInput)
	for name, do := range map[string]func() error{
		"bury": func() error { return Bury(t.Context(), nil, long, errors.New("odd"), "0") },
		"recheck": func() error {
			return Recheck(t.Context(), nil, wire.Recheck{Event: json.RawMessage(`"` + long + `"`)}, "0")
		},
		"verdict": func() error {
			return Verdict(t.Context(), nil, wire.Released{Event: json.RawMessage(`"` + long + `"`)}, 60, "0")
		},
	} {
		if err := do(); err == nil || !strings.Contains(err.Error(), "the state machine takes at most 245760") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// full returns a notice each text of which has a number of bytes, with as many facts and links.
func full(t *testing.T, text string, many int) *notice.Notice {
	t.Helper()
	n := &notice.Notice{Release: &notice.Release{}}
	for _, v := range []reflect.Value{reflect.ValueOf(n).Elem(), reflect.ValueOf(n.Release).Elem()} {
		for i := range v.NumField() {
			if f := v.Field(i); f.Kind() == reflect.String && f.CanSet() {
				f.SetString(text)
			}
		}
	}
	n.Kind, n.Severity, n.Status, n.Release.State = notice.KindAlarm, notice.Error, notice.Open, wire.DeploymentFailed
	for range many {
		n.Facts = append(n.Facts, notice.Fact{Label: text, Value: text, URL: text})
		n.Links = append(n.Links, notice.Link{Label: text, URL: text})
	}
	return n
}

// TestEncode shows that everything fits the state machine, that nothing is cut which fits, and
// that what is cut says so.
func TestEncode(t *testing.T) {
	event := func(bytes int) json.RawMessage { return json.RawMessage(`"` + strings.Repeat("x", bytes) + `"`) }
	for name, tt := range map[string]struct {
		notice *notice.Notice
		event  json.RawMessage
		says   string
		keeps  bool
	}{
		"small":                {full(t, "text", 3), event(10), "", true},
		"event that just fits": {full(t, "text", 3), event(200 << 10), "", true},
		"large event":          {full(t, "text", 3), event(256 << 10), "The event as it came", false},
		"large texts":          {full(t, strings.Repeat("<", 17_000), 2), event(10), "characters were cut", false},
		"huge texts":           {full(t, strings.Repeat("\u0001", 100_000), 1), event(10), "characters were cut", false},
		"many facts":           {full(t, strings.Repeat("ü", 500), 500), nil, "characters were cut", false},
	} {
		t.Run(name, func(t *testing.T) {
			tt.notice.Event = tt.event
			l := wire.Later{AfterSeconds: 60, Retry: Keep(tt.notice, wire.Retry{Attempt: 1, Reason: "Slack answered 503", Since: time.Now()})}
			text := encode(l)
			if len(text) > maxInput {
				t.Fatalf("%d bytes", len(text))
			}
			var back wire.Later
			if err := json.Unmarshal(text, &back); err != nil {
				t.Fatal(err)
			}
			if (len(back.Retry.Event) > 0) != tt.keeps {
				t.Errorf("it has an event of %d bytes", len(back.Retry.Event))
			}
			n, err := Notice(back.Retry, back.Retry.Since.Add(21*time.Minute+5*time.Second))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(n.Summary, "21 minutes late: Slack answered 503. ") || n.Title == "" || n.Key == "" || n.ID == "" || n.Release == nil || n.Severity != notice.Error {
				t.Errorf("the notice is %.2000v", n)
			}
			if says := n.Facts[0].Label == leftOut; says != (tt.says != "") || says && !strings.Contains(n.Facts[0].Value, tt.says) {
				t.Errorf("its first fact is %.500v", n.Facts[0])
			}
			if again := encode(back); string(again) != string(text) {
				t.Error("it is not the same the next time")
			}
		})
	}
}

func TestNoticeWithoutNotice(t *testing.T) {
	for _, r := range []wire.Retry{{}, {Notice: json.RawMessage("[]")}} {
		if _, err := Notice(r, time.Now()); err == nil {
			t.Errorf("%s is a notice", r.Notice)
		}
	}
}
