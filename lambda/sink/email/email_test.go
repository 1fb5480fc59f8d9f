package email

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

var full = wire.Email{
	From: `"Ops – Müller" <ops@example.com>`, To: []string{"a@example.com", "Team <b@example.com>"}, CC: []string{`"Größe: (Prod), \"x\"" <c@example.com>`},
	ReplyTo: []string{`"On call, nights" <d@example.com>`}, ConfigurationSet: "alerts", IdentityARN: "arn:aws:ses:eu-west-1:123456789012:identity/example.com",
}

// ses is a fake SES that keeps what it is sent and answers as its fields say.
type ses struct {
	status  int
	code    string
	message string
	request *http.Request
	body    []byte
}

func (s *ses) start(t *testing.T) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.request = r
		s.body, _ = io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		if s.status != 0 {
			w.Header().Set("X-Amzn-ErrorType", s.code)
			w.Header().Set("Retry-After", "3600") // longer than the context lasts: one attempt
			w.WriteHeader(s.status)
			_ = json.NewEncoder(w).Encode(map[string]string{"message": s.message})
			return
		}
		_, _ = io.WriteString(w, `{"MessageId":"0102018"}`)
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "example-secret")
	t.Setenv("AWS_SESSION_TOKEN", "example-token")
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	return server
}

func send(ctx context.Context, cfg wire.Email, n *notice.Notice) error {
	return New(awsapi.New(awsapi.NewHTTPClient(), "eu-west-1"), cfg).Send(ctx, n)
}

// TestSendAsSDK compares the request with the one that the SDK's own client makes
// of the same input.
func TestSendAsSDK(t *testing.T) {
	for name, n := range samples() {
		t.Run(name, func(t *testing.T) {
			fake := &ses{}
			server := fake.start(t)
			if err := send(t.Context(), full, n); err != nil {
				t.Fatal(err)
			}
			ours, path, method, auth := fake.body, fake.request.URL.Path, fake.request.Method, fake.request.Header.Get("Authorization")
			if !strings.Contains(auth, "/eu-west-1/ses/aws4_request") {
				t.Errorf("signed for another service: %s", auth)
			}
			var sent request
			if err := json.Unmarshal(ours, &sent); err != nil {
				t.Fatal(err)
			}
			for _, h := range sent.Content.Simple.Headers {
				if strings.ContainsAny(h.Name+h.Value, "\r\n") {
					t.Errorf("header %q", h)
				}
			}

			client := sesv2.New(sesv2.Options{
				Region: "eu-west-1", BaseEndpoint: aws.String(server.URL),
				Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
					return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "example-secret"}, nil
				}),
			})
			if _, err := client.SendEmail(t.Context(), input(full, n)); err != nil {
				t.Fatal(err)
			}
			if fake.request.URL.Path != path || fake.request.Method != method {
				t.Errorf("%s %s, the SDK makes it %s %s", method, path, fake.request.Method, fake.request.URL.Path)
			}
			if got, want := decode(t, ours), decode(t, fake.body); !reflect.DeepEqual(got, want) {
				t.Errorf("request:\n%s\nthe SDK makes it:\n%s", ours, fake.body)
			}
			body := &sent.Content.Simple.Body
			body.HTML.Data, body.Text.Data = "(as in "+name+".html)", "(as in "+name+".txt)"
			indented, err := json.MarshalIndent(sent, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden.File(t, "testdata/"+name+".request.json", string(indented)+"\n")
		})
	}
}

// input is the same mail as the SDK's input.
func input(cfg wire.Email, n *notice.Notice) *sesv2.SendEmailInput {
	utf8, m := aws.String("UTF-8"), Render(n)
	in := &sesv2.SendEmailInput{
		FromEmailAddress:            aws.String("=?utf-8?q?Ops_=E2=80=93_M=C3=BCller?= <ops@example.com>"),
		FromEmailAddressIdentityArn: &cfg.IdentityARN,
		Destination:                 &types.Destination{ToAddresses: cfg.To, CcAddresses: []string{"=?utf-8?b?R3LDtsOfZTogKFByb2QpLCAieCI=?= <c@example.com>"}},
		ReplyToAddresses:            cfg.ReplyTo,
		ConfigurationSetName:        &cfg.ConfigurationSet,
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: &types.Content{Data: &m.Subject, Charset: utf8},
			Body: &types.Body{
				Html: &types.Content{Data: &m.HTML, Charset: utf8},
				Text: &types.Content{Data: &m.Text, Charset: utf8},
			},
		}},
	}
	for _, h := range headers(n) {
		in.Content.Simple.Headers = append(in.Content.Simple.Headers, types.MessageHeader{Name: &h.Name, Value: &h.Value})
	}
	for _, tag := range []pair{{"service", n.Service}, {"kind", string(n.Kind)}, {"severity", string(n.Severity)}} {
		if value := tagValue(tag.Value); value != "" {
			in.EmailTags = append(in.EmailTags, types.MessageTag{Name: aws.String(tag.Name), Value: &value})
		}
	}
	return in
}

