package fake

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	mailtypes "github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fakeaws"
)

// start starts a server and makes the configuration of an SDK client for it.
func start(t *testing.T, c Config) (*Server, aws.Config) {
	t.Helper()
	s, err := Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: &s.URL,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "secret"}, nil
		}),
		RetryMaxAttempts: 1,
	}
}

func TestMailAndMessageAreRemembered(t *testing.T) {
	s, config := start(t, Config{})
	s.Play(Delivery{})
	text := func(data string) *mailtypes.Content { return &mailtypes.Content{Data: &data} }
	_, err := sesv2.NewFromConfig(config).SendEmail(t.Context(), &sesv2.SendEmailInput{
		FromEmailAddress: aws.String("ops@example.com"),
		Destination:      &mailtypes.Destination{ToAddresses: []string{"team@example.com"}},
		Content: &mailtypes.EmailContent{Simple: &mailtypes.Message{
			Subject: text("Grüße"), Body: &mailtypes.Body{Text: text("plain"), Html: text("<p>html</p>")},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	published, err := sns.NewFromConfig(config).Publish(t.Context(), &sns.PublishInput{
		TopicArn: aws.String("arn:aws:sns:us-east-1:123456789012:t"), Subject: aws.String("s"), Message: aws.String("m & n"),
		MessageAttributes: map[string]snstypes.MessageAttributeValue{"kind": {DataType: aws.String("String"), StringValue: aws.String("deployment")}},
	})
	if err != nil || aws.ToString(published.MessageId) == "" {
		t.Fatal(published, err)
	}
	calls := s.Calls()
	if len(calls) != 2 {
		t.Fatalf("%d calls", len(calls))
	}
	mail, ok := calls[0].Mail()
	if !ok || mail.Subject != "Grüße" || mail.Text != "plain" || mail.HTML != "<p>html</p>" || mail.From != "ops@example.com" || mail.To[0] != "team@example.com" {
		t.Errorf("got mail %+v of %+v", mail, calls[0])
	}
	message, ok := calls[1].Message()
	if !ok || message.Subject != "s" || message.Text != "m & n" || len(message.Attributes) != 1 || message.Attributes[0] != (fakeaws.Attribute{Name: "kind", Value: "deployment"}) {
		t.Errorf("got message %+v of %+v", message, calls[1])
	}
	if get(t, s.URL); len(s.Calls()) != 2 {
		t.Errorf("a request without signature is taken for a call: %+v", s.Calls())
	}
	if s.Play(Delivery{}); len(s.Calls()) != 0 {
		t.Error("calls for the delivery before are remembered")
	}
}

// get sends a request without signature.
func get(t *testing.T, url string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
}

// send sends a request as the notifier would sign it.
func send(t *testing.T, url, service, contentType, target, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKID/20260630/us-east-1/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	r.Header.Set("Content-Type", contentType)
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
	}
	w := httptest.NewRecorder()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := w.Body.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, w.Body.String()
}

const form = "application/x-www-form-urlencoded; charset=utf-8"

func TestAnswers(t *testing.T) {
	dir := t.TempDir()
	for name, body := range map[string]string{
		"codedeploy.GetDeployment.json": `{"deploymentInfo":{"creator":"user"}}`,
		"ses.SendEmail.json":            `{"__type":"MessageRejected","message":"Email address is not verified."}`,
		"ec2.DescribeInstances.xml":     `<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>`,
		"README.md":                     "what these are",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, config := start(t, Config{Answers: dir})
	out, err := codedeploy.NewFromConfig(config).GetDeployment(t.Context(), &codedeploy.GetDeploymentInput{DeploymentId: aws.String("d-1")})
	if err != nil || out.DeploymentInfo.Status != "" {
		t.Errorf("got %+v, %v", out, err)
	}
	if _, err := sesv2.NewFromConfig(config).SendEmail(t.Context(), &sesv2.SendEmailInput{Content: &mailtypes.EmailContent{}}); err == nil || !strings.Contains(err.Error(), "not verified") {
		t.Errorf("the error document was answered as %v", err)
	}
	if status, _ := send(t, s.URL, "ec2", form, "", "Action=DescribeInstances"); status != 403 {
		t.Errorf("the error document was answered with status %d", status)
	}

	for _, name := range []string{"answer.json", "sesv2.SendEmail.json", "ses.sendEmail.xml", "slakc.500.json"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Start(Config{Answers: dir})
		for _, want := range []string{name + " is not named after an operation", "ses.SendEmail", "ssm.GetParameter", "slack"} {
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: got %v, want %q", name, err, want)
			}
		}
		os.Remove(path)
	}
	if _, err := Start(Config{Answers: filepath.Join(dir, "none")}); err == nil {
		t.Error("no error for a folder that is not there")
	}
}

func TestStatusOfOwnAnswers(t *testing.T) {
	for _, c := range []struct {
		extension, body string
		status          int
	}{
		{".json", `{"MessageId":"1"}`, 200},
		{".json", `{"__type":"MessageRejected","message":"AccessDenied is not why"}`, 400},
		{".json", `{"__type":"AccessDeniedException","message":"m"}`, 403},
		{".json", `{"message":"m", "__type" : "com.amazon.coral.service#AccessDeniedException"}`, 403},
		{".xml", `<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code></Error></ErrorResponse>`, 403},
		{".xml", `<ErrorResponse><Error><Code>NotFound</Code><Message>AuthFailure</Message></Error></ErrorResponse>`, 400},
		{".xml", `<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>`, 403},
		{".xml", `<Response><Errors><Error><Code>AuthFailure</Code></Error></Errors></Response>`, 403},
		{".xml", `<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code></Error></Errors></Response>`, 400},
	} {
		if got := ownAnswer(c.extension, []byte(c.body)).Status; got != c.status {
			t.Errorf("%s is answered with %d, want %d", c.body, got, c.status)
		}
	}
}

func TestEndpoint(t *testing.T) {
	emulator := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte(r.Method + " " + r.URL.Path + " " + r.Host))
	}))
	defer emulator.Close()
	s, _ := start(t, Config{Endpoint: emulator.URL})
	s.Play(Delivery{})
	status, body := send(t, s.URL+"/v2/email/outbound-emails", "ses", "application/json", "", `{"FromEmailAddress":"a@example.com"}`)
	if status != http.StatusTeapot || body != "POST /v2/email/outbound-emails "+strings.TrimPrefix(emulator.URL, "http://") {
		t.Errorf("got %d %s", status, body)
	}
	calls := s.Calls()
	if len(calls) != 1 || calls[0].Status != http.StatusTeapot {
		t.Fatalf("calls: %+v", calls)
	}
	if mail, ok := calls[0].Mail(); !ok || mail.From != "a@example.com" {
		t.Errorf("got %+v", mail)
	}
	emulator.Close()
	if status, body := send(t, s.URL, "ses", "application/json", "", "{}"); status != http.StatusBadGateway || !strings.Contains(body, "does not answer") {
		t.Errorf("an emulator that is gone: %d %s", status, body)
	}
	for _, bad := range []string{"localhost:4566", "%"} {
		if _, err := Start(Config{Endpoint: bad}); err == nil {
			t.Errorf("no error for the endpoint %q", bad)
		}
	}
}
