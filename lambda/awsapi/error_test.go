package awsapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go"
)

// TestErrorsAreTheSDKs reads refusals with the SDK's deserializers and with ours.
func TestErrorsAreTheSDKs(t *testing.T) {
	setCredentials(t)
	ctx := context.Background()
	calls := map[string]struct {
		sdk  func(aws.Config) error
		ours func(*Client) error
	}{
		"ses": {
			func(cfg aws.Config) error {
				_, err := sesv2.NewFromConfig(cfg).GetAccount(ctx, &sesv2.GetAccountInput{})
				return err
			},
			func(c *Client) error {
				return c.REST(ctx, Call{Service: "ses", Host: "email"}, "GET", "/v2/email/account", nil, nil)
			},
		},
		"codedeploy": {
			func(cfg aws.Config) error {
				_, err := codedeploy.NewFromConfig(cfg).GetDeployment(ctx, &codedeploy.GetDeploymentInput{DeploymentId: aws.String("d-1")})
				return err
			},
			func(c *Client) error {
				return c.JSON(ctx, Call{Service: "codedeploy"}, "CodeDeploy_20141006", map[string]string{}, nil)
			},
		},
		"sns": {
			func(cfg aws.Config) error {
				_, err := sns.NewFromConfig(cfg).Publish(ctx, &sns.PublishInput{Message: aws.String("x")})
				return err
			},
			func(c *Client) error { return c.Query(ctx, Call{Service: "sns"}, "2010-03-31", url.Values{}, nil) },
		},
	}
	tests := []struct {
		name, service string
		status        int
		header        http.Header
		answer        string
	}{
		{"REST, code in the header", "ses", 400, http.Header{"X-Amzn-Errortype": {"MessageRejected"}},
			`{"message":"Email address is not verified."}`},
		{"REST, header with a URL", "ses", 429, http.Header{"X-Amzn-Errortype": {"TooManyRequestsException:http://internal.amazon.com/coral/com.amazonaws.ses/"}},
			`{"message":"slow"}`},
		{"REST, code in the body", "ses", 403, nil, `{"code":"AccessDenied","message":"no"}`},
		{"JSON, namespaced type", "codedeploy", 400, nil,
			`{"__type":"com.amazonaws.codedeploy.v20141006#DeploymentDoesNotExistException","message":"The deployment d-1 could not be found"}`},
		{"JSON, bare type and capital Message", "codedeploy", 400, nil, `{"__type":"AccessDeniedException","Message":"User is not authorized"}`},
		{"JSON, throttled", "codedeploy", 400, nil, `{"__type":"ThrottlingException","message":"Rate exceeded"}`},
		{"Query", "sns", 404, nil,
			`<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message></Error><RequestId>r</RequestId></ErrorResponse>`},
	}
	for _, tt := range tests {
		bubble(t, tt.name, func(t *testing.T) {
			transport := &capture{answer: tt.answer, status: tt.status, header: tt.header}
			cfg := aws.Config{
				Region: "eu-west-1", HTTPClient: &http.Client{Transport: transport}, Retryer: func() aws.Retryer { return aws.NopRetryer{} },
				Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
					return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
				}),
			}
			var want smithy.APIError
			if err := calls[tt.service].sdk(cfg); !errors.As(err, &want) {
				t.Fatalf("the SDK's error is %v", err)
			}
			c := New(&http.Client{Transport: transport}, "eu-west-1")
			var got *Error
			if err := calls[tt.service].ours(c); !errors.As(err, &got) {
				t.Fatalf("our error is %v", err)
			}
			if got.Code != want.ErrorCode() {
				t.Errorf("code is %q, the SDK's %q", got.Code, want.ErrorCode())
			}
			if got.Message != want.ErrorMessage() || got.Message == "" {
				t.Errorf("message is %q, the SDK's %q", got.Message, want.ErrorMessage())
			}
			if got.Status != tt.status {
				t.Errorf("status is %d, want %d", got.Status, tt.status)
			}
		})
	}
}