func decode(t *testing.T, body []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return v
}

func TestRequestLeavesOut(t *testing.T) {
	got, err := json.Marshal(newRequest(wire.Email{From: "a@example.com", To: []string{"b@example.com"}}, &notice.Notice{Title: "t"}))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"IdentityArn", "CcAddresses", "ReplyTo", "ConfigurationSet", "EmailTags", "References", "null"} {
		if strings.Contains(string(got), name) {
			t.Errorf("the request has %s: %s", name, got)
		}
	}
}

func TestTagValue(t *testing.T) {
	for in, want := range map[string]string{
		"some-service_1": "some-service_1", "Some service/ä": "Some-service--", "": "",
		strings.Repeat("x", 300): strings.Repeat("x", 256),
	} {
		if got := tagValue(in); got != want {
			t.Errorf("tagValue(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSendErrors(t *testing.T) {
	const notVerified = "Email address is not verified. The following identities failed the check in region EU-WEST-1: ops@example.com"
	for _, test := range []struct {
		status        int
		code, message string
		permanent     bool
		says          string
	}{
		{400, "MessageRejected", notVerified, true, "verify the identities named above in SES in eu-west-1; while the account is in the SES sandbox"},
		{400, "MessageRejected", "Illegal content", true, "Illegal content: change what SES objects to"},
		{400, "MailFromDomainNotVerifiedException", "", true, "custom MAIL FROM domain"},
		{404, "NotFoundException", "Configuration set <alerts> does not exist.", true, "create the configuration set alerts in SES in eu-west-1"},
		{400, "BadRequestException", "Missing final '@domain'", true, "correct the sink's addresses"},
		{400, "AccountSuspendedException", "Account is suspended", true, "AWS Support"},
		{400, "SendingPausedException", "Sending is paused", true, "resume it"},
		{403, "AccessDeniedException", "User: arn:aws:sts::123456789012:assumed-role/x is not authorized to perform: ses:SendEmail", true,
			"allow the notifier's role ses:SendEmail, also in the sending authorization policy of arn:aws:ses:eu-west-1:123456789012:identity/example.com"},
		{400, "com.amazonaws.ses#MessageRejected:http://example.com/", notVerified, true, "sandbox"},
		{413, "", "", true, "Request Entity Too Large"},
		{400, "SomethingNewException", "what", true, "SomethingNewException"},
		{429, "TooManyRequestsException", "Maximum sending rate exceeded", false, "Maximum sending rate exceeded"},
		{400, "ThrottlingException", "Daily message quota exceeded", false, "Daily message quota exceeded"},
		{400, "LimitExceededException", "", false, "LimitExceededException"},
		{403, "ExpiredTokenException", "The security token included in the request is expired", false, "expired"},
		{500, "InternalServiceErrorException", "", false, "InternalServiceErrorException"},
		{503, "", "", false, "Service Unavailable"},
	} {
		t.Run(test.code, func(t *testing.T) {
			(&ses{status: test.status, code: test.code, message: test.message}).start(t)
			n := samples()["termination"]
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			err := send(ctx, full, n)
			if err == nil {
				t.Fatal("no error")
			}
			if notice.IsPermanent(err) != test.permanent {
				t.Errorf("permanent is %v: %v", !test.permanent, err)
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("%q does not say %q", err, test.says)
			}
			var refusal *awsapi.Error
			if !errors.As(err, &refusal) || refusal.Status != test.status {
				t.Errorf("%v does not wrap SES's answer", err)
			}
			for _, secret := range []string{n.Title, n.Summary, "example-secret", "example-token", "\n"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%q has %q", err, secret)
				}
			}
		})
	}
}

func TestAdvice(t *testing.T) {
	plain := wire.Email{From: "ops@example.com"}
	for code, want := range map[string]string{
		"NotFoundException":     "verify the sender's identity in SES in this region",
		"AccessDeniedException": "allow the notifier's role ses:SendEmail with the sender's identity and the configuration set; while the account is in the SES sandbox there, with the recipients' identities too",
	} {
		if got := advice(&awsapi.Error{Code: code}, plain); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

func TestSendWithoutConnection(t *testing.T) {
	(&ses{}).start(t).Close()
	ctx, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	if err := send(ctx, full, samples()["termination"]); err == nil || notice.IsPermanent(err) {
		t.Errorf("want a transient error, got %v", err)
	}
}