func TestNewError(t *testing.T) {
	tests := []struct {
		name, answer  string
		code, message string
	}{
		{"EC2", `<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code><Message>The instance ID 'i-1' does not exist</Message></Error></Errors><RequestID>r</RequestID></Response>`,
			"InvalidInstanceID.NotFound", "The instance ID 'i-1' does not exist"},
		{"unwrapped XML", `<Error><Code>AccessDenied</Code><Message>no</Message></Error>`, "AccessDenied", "no"},
		{"empty", "", "", ""},
		{"HTML of a proxy", "<html><body>Bad gateway<br></body></html>", "", ""},
		{"text", "Service Unavailable", "", ""},
		{"members of other types", `{"__type":17,"code":{},"message":"still read"}`, "", "still read"},
		{"null", "null", "", ""},
		{"cut off", `{"__type":"Throttl`, "", ""},
		{"several lines and bad UTF-8", "{\"__type\":\"A\",\"message\":\"one\\ntwo\\u0000 \xff\"}", "A", "one two\x00 \uFFFD"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res := &http.Response{StatusCode: 400, Header: http.Header{}}
			e := newError(Call{Service: "ec2", Operation: "X"}, res, []byte(tt.answer), time.Now())
			if e.Code != tt.code || e.Message != tt.message {
				t.Errorf("got %q, %q; want %q, %q", e.Code, e.Message, tt.code, tt.message)
			}
		})
	}
	long := newError(Call{}, &http.Response{StatusCode: 400}, []byte(`{"message":"`+strings.Repeat("ü", 5000)+`"}`), time.Now())
	if n := len(long.Message); n > maxMessage+len("…") {
		t.Errorf("a message of 10,000 bytes became one of %d", n)
	}
}

func TestThrottled(t *testing.T) {
	for code := range retry.DefaultThrottleErrorCodes {
		if !(&Error{Status: 400, Code: code}).Throttled() {
			t.Errorf("%s is a throttle for the SDK", code)
		}
	}
	if !(&Error{Status: 429}).Throttled() {
		t.Error("status 429 is no throttle")
	}
	for _, e := range []Error{{Status: 503}, {Status: 400}, {Status: 403, Code: "ExpiredToken"}, {Status: 400, Code: "Slow"}} {
		if e.Throttled() {
			t.Errorf("%+v is a throttle", e)
		}
	}
}

func TestRetryable(t *testing.T) {
	for _, table := range []map[string]struct{}{retry.DefaultThrottleErrorCodes, retry.DefaultRetryableErrorCodes} {
		for code := range table {
			if !(&Error{Status: 400, Code: code}).Retryable() {
				t.Errorf("%s is retried by the SDK", code)
			}
		}
	}
	for status := range retry.DefaultRetryableHTTPStatusCodes {
		if !(&Error{Status: status}).Retryable() {
			t.Errorf("status %d is retried by the SDK", status)
		}
	}
	tests := []struct {
		status int
		code   string
		want   bool
	}{
		{429, "", true}, {400, "KMSThrottling", true}, {403, "ExpiredTokenException", true}, {400, "RequestExpired", true},
		{400, "", false}, {403, "AccessDenied", false}, {404, "NotFound", false}, {400, "MessageRejected", false},
		{301, "", false}, {400, "Slow", false},
	}
	for _, tt := range tests {
		if got := (&Error{Status: tt.status, Code: tt.code}).Retryable(); got != tt.want {
			t.Errorf("%d %q: %v", tt.status, tt.code, got)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		header, value string
		want          time.Duration
	}{
		{"Retry-After", "3", 3 * time.Second},
		{"Retry-After", "Wed, 01 Jul 2026 12:00:07 GMT", 7 * time.Second},
		{"Retry-After", "Wed, 01 Jul 2026 11:00:00 GMT", 0},
		{"Retry-After", "-3", 0},
		{"Retry-After", "soon", 0},
		{"Retry-After", "9223372036854775807", 24 * time.Hour},
		{"X-Amz-Retry-After", "1500", 1500 * time.Millisecond},
	}
	for _, tt := range tests {
		if got := retryAfter(http.Header{tt.header: {tt.value}}, now); got != tt.want {
			t.Errorf("%s: %s is %v, want %v", tt.header, tt.value, got, tt.want)
		}
	}
}

func FuzzNewError(f *testing.F) {
	f.Add(400, "com.amazonaws.ses#MessageRejected:http://x/", "5", []byte(`{"__type":"a#B:c","message":"m"}`))
	f.Add(503, "", "Fri, 01 Jan 2100 00:00:00 GMT", []byte(`<ErrorResponse><Error><Code>Throttling</Code><Message>m</Message></Error></ErrorResponse>`))
	f.Add(403, "", "-1", []byte(`<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>`))
	f.Add(500, "", "99999999999999999999", []byte("{\"Code\":[1],\"message\":\"\xff\r\n\u202e\"}"))
	f.Fuzz(func(t *testing.T, status int, errorType, after string, body []byte) {
		header := http.Header{"X-Amzn-Errortype": {errorType}, "Retry-After": {after}, "X-Amz-Retry-After": {after}}
		e := newError(Call{Service: "ses"}, &http.Response{StatusCode: status, Header: header}, body, time.Unix(0, 0))
		_, _ = e.Retryable(), e.Throttled()
		if text := e.Error(); len(text) > 2*maxMessage+200 || strings.ContainsAny(text, "\r\n") || !utf8.ValidString(text) {
			t.Errorf("%d bytes: %.300q", len(text), text)
		}
		if e.RetryAfter < 0 {
			t.Errorf("try again after %v", e.RetryAfter)
		}
	})
}
